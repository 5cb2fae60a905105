"""The log of decisions, chained by hash: a changed or missing entry shows."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from examrunner.model.digests import canonical_json, digest_of
from examrunner.service.messages import AuditMessage
from examrunner.service.store.database import Database
from examrunner.service.tables import AuditRow

FIRST_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody does, in one transaction."""

    session: Session
    at: datetime
    by: str

    def log(self, action: str, subject: str, **body: object) -> None:
        """Add an entry about it to the log."""
        query = select(AuditRow).order_by(col(AuditRow.number).desc())
        last = self.session.exec(query).first()
        row = AuditRow(
            number=last.number + 1 if last else 1,
            at=self.at,
            by=self.by,
            action=action,
            subject=subject,
            body=canonical_json(body).decode(),
            hash="",
        )
        row.hash = _hash(row, last.hash if last else FIRST_HASH)
        self.session.add(row)
        self.session.flush()


def _hash(row: AuditRow, previous: str) -> str:
    return digest_of(
        canonical_json(
            [
                previous,
                row.number,
                row.at.isoformat(timespec="microseconds"),
                row.by,
                row.action,
                row.subject,
                row.body,
            ]
        )
    )


class Audit:
    """Reads and checks the log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(self, *, after: int, limit: int) -> list[AuditMessage]:
        """Entries in order."""

        def work(session: Session) -> list[AuditMessage]:
            rows = session.exec(
                select(AuditRow)
                .where(col(AuditRow.number) > after)
                .order_by(col(AuditRow.number))
                .limit(limit)
            )
            return [_message(row) for row in rows]

        return self._database.read(work)

    def head(self) -> AuditMessage | None:
        """The last entry; its hash stands for the whole log."""

        def work(session: Session) -> AuditMessage | None:
            row = session.exec(
                select(AuditRow).order_by(col(AuditRow.number).desc())
            ).first()
            return _message(row) if row else None

        return self._database.read(work)

    def broken_at(self) -> int | None:
        """Number of the first entry that does not fit its chain; None if all do."""

        def work(session: Session) -> int | None:
            previous, expected = FIRST_HASH, 1
            for row in session.exec(select(AuditRow).order_by(col(AuditRow.number))):
                if row.number != expected or row.hash != _hash(row, previous):
                    return expected
                previous, expected = row.hash, expected + 1
            return None

        return self._database.read(work)


def _message(row: AuditRow) -> AuditMessage:
    return AuditMessage(
        number=row.number,
        at=row.at,
        by=row.by,
        action=row.action,
        subject=row.subject,
        body=json.loads(row.body),
        hash=row.hash,
    )
