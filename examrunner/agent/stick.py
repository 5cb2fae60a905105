"""What a station could not send, to a stick; and what came back on it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from examrunner.agent.identity import read_enrolment, station_key
from examrunner.agent.local_status import OUTBOX_FILE
from examrunner.agent.room import Room
from examrunner.delivery.bundles import folder_on, stick_of, write_bundle
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.delivery.receipts import Receipts
from examrunner.model.errors import DeliveryError
from examrunner.wire import SignedReceipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export did.

    Attributes:
        received: Attempts whose receipts came back on this stick.
        written: Attempts that are on the stick now, and wait.
        problems: What is wrong with a receipt on it, by attempt.
    """

    received: tuple[str, ...]
    written: tuple[str, ...]
    problems: dict[str, str]


def export(data: Path, stick: Path) -> Exported:
    """Takes the receipts from a stick, then copies what is still to be delivered.

    It may be done while the station runs: what is delivered twice has one effect.

    Raises:
        DeliveryError: If the stick is full or broken, or there is no outbox.
    """
    if not (data / OUTBOX_FILE).exists():
        raise DeliveryError(
            "this station has nothing to deliver.",
            where=str(data),
            remedy="Name the folder that the station runs with: --data.",
        )
    enrolment = read_enrolment(data)
    make_room = Room(data=data).reserve.release
    receipts = Receipts(service_key=enrolment.service_key, make_room=make_room)
    with closing(Outbox(data / OUTBOX_FILE, make_room=make_room)) as outbox:
        problems: dict[str, str] = {}
        received = tuple(
            _received(outbox, receipts, stick, enrolment.station, problems)
        )
        waiting = [one for one in outbox.all() if not one.is_done]
        _, key = station_key(data)
        for one in waiting:
            folder = folder_on(stick, enrolment.station, one.attempt_id)
            write_bundle(folder, one, enrolment.station, key)
    return Exported(
        received=received,
        written=tuple(one.attempt_id for one in waiting),
        problems=problems,
    )


def _received(
    outbox: Outbox,
    receipts: Receipts,
    stick: Path,
    station: str,
    problems: dict[str, str],
) -> Iterator[str]:
    """Marks as delivered what a receipt on the stick covers."""
    for delivery in outbox.all():
        path = folder_on(stick, station, delivery.attempt_id).receipt
        if delivery.is_done or not path.exists():
            continue
        try:
            _take(receipts, delivery, path)
        except DeliveryError as error:
            problems[delivery.attempt_id] = error.problem
            continue
        outbox.accept(delivery.attempt_id)
        yield delivery.attempt_id


def _take(receipts: Receipts, delivery: Delivery, path: Path) -> None:
    with stick_of(path):
        content = path.read_bytes()
    try:
        signed = SignedReceipt.model_validate_json(content)
    except ValueError:
        raise DeliveryError(
            "the receipt on the stick is damaged.",
            where=str(path),
            remedy="Deliver the stick once more: that has no second effect.",
        ) from None
    receipts.keep(delivery, signed)
