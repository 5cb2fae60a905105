"""Exam packs: everything of a day at one station, signed, with its leases."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from examrunner.model.digests import canonical_json
from examrunner.service.clock import Clock
from examrunner.service.identifiers import uuid7
from examrunner.service.messages import PackMessage, PackRequest
from examrunner.service.refusals import UnknownError
from examrunner.service.store import documents
from examrunner.service.store.attempts import DELIVERED
from examrunner.service.store.audit import Deed
from examrunner.service.store.confirming import require_confirmed
from examrunner.service.store.database import Database
from examrunner.service.store.leases import PACK, lease_message, newest_lease
from examrunner.service.store.signing import signing_key
from examrunner.service.tables import (
    AttemptRow,
    CandidateRow,
    ExamRow,
    LeaseRow,
    PackRow,
    StationRow,
)
from examrunner.wire import (
    ExamPack,
    PackCandidate,
    PackExaminer,
    SignedPack,
    pack_text,
)


class Packs:
    """Makes and hands out exam packs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def issue(
        self,
        exam: str,
        request: PackRequest,
        examiners: Sequence[PackExaminer],
        *,
        by: str,
    ) -> list[PackMessage]:
        """A pack for every station that has attempts of the exam left.

        What a station holds already stays where it is: it finishes it and delivers.

        Raises:
            UnknownError: If there is no such exam, or nothing of it is left.
        """
        at = self._clock()

        def work(session: Session) -> list[PackMessage]:
            row = session.get(ExamRow, exam)
            if row is None:
                raise _no_exam(exam)
            free = [
                attempt
                for attempt in _left(session, exam)
                if _is_free(session, attempt, at, replace=request.replace)
            ]
            stations = sorted({attempt.station for attempt in free})
            if not stations:
                raise _nothing_left(exam)
            for station in stations:
                require_confirmed(session, station)
            return [
                _issued(
                    Deed(session, at, by),
                    row,
                    session.get_one(StationRow, station),
                    [attempt for attempt in free if attempt.station == station],
                    request,
                    examiners,
                    number,
                )
                for number, station in enumerate(stations)
            ]

        return self._database.write(work)

    def newest(self, station: str) -> SignedPack | None:
        """The last pack of a station that is still good; None without one."""
        at = self._clock()

        def work(session: Session) -> SignedPack | None:
            row = session.exec(
                select(PackRow)
                .where(PackRow.station == station, col(PackRow.not_after) > at)
                .order_by(col(PackRow.issued_at).desc(), col(PackRow.id).desc())
            ).first()
            if row is None:
                return None
            content = documents.content_of(session, row.document)
            return SignedPack.model_validate_json(content)

        return self._database.read(work)


def _left(session: Session, exam: str) -> Sequence[AttemptRow]:
    query = select(AttemptRow).where(AttemptRow.exam == exam, ~DELIVERED)
    return session.exec(query.order_by(col(AttemptRow.id))).all()


def _is_free(
    session: Session, attempt: AttemptRow, at: datetime, *, replace: bool
) -> bool:
    """Whether no station works on it, nor has it in a pack that is still good."""
    lease = newest_lease(session, attempt.id)
    if lease is None or lease.ended_at is not None or lease.expires_at <= at:
        return True
    return replace and lease.request_id.startswith(PACK)


def _issued(
    deed: Deed,
    exam: ExamRow,
    station: StationRow,
    attempts: Sequence[AttemptRow],
    request: PackRequest,
    examiners: Sequence[PackExaminer],
    number: int,
) -> PackMessage:
    session = deed.session
    identifier = uuid7(deed.at, number)
    pack = ExamPack(
        id=identifier,
        exam=exam.id,
        title=exam.title,
        station=station.name,
        generation=station.generation,
        issued_at=deed.at,
        not_before=request.not_before,
        not_after=request.not_after,
        candidates=_candidates(session, exam.id),
        examiners=list(examiners),
        leases=[
            lease_message(session, _leased(deed, attempt, identifier, request))
            for attempt in attempts
        ],
    )
    document = documents.keep(session, _signed(session, pack), "application/json")
    session.add(
        PackRow(
            id=str(identifier),
            exam=exam.id,
            station=station.name,
            document=document,
            issued_at=deed.at,
            not_after=request.not_after,
        )
    )
    session.flush()
    deed.log("pack.issue", str(identifier), station=station.name, sha256=document)
    return PackMessage(id=identifier, station=station.name, attempts=len(attempts))


def _leased(
    deed: Deed, attempt: AttemptRow, pack: UUID, request: PackRequest
) -> LeaseRow:
    last = newest_lease(deed.session, attempt.id)
    row = LeaseRow(
        attempt=attempt.id,
        token=last.token + 1 if last else 1,
        station=attempt.station,
        request_id=f"{PACK}{pack}/{attempt.id}",
        issued_at=deed.at,
        expires_at=request.not_after,
    )
    deed.session.add(row)
    deed.session.flush()
    return row


def _candidates(session: Session, exam: str) -> list[PackCandidate]:
    query = (
        select(CandidateRow)
        .join(AttemptRow, col(AttemptRow.candidate) == col(CandidateRow.code))
        .where(AttemptRow.exam == exam)
        .distinct()
        .order_by(col(CandidateRow.code))
    )
    return [PackCandidate(code=row.code, name=row.name) for row in session.exec(query)]


def _signed(session: Session, pack: ExamPack) -> bytes:
    said = json.loads(pack.model_dump_json())
    signature = signing_key(session).sign(pack_text(said)).hex()
    return canonical_json({"pack": said, "signature": signature})


def _no_exam(exam: str) -> UnknownError:
    return UnknownError(
        f"no exam has the id {exam}.", where="exam", remedy="GET exams lists them."
    )


def _nothing_left(exam: str) -> UnknownError:
    return UnknownError(
        "every attempt of this exam is delivered, or a station works on it.",
        where=f"exam {exam}",
        remedy="Free the attempts that a station will not finish.",
    )
