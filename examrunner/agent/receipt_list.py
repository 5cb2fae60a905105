"""What of a station's work the service has signed for, from its folder alone."""

from pathlib import Path
from typing import Any

from examrunner.agent.local_status import deliveries_of
from examrunner.agent.protocol import ENTRIES
from examrunner.delivery.outbox import Delivery
from examrunner.delivery.receipts import Receipts, covers
from examrunner.model.errors import DeliveryError
from examrunner.model.protocol import head_of
from examrunner.wire import Receipt


def receipts_of(data: Path, service_key: str) -> list[dict[str, Any]]:
    """One entry for each attempt that was put into the outbox.

    Raises:
        DeliveryError: If the outbox cannot be used.
    """
    receipts = Receipts(service_key=service_key)
    return [_listed(delivery, receipts) for delivery in deliveries_of(data)]


def _listed(delivery: Delivery, receipts: Receipts) -> dict[str, Any]:
    try:
        receipt = receipts.kept(delivery.receipt)
    except DeliveryError as error:
        return _entry(delivery, None, error.problem)
    if receipt is None:
        return _entry(delivery, None, "there is no receipt yet.")
    if not covers(receipt, delivery):
        return _entry(delivery, receipt, "the receipt is about something else.")
    return _entry(delivery, receipt, "")


def _entry(delivery: Delivery, said: Receipt | None, problem: str) -> dict[str, Any]:
    held = {} if said is None else said.model_dump(mode="json")
    return {
        "attempt": delivery.attempt_id,
        "covered": not problem,
        "problem": problem,
        "result": held.get("result"),
        "result_at": held.get("result_at"),
        "recording": held.get("packed"),
        "recording_at": held.get("packed_at"),
        "protocol": held.get("protocol"),
        "protocol_covered": held.get("protocol") == _head(delivery),
    }


def _head(delivery: Delivery) -> str | None:
    """Digest of the protocol as it is now; None without one."""
    try:
        return head_of(ENTRIES.validate_json(delivery.protocol.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return "unreadable"
