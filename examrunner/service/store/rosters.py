"""Candidates: the only place where a code meets a name."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from examrunner.content.rosters import RosterEntry
from examrunner.service.clock import Clock
from examrunner.service.identifiers import new_candidate_code
from examrunner.service.messages import CandidateMessage, RosterReport
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.tables import CandidateRow


class Rosters:
    """Reads and writes candidates."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep(
        self, cohort: str, entries: Sequence[RosterEntry], *, by: str
    ) -> RosterReport:
        """Add and correct candidates; who is not listed stays as he is.

        A candidate's code never changes: recordings carry it.
        """
        at = self._clock()

        def work(session: Session) -> RosterReport:
            told = [_keep(session, cohort, entry) for entry in entries]
            report = RosterReport(
                cohort=cohort,
                added=told.count("added"),
                changed=told.count("changed"),
                kept=told.count("kept"),
            )
            Deed(session, at, by).log(
                "roster.keep", cohort, added=report.added, changed=report.changed
            )
            return report

        return self._database.write(work)

    def listed(
        self, *, cohort: str = "", after: str = "", limit: int
    ) -> list[CandidateMessage]:
        """Candidates by code."""

        def work(session: Session) -> list[CandidateMessage]:
            query = (
                select(CandidateRow)
                .where(col(CandidateRow.code) > after)
                .order_by(col(CandidateRow.code))
                .limit(limit)
            )
            if cohort:
                query = query.where(CandidateRow.cohort == cohort)
            return [
                CandidateMessage.model_validate(row.model_dump())
                for row in session.exec(query)
            ]

        return self._database.read(work)


def _keep(session: Session, cohort: str, entry: RosterEntry) -> str:
    row = session.exec(
        select(CandidateRow).where(CandidateRow.student_number == entry.student_number)
    ).first()
    if row is None:
        session.add(
            CandidateRow(
                code=_free_code(session),
                student_number=entry.student_number,
                name=entry.name,
                cohort=cohort,
            )
        )
        session.flush()
        return "added"
    changed = (row.name, row.cohort) != (entry.name, cohort)
    row.name, row.cohort = entry.name, cohort
    return "changed" if changed else "kept"


def _free_code(session: Session) -> str:
    while session.get(CandidateRow, code := new_candidate_code()) is not None:
        continue
    return code
