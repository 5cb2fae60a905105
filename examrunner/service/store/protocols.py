"""Protocols of attempts: each longer version is kept, the longest one counts."""

from collections.abc import Sequence
from typing import Final

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from examrunner.model.decision import Decision
from examrunner.model.protocol import Entry, decisions_in, head_of
from examrunner.service.refusals import ConflictError
from examrunner.service.store.audit import Deed
from examrunner.service.tables import ProtocolRow

ENTRIES: Final = TypeAdapter(tuple[Entry, ...])


def protocol_row(session: Session, attempt: str) -> ProtocolRow | None:
    """The version that counts; None before the first."""
    return session.exec(
        select(ProtocolRow)
        .where(ProtocolRow.attempt == attempt)
        .order_by(col(ProtocolRow.entries).desc())
    ).first()


def protocol_of(session: Session, attempt: str) -> tuple[Entry, ...]:
    """What people did and said, as far as it has arrived."""
    row = protocol_row(session, attempt)
    return ENTRIES.validate_json(row.body) if row else ()


def hall_decisions(session: Session, attempt: str) -> tuple[Decision, ...]:
    """What examiners decided at the station."""
    return decisions_in(protocol_of(session, attempt))


def is_known(session: Session, attempt: str, entries: Sequence[Entry]) -> bool:
    """Whether what is stored is this, or begins with this.

    Raises:
        ConflictError: If neither is the beginning of the other.
    """
    stored = protocol_of(session, attempt)
    shorter = min(len(stored), len(entries))
    if head_of(stored[:shorter]) != head_of(entries[:shorter]):
        raise ConflictError(
            "another protocol of this attempt is stored.",
            where=f"attempt {attempt}",
            remedy="Nothing is lost: both are kept. An examiner decides.",
        )
    return len(entries) <= len(stored)


def append_protocol(
    deed: Deed, attempt: str, entries: Sequence[Entry], by: str
) -> None:
    """Keep a version that is longer than the last one."""
    digest = head_of(entries)
    deed.session.add(
        ProtocolRow(
            attempt=attempt,
            entries=len(entries),
            digest=digest,
            body=ENTRIES.dump_json(tuple(entries)).decode(),
            by=by,
            at=deed.at,
        )
    )
    deed.session.flush()
    deed.log("protocol.keep", attempt, entries=len(entries), digest=digest)
