"""Leases: which station holds which attempt; the greatest token counts."""

import base64
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, and_, col, select

from examrunner.archive.sealing import seal
from examrunner.service.clock import Clock
from examrunner.service.refusals import ConflictError
from examrunner.service.store import documents
from examrunner.service.store.attempts import DELIVERED, attempt_row
from examrunner.service.store.audit import Deed
from examrunner.service.store.confirming import require_confirmed
from examrunner.service.store.database import Database
from examrunner.service.tables import AttemptRow, LeaseRow, StationRow
from examrunner.wire import Lease, LeaseRequest

PACK: Final = "pack/"
"""What the request of a lease begins with that came in an exam pack."""


class Leases:
    """Gives attempts to stations, each to one at a time.

    Args:
        life: How long a lease keeps other stations away from its attempt.
    """

    def __init__(self, database: Database, clock: Clock, life: timedelta) -> None:
        self._database = database
        self._clock = clock
        self._life = life

    def take(self, station: str, request: LeaseRequest) -> Lease | None:
        """The next attempt of this station; None when nothing is planned for it.

        Raises:
            ConflictError: If this request's lease has gone to somebody else since.
        """
        at = self._clock()

        def work(session: Session) -> Lease | None:
            require_confirmed(session, station)
            row = _lease_of_request(session, station, request)
            if row is not None:
                check_holder(session, row.attempt, station, row.token)
                return lease_message(session, row)
            attempt = _next_free(session, station, request, at=at)
            if attempt is None:
                return None
            last = newest_lease(session, attempt.id)
            row = LeaseRow(
                attempt=attempt.id,
                token=last.token + 1 if last else 1,
                station=station,
                request_id=str(request.request_id),
                issued_at=at,
                expires_at=at + self._life,
            )
            session.add(row)
            session.flush()
            return lease_message(session, row)

        return self._database.write(work)

    def renew(self, station: str, attempt: UUID, token: int) -> Lease:
        """Keep other stations away for longer.

        Raises:
            ConflictError: If the attempt went to somebody else, or was freed.
        """
        at = self._clock()

        def work(session: Session) -> Lease:
            row = check_holder(session, str(attempt), station, token)
            row.expires_at = at + self._life
            session.flush()
            return lease_message(session, row)

        return self._database.write(work)

    def free(self, attempt: UUID, *, by: str, reason: str) -> None:
        """Take an attempt away from a station that died with it.

        Raises:
            ConflictError: If no station holds it.
            UnknownError: If there is no such attempt.
        """
        at = self._clock()

        def work(session: Session) -> None:
            attempt_row(session, attempt)
            row = newest_lease(session, str(attempt))
            if row is None or row.ended_at is not None:
                raise ConflictError(
                    "no station holds this attempt.",
                    where=f"attempt {attempt}",
                    remedy="Nothing to do: a station may lease it.",
                )
            row.ended_at = at
            Deed(session, at, by).log(
                "attempt.free",
                str(attempt),
                station=row.station,
                token=row.token,
                reason=reason,
            )

        self._database.write(work)


def take_from(deed: Deed, station: str) -> list[UUID]:
    """Ends what a station holds and has not delivered; another PC takes its place."""
    session = deed.session
    held = session.exec(
        select(LeaseRow)
        .join(AttemptRow, col(AttemptRow.id) == col(LeaseRow.attempt))
        .where(
            LeaseRow.station == station, col(LeaseRow.ended_at).is_(None), ~DELIVERED
        )
        .order_by(col(LeaseRow.attempt))
    ).all()
    taken = [
        row
        for row in held
        if (newest := newest_lease(session, row.attempt)) and newest.token == row.token
    ]
    for row in taken:
        row.ended_at = deed.at
        deed.log(
            "attempt.free",
            row.attempt,
            station=station,
            token=row.token,
            reason="another PC takes the station's place",
        )
    return [UUID(row.attempt) for row in taken]


def newest_lease(session: Session, attempt: str) -> LeaseRow | None:
    """The lease with the greatest token; None if there never was one."""
    return session.exec(
        select(LeaseRow)
        .where(LeaseRow.attempt == attempt)
        .order_by(col(LeaseRow.token).desc())
    ).first()


def check_holder(session: Session, attempt: str, station: str, token: int) -> LeaseRow:
    """The station's lease, if it is the one that counts.

    An expired lease is as good as any until somebody else gets the attempt: a station
    that was offline for a day must not lose its candidate's work.

    Raises:
        ConflictError: If the attempt went to somebody else, or was freed.
    """
    row = newest_lease(session, attempt)
    if row is None or (row.station, row.token) != (station, token) or row.ended_at:
        raise ConflictError(
            "this lease no longer counts: the attempt was freed or given again.",
            where=f"attempt {attempt}, lease {token}",
            remedy="Stop, keep what was recorded, and show it to the examiner.",
        )
    return row


def _lease_of_request(
    session: Session, station: str, request: LeaseRequest
) -> LeaseRow | None:
    return session.exec(
        select(LeaseRow).where(
            LeaseRow.station == station,
            LeaseRow.request_id == str(request.request_id),
        )
    ).first()


def _next_free(
    session: Session, station: str, request: LeaseRequest, *, at: datetime
) -> AttemptRow | None:
    runs = and_(col(LeaseRow.ended_at).is_(None), col(LeaseRow.expires_at) > at)
    held = select(LeaseRow.attempt).where(runs)
    # Nobody sits at two stations at once. What waits in an exam pack is not sat yet.
    busy = (
        select(AttemptRow.candidate)
        .join(LeaseRow, col(LeaseRow.attempt) == col(AttemptRow.id))
        .where(runs, ~DELIVERED, ~col(LeaseRow.request_id).startswith(PACK))
    )
    query = (
        select(AttemptRow)
        .where(
            AttemptRow.station == station,
            ~DELIVERED,
            col(AttemptRow.id).not_in(held),
            col(AttemptRow.candidate).not_in(busy),
        )
        .order_by(col(AttemptRow.id))
    )
    if request.attempt_id is not None:
        query = query.where(AttemptRow.id == str(request.attempt_id))
    if request.task is not None:
        query = query.where(AttemptRow.task == request.task)
    return session.exec(query).first()


def lease_message(session: Session, row: LeaseRow) -> Lease:
    """A lease as a station gets it, in the transaction of the caller."""
    attempt = session.get_one(AttemptRow, row.attempt)
    sheets = {"zh": attempt.sheet_zh, "en": attempt.sheet_en}
    return Lease.model_validate(
        {
            "attempt_id": attempt.id,
            "token": row.token,
            "station": row.station,
            "rig": attempt.rig,
            "candidate": attempt.candidate,
            "task": attempt.task,
            "mode": attempt.mode,
            "variant": attempt.variant,
            "rubric": documents.content_of(session, attempt.rubric).decode(),
            "rubric_digest": attempt.rubric,
            "sheets": {
                language: documents.content_of(session, digest).decode()
                for language, digest in sheets.items()
                if digest
            },
            "case": _sealed_case(session, row, attempt),
            "case_digest": attempt.case,
            "nonce": attempt.nonce,
            "issued_at": row.issued_at,
            "expires_at": row.expires_at,
        }
    )


def _sealed_case(session: Session, row: LeaseRow, attempt: AttemptRow) -> str:
    """The secrets, readable for the station that holds the lease only."""
    station = session.get_one(StationRow, row.station)
    content = documents.content_of(session, attempt.case)
    sealed = seal(content, bytes.fromhex(station.public_key), attempt.id)
    return base64.b64encode(sealed).decode()
