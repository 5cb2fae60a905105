"""What was refused and kept aside, and what somebody decided about it."""

from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from examrunner.service.clock import Clock
from examrunner.service.evidence import Expected
from examrunner.service.messages import Role
from examrunner.service.quarantine_messages import AsideMessage
from examrunner.service.refusals import ConflictError, UnknownError
from examrunner.service.store.attempts import attempt_row
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.tables import (
    ActorRow,
    AsideDecisionRow,
    AsideRow,
    JobRow,
    RecordingRow,
    ResultRow,
    StationKeyRow,
)

DECIDING: Final = (Role.EXAMINER, Role.CHIEF_EXAMINER)


class Quarantine:
    """Reads what was kept aside and keeps what was decided about it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def listed(self) -> list[AsideMessage]:
        """Everything that was ever kept aside, oldest first."""

        def work(session: Session) -> list[AsideMessage]:
            rows = session.exec(select(AsideRow).order_by(col(AsideRow.number)))
            return [_message(session, row) for row in rows]

        return self._database.read(work)

    def one(self, number: int) -> AsideMessage:
        """One thing that was kept aside.

        Raises:
            UnknownError: If nothing has this number.
        """
        return self._database.read(lambda s: _message(s, _aside_row(s, number)))

    def expected(self, number: int) -> Expected:
        """What a recording that was kept aside has to carry, whoever holds the lease.

        Raises:
            UnknownError: If nothing has this number.
        """

        def work(session: Session) -> Expected:
            aside = _aside_row(session, number)
            row = attempt_row(session, UUID(aside.attempt))
            station = aside.by.removeprefix("station/")
            keys = select(StationKeyRow.public_key).where(
                StationKeyRow.station == station
            )
            return Expected(
                attempt_id=row.id,
                station=station,
                candidate=row.candidate,
                task=row.task,
                nonce=row.nonce,
                public_keys=frozenset(session.exec(keys)),
                packed="",
            )

        return self._database.read(work)

    def reject(self, number: int, *, by: str, reason: str) -> None:
        """Say that it does not count; its bytes are kept all the same.

        Raises:
            ConflictError: If it was decided about.
            UnknownError: If nothing has this number, or nobody who decides this name.
        """
        at = self._clock()

        def work(session: Session) -> None:
            deed = Deed(session, at, by)
            note_decision(deed, number, is_accepted=False, reason=reason)

        self._database.write(work)

    def accept_result(self, number: int, body: str, *, by: str, reason: str) -> None:
        """Let a station's own score count; one that is stored is kept aside instead.

        Raises:
            ConflictError: If it was decided about.
            UnknownError: If nothing has this number, or nobody who decides this name.
        """
        at = self._clock()

        def work(session: Session) -> None:
            deed = Deed(session, at, by)
            aside = note_decision(deed, number, is_accepted=True, reason=reason)
            stored = session.get(ResultRow, aside.attempt)
            if stored is None:
                stored = ResultRow(attempt=aside.attempt, digest="", body="", at=at)
            elif stored.digest != aside.digest:
                put_aside(deed, _replaced(deed, aside, stored.digest))
            stored.digest, stored.body, stored.at = aside.digest, body, at
            session.add(stored)
            session.flush()

        self._database.write(work)

    def accept_recording(
        self, number: int, *, size: int, digest: str, by: str, reason: str
    ) -> None:
        """Let a verified recording count, and judge it.

        One that is stored is kept aside instead.

        Raises:
            ConflictError: If it was decided about.
            UnknownError: If nothing has this number, or nobody who decides this name.
        """
        at = self._clock()

        def work(session: Session) -> None:
            deed = Deed(session, at, by)
            aside = note_decision(deed, number, is_accepted=True, reason=reason)
            stored = session.get(RecordingRow, aside.attempt)
            if stored is None:
                stored = RecordingRow(
                    attempt=aside.attempt, packed="", size=0, digest="", at=at
                )
            elif stored.packed != aside.digest:
                put_aside(deed, _replaced(deed, aside, stored.packed))
            stored.packed, stored.size = aside.digest, size
            stored.digest, stored.at = digest, at
            session.add(stored)
            session.add(JobRow(attempt=aside.attempt, by=by, asked_at=at))
            session.flush()
            deed.log(
                "recording.keep", aside.attempt, packed=aside.digest, digest=digest
            )

        self._database.write(work)


def put_aside(deed: Deed, row: AsideRow) -> None:
    """Note that something is kept aside; the same thing once."""
    session = deed.session
    known = session.exec(
        select(AsideRow).where(
            AsideRow.attempt == row.attempt,
            AsideRow.kind == row.kind,
            AsideRow.digest == row.digest,
            AsideRow.reason == row.reason,
        )
    ).first()
    if known is not None:
        return
    session.add(row)
    session.flush()
    deed.log(f"{row.kind}.refuse", row.attempt, digest=row.digest, reason=row.reason)


def note_decision(
    deed: Deed, number: int, *, is_accepted: bool, reason: str
) -> AsideRow:
    """Keep a decision, in the transaction of the caller; what it is about.

    Raises:
        ConflictError: If it was decided about.
        UnknownError: If nothing has this number, or nobody who decides this name.
    """
    session = deed.session
    _check_may_decide(session, deed.by)
    row = _aside_row(session, number)
    if session.get(AsideDecisionRow, number) is not None:
        raise ConflictError(
            f"somebody has decided about number {number} already.",
            where="quarantine",
            remedy=f"Read what: examrunner service quarantine show {number}.",
        )
    session.add(
        AsideDecisionRow(
            aside=number,
            is_accepted=is_accepted,
            by=deed.by,
            reason=reason,
            at=deed.at,
        )
    )
    session.flush()
    action = "quarantine.accept" if is_accepted else "quarantine.reject"
    deed.log(
        action,
        row.attempt,
        number=number,
        kind=row.kind,
        digest=row.digest,
        reason=reason,
    )
    return row


def _replaced(deed: Deed, aside: AsideRow, digest: str) -> AsideRow:
    return AsideRow(
        attempt=aside.attempt,
        kind=aside.kind,
        digest=digest,
        reason=f"it was stored until number {aside.number} was accepted.",
        by=aside.by,
        at=deed.at,
    )


def _check_may_decide(session: Session, name: str) -> None:
    row = session.get(ActorRow, name)
    if row is None or row.role not in DECIDING:
        raise UnknownError(
            f"no examiner is called {name}.",
            where="--by",
            remedy="Name the examiner or chief examiner who decides.",
        )


def _aside_row(session: Session, number: int) -> AsideRow:
    row = session.get(AsideRow, number)
    if row is None:
        raise UnknownError(
            f"nothing in quarantine has number {number}.",
            where="quarantine",
            remedy="List what is there: examrunner service quarantine list --all.",
        )
    return row


def _is_held(session: Session, row: AsideRow) -> bool:
    """Whether the same bytes came again and counted, as after a late repetition."""
    result = session.get(ResultRow, row.attempt)
    recording = session.get(RecordingRow, row.attempt)
    return (row.kind, row.digest) in {
        ("result", result.digest if result else ""),
        ("recording", recording.packed if recording else ""),
    }


def _message(session: Session, row: AsideRow) -> AsideMessage:
    number = row.number or 0
    decided = session.get(AsideDecisionRow, number)
    return AsideMessage(
        number=number,
        attempt=UUID(row.attempt),
        kind=row.kind,
        digest=row.digest,
        problem=row.reason,
        came_from=row.by,
        at=row.at,
        is_accepted=decided.is_accepted if decided else None,
        is_held=_is_held(session, row),
        decided_by=decided.by if decided else "",
        reason=decided.reason if decided else "",
        decided_at=decided.at if decided else None,
    )
