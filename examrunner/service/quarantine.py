"""Letting count what was refused and kept: a person decides, the machine verifies.

A lease that was lost, or something else that was stored first, can be overruled. That
a recording is whole, signed by its station and made for this attempt cannot.
"""

import json
from pathlib import Path

from examrunner.model.errors import RecordingError
from examrunner.service.evidence import verify
from examrunner.service.quarantine_messages import AsideMessage
from examrunner.service.receiving import check_protocol
from examrunner.service.refusals import UnusableError
from examrunner.service.shelf import Shelf
from examrunner.service.store import Store
from examrunner.service.store.protocols import ENTRIES
from examrunner.service.worker import Worker


def bytes_of(shelf: Shelf, aside: AsideMessage) -> Path | None:
    """Where the bytes lie; None if what arrived does not have its own digest."""
    return shelf.aside_of(aside.attempt, aside.digest)


def accept(
    store: Store, shelf: Shelf, reader: Worker, number: int, *, by: str, reason: str
) -> None:
    """Let something count that was kept aside.

    Raises:
        ConflictError: If it was decided about, or another protocol is stored.
        UnknownError: If nothing has this number, or nobody who decides this name.
        UnusableError: If it is damaged or forged.
    """
    aside = store.quarantine.one(number)
    path = bytes_of(shelf, aside)
    if path is None:
        raise _unusable(number, "its bytes did not arrive whole.")
    match aside.kind:
        case "recording":
            digest = _verified(store, reader, aside, path)
            size = shelf.adopt(path, aside.digest)
            store.quarantine.accept_recording(
                number, size=size, digest=digest, by=by, reason=reason
            )
        case "result":
            body = path.read_text("utf-8")
            store.quarantine.accept_result(number, body, by=by, reason=reason)
        case _:
            _accept_protocol(store, aside, path, by=by, reason=reason)


def _accept_protocol(
    store: Store, aside: AsideMessage, path: Path, *, by: str, reason: str
) -> None:
    entries = ENTRIES.validate_python(json.loads(path.read_bytes())["entries"])
    try:
        check_protocol(aside.attempt, entries)
    except UnusableError as error:
        raise _unusable(aside.number, error.problem) from None
    store.scores.accept_protocol(
        aside.number, aside.attempt, entries, by=by, reason=reason
    )


def _verified(store: Store, reader: Worker, aside: AsideMessage, path: Path) -> str:
    try:
        return reader.ask(verify, path, store.quarantine.expected(aside.number))
    except RecordingError as error:
        raise _unusable(aside.number, error.problem) from None


def _unusable(number: int, why: str) -> UnusableError:
    return UnusableError(
        f"number {number} cannot count: {why}",
        where="quarantine",
        remedy="Reject it with this as the reason; its bytes are kept.",
    )


def content_of(shelf: Shelf, aside: AsideMessage) -> str:
    """What a person reads of a message that was kept aside; empty for recordings."""
    path = bytes_of(shelf, aside)
    if path is None or aside.kind == "recording":
        return ""
    return path.read_text("utf-8")
