"""Delivers what stations exported, from any PC that reaches the service.

This PC has no secret of its own: the station's signature opens the routes of its
attempt, for the bytes that it names and for nothing else.
"""

import base64
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from examrunner.archive.durable import write_durably
from examrunner.delivery.bundles import ENTRIES, BundleFolder, folders_on, stick_of
from examrunner.delivery.refused import RefusedError
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError
from examrunner.wire import (
    BUNDLE_SCHEME,
    AttemptProtocol,
    Bundle,
    Receipt,
    SignedBundle,
)

Outcome = Literal["delivered", "quarantine", "torn", "failed"]
Open = Callable[[str], ServiceClient]
"""A client with this authorization."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """What became of one attempt on a stick.

    Attributes:
        attempt: Name of its folder.
        station: Whose it is.
        problem: Why it is not delivered; empty if it is.
        remedy: What to do; empty if nothing.
    """

    attempt: str
    station: str
    outcome: Outcome
    problem: str = ""
    remedy: str = ""


def client_for(address: str) -> Open:
    """Clients of a service, one for each bundle."""
    return lambda told: ServiceClient(address, token=told, scheme=BUNDLE_SCHEME)


def deliver_all(stick: Path, opened: Open) -> tuple[Forwarded, ...]:
    """Delivers everything on a stick; each receipt is put beside what it is about.

    Raises:
        DeliveryError: If there is nothing on it.
    """
    return tuple(_deliver(folder, opened) for folder in folders_on(stick))


def _deliver(folder: BundleFolder, opened: Open) -> Forwarded:
    def told(outcome: Outcome, error: DeliveryError | None = None) -> Forwarded:
        return Forwarded(
            attempt=folder.path.name,
            station=folder.path.parent.name,
            outcome=outcome,
            problem="" if error is None else error.problem,
            remedy="" if error is None else error.remedy,
        )

    try:
        bundle, signed = folder.read()
    except DeliveryError as error:
        return told("torn", error)
    try:
        with closing(opened(_authorization(signed))) as client:
            refusal = _send(client, folder, bundle)
            return told("quarantine", refusal) if refusal else told("delivered")
    except DeliveryError as error:
        return told("failed", error)


def _authorization(signed: SignedBundle) -> str:
    return base64.b64encode(signed.model_dump_json().encode()).decode()


def _send(
    client: ServiceClient, folder: BundleFolder, bundle: Bundle
) -> RefusedError | None:
    """Everything, also after a refusal: the service keeps what it refuses."""
    attempt = str(bundle.attempt_id)
    with stick_of(folder.path):
        result = folder.result.read_bytes()
        refusals = [_refused(lambda: client.put_result(attempt, result))]
        if bundle.protocol is not None:
            entries = ENTRIES.validate_json(folder.protocol.read_bytes())
            protocol = AttemptProtocol.model_validate(
                {"token": bundle.token, "entries": ENTRIES.dump_python(entries)}
            )
            refusals.append(_refused(lambda: client.put_protocol(attempt, protocol)))
        refusals.append(
            _refused(
                lambda: client.upload(
                    attempt, bundle.token, bundle.packed, folder.recording
                )
            )
        )
        receipt = client.receipt(attempt)
        held = Receipt.model_validate(receipt.receipt)
        if (held.result, held.packed) == (bundle.result, bundle.packed):
            write_durably(folder.receipt, receipt.model_dump_json().encode())
    return next((one for one in refusals if one is not None), None)


def _refused(send: Callable[[], object]) -> RefusedError | None:
    try:
        send()
    except RefusedError as error:
        return error
    return None
