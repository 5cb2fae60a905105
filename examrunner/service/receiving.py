"""What stations deliver, on its way to the shelf and into the store."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from examrunner.model.digests import digest_of
from examrunner.model.errors import RecordingError
from examrunner.model.protocol import DECIDING, Entry, is_chain
from examrunner.service.actors import Actor
from examrunner.service.context import Service
from examrunner.service.evidence import Expected, verify
from examrunner.service.refusals import (
    ConflictError,
    OffsetError,
    RefusalError,
    UnusableError,
)
from examrunner.service.resitting import plan_resit
from examrunner.service.worker import ChildLostError
from examrunner.wire import AttemptProtocol, ProvisionalResult, Receipt, result_body

HIGHEST_LEVEL: Final = 3
"""Of an item that people judge."""


def receive_result(
    service: Service, attempt: UUID, actor: Actor, message: ProvisionalResult
) -> Receipt:
    """Keep a station's own score; one that is refused is kept aside.

    Raises:
        ConflictError: If another result is stored, or the lease does not count.
    """
    body = result_body(message)
    digest = digest_of(body)
    held = service.store.deliveries.receipt(attempt)
    if held.result == digest:
        plan_resit(service, attempt, by=f"station/{actor.station}")
        return held  # also where a late copy of the request comes from an older start
    station = actor.station
    try:
        service.store.starts.check(station, actor.start)
        kept = service.store.deliveries.keep_result(
            attempt,
            station=station,
            token=message.token,
            digest=digest,
            body=body.decode(),
        )
    except ConflictError as refusal:
        service.shelf.keep_aside(attempt, digest, body)
        service.store.deliveries.note_aside(
            attempt,
            kind="result",
            digest=digest,
            by=f"station/{station}",
            refusal=refusal,
        )
        raise
    plan_resit(service, attempt, by=f"station/{station}")
    service.live.touch(str(attempt))
    return kept


def receive_protocol(
    service: Service, attempt: UUID, actor: Actor, message: AttemptProtocol
) -> Receipt:
    """Keep what people said at the station; what is refused is kept aside.

    Raises:
        ConflictError: If another protocol is stored, or the lease does not count.
        UnusableError: If it was changed on its way, or decides what cannot be.
    """
    body = message.model_dump_json(exclude={"token"})
    entries = tuple(Entry(**dict(entry)) for entry in message.entries)
    if service.store.scores.knows_protocol(attempt, entries):
        return service.store.deliveries.receipt(attempt)
    station = actor.station
    try:
        service.store.starts.check(station, actor.start)
        check_protocol(attempt, entries)
        service.store.scores.keep_protocol(
            attempt, entries, station=station, token=message.token
        )
    except (ConflictError, UnusableError) as refusal:
        digest = digest_of(body.encode())
        service.shelf.keep_aside(attempt, digest, body.encode())
        service.store.deliveries.note_aside(
            attempt,
            kind="protocol",
            digest=digest,
            by=f"station/{station}",
            refusal=refusal,
        )
        raise
    service.live.touch(str(attempt))
    return service.store.deliveries.receipt(attempt)


def check_protocol(attempt: UUID, entries: Sequence[Entry]) -> None:
    """Whether a protocol is as it was written, and its marks can be given.

    Raises:
        UnusableError: If not.
    """
    where, remedy = f"attempt {attempt}", "It is kept aside. Ask the chief examiner."
    if not is_chain(entries):
        raise UnusableError(
            "the protocol was changed after it was written.", where=where, remedy=remedy
        )
    for entry in entries:
        if entry.what in DECIDING and not _decides(entry.said):
            raise UnusableError(
                f"entry {entry.number} of the protocol decides nothing.",
                where=where,
                remedy=remedy,
            )


def _decides(said: Mapping[str, object]) -> bool:
    words = (said.get("criterion"), said.get("reason"))
    level, confirm = said.get("level"), said.get("confirm")
    is_level = type(level) is int and 0 <= level <= HIGHEST_LEVEL
    return all(isinstance(word, str) for word in words) and (
        is_level or isinstance(confirm, bool)
    )


def upload_offset(service: Service, attempt: UUID, sha256: str) -> tuple[int, bool]:
    """Bytes kept of an upload, and whether it is verified and stored."""
    receipt = service.store.deliveries.receipt(attempt)
    if receipt.packed == sha256:
        return service.shelf.path_of(sha256).stat().st_size, True
    return service.shelf.size_of(attempt, sha256), False


def receive_piece(
    service: Service,
    attempt: UUID,
    actor: Actor,
    sha256: str,
    *,
    token: int,
    offset: int,
    length: int,
    piece: bytes,
) -> Receipt | int:
    """Keep a piece: the receipt once the whole is verified, else the new offset.

    Raises:
        ConflictError: If the lease does not count, the offset is not where the file
            ends, or another recording is stored.
        UnusableError: If the whole is not what it says, or not genuine.
    """
    with service.shelf.lock(attempt):
        receipt = service.store.deliveries.receipt(attempt)
        if receipt.packed == sha256:
            return receipt
        expected = _expected(service, attempt, actor, token)
        if isinstance(expected, ConflictError) and service.shelf.aside_of(
            attempt, sha256
        ):
            raise expected
        kept = service.shelf.append(
            attempt, sha256, offset=offset, length=length, piece=piece
        )
        if kept < length:
            return kept
        return _finish(service, attempt, actor.station, sha256, expected)


def _expected(
    service: Service, attempt: UUID, actor: Actor, token: int
) -> Expected | ConflictError:
    """What to check against, or why the whole is kept aside once it is here."""
    try:
        service.store.starts.check(actor.station, actor.start)
        expected = service.store.deliveries.expected(
            attempt, station=actor.station, token=token
        )
    except ConflictError as refusal:
        return refusal
    if expected.packed:
        return ConflictError(
            "another recording of this attempt is stored.",
            where=f"attempt {attempt}",
            remedy="Nothing is lost: both are kept. An examiner decides.",
        )
    return expected


def _finish(
    service: Service,
    attempt: UUID,
    station: str,
    sha256: str,
    expected: Expected | ConflictError,
) -> Receipt:
    size = service.shelf.size_of(attempt, sha256)
    try:
        digest = _verified(service, attempt, sha256, expected)
    except RefusalError as refusal:
        service.shelf.put_aside(attempt, sha256)
        service.store.deliveries.note_aside(
            attempt,
            kind="recording",
            digest=sha256,
            by=f"station/{station}",
            refusal=refusal,
        )
        raise
    service.shelf.put_away(attempt, sha256)
    kept = service.store.deliveries.keep_recording(
        attempt, by=f"station/{station}", packed=sha256, size=size, digest=digest
    )
    service.live.touch(str(attempt))
    service.jobs.wake()
    return kept


def _verified(
    service: Service, attempt: UUID, sha256: str, expected: Expected | ConflictError
) -> str:
    if isinstance(expected, ConflictError):
        raise expected
    if not service.shelf.holds_what_it_says(attempt, sha256):
        raise OffsetError(
            "the bytes that arrived do not have the announced SHA-256.",
            where=f"attempt {attempt}",
            remedy="Send it again from the beginning.",
            offset=0,
        )
    path = service.shelf.uploading(attempt, sha256)
    try:
        return service.reader.ask(verify, path, expected)
    except ChildLostError:
        # Perhaps the machine was busy: the upload stays, the station asks again.
        raise
    except RecordingError as error:
        raise UnusableError(
            error.problem, where=error.where, remedy=error.remedy
        ) from None
