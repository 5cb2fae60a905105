"""Whether rows are still what the log and their own digests say."""

import json
from collections.abc import Iterator

from sqlmodel import Session, select

from examrunner.model.digests import digest_of
from examrunner.model.protocol import head_of, is_chain
from examrunner.service.store.database import Database
from examrunner.service.store.protocols import ENTRIES
from examrunner.service.tables import (
    AuditRow,
    DocumentRow,
    JudgementsRow,
    ProtocolRow,
    ResultRow,
    ScoreRow,
)


def changed_rows(database: Database) -> tuple[str, ...]:
    """One sentence for each document, result or score that is not as it was."""

    def work(session: Session) -> tuple[str, ...]:
        return (
            *_documents(session),
            *_results(session),
            *_protocols(session),
            *_scores(session),
        )

    return database.read(work)


def _documents(session: Session) -> Iterator[str]:
    for row in session.exec(select(DocumentRow)):
        if digest_of(row.content) != row.digest:
            yield f"document {row.digest} was changed."


def _results(session: Session) -> Iterator[str]:
    for row in session.exec(select(ResultRow)):
        if digest_of(row.body.encode()) != row.digest:
            yield f"the station's result of attempt {row.attempt} was changed."


def _protocols(session: Session) -> Iterator[str]:
    for row in session.exec(select(ProtocolRow)):
        entries = ENTRIES.validate_json(row.body)
        if not is_chain(entries) or head_of(entries) != row.digest:
            yield f"the protocol of attempt {row.attempt} was changed."


def _scores(session: Session) -> Iterator[str]:
    logged = select(AuditRow).where(AuditRow.action == "score.append")
    for entry in session.exec(logged):
        body = json.loads(entry.body)
        score = session.get(ScoreRow, (entry.subject, body["number"]))
        if score is None or not _is_as_logged(session, score, body):
            yield f"score {body['number']} of attempt {entry.subject} was changed."


def _is_as_logged(session: Session, score: ScoreRow, body: dict[str, object]) -> bool:
    judgements = session.get(JudgementsRow, score.judgements)
    return (
        judgements is not None
        and digest_of(score.body.encode()) == body["score"]
        and digest_of(judgements.body.encode()) == body["judgements"]
        and (score.low, score.high) == (body["low"], body["high"])
        and score.verdict == body["verdict"]
    )
