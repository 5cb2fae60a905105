"""What stations delivered: results, recordings, and what was refused."""

import json
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from examrunner.service.clock import Clock
from examrunner.service.evidence import Expected
from examrunner.service.refusals import ConflictError, RefusalError
from examrunner.service.store.attempts import attempt_row
from examrunner.service.store.audit import Deed
from examrunner.service.store.database import Database
from examrunner.service.store.leases import check_holder, newest_lease
from examrunner.service.store.protocols import protocol_row
from examrunner.service.store.quarantine import put_aside
from examrunner.service.store.signing import signing_key
from examrunner.service.tables import (
    AsideRow,
    JobRow,
    LeaseRow,
    RecordingRow,
    ResultRow,
    StationRow,
)
from examrunner.wire import Receipt, SignedReceipt, receipt_text


class Deliveries:
    """Reads and writes what stations delivered."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep_result(
        self, attempt: UUID, *, station: str, token: int, digest: str, body: str
    ) -> Receipt:
        """Keep a station's own score.

        Raises:
            ConflictError: If another result is stored, or the lease does not count.
        """
        at = self._clock()

        def work(session: Session) -> Receipt:
            attempt_row(session, attempt)
            row = session.get(ResultRow, str(attempt))
            if row is not None and row.digest == digest:
                return receipt(session, attempt)
            check_holder(session, str(attempt), station, token)
            if row is not None:
                raise ConflictError(
                    "another result of this attempt is stored.",
                    where=f"attempt {attempt}",
                    remedy="Nothing is lost: both are kept. An examiner decides.",
                )
            session.add(
                ResultRow(attempt=str(attempt), digest=digest, body=body, at=at)
            )
            session.flush()
            return receipt(session, attempt)

        return self._database.write(work)

    def expected(self, attempt: UUID, *, station: str, token: int) -> Expected:
        """What to check a recording against, for the station that holds the lease.

        Raises:
            ConflictError: If the lease does not count.
        """

        def work(session: Session) -> Expected:
            row = attempt_row(session, attempt)
            check_holder(session, str(attempt), station, token)
            kept = session.get(RecordingRow, str(attempt))
            return Expected(
                attempt_id=row.id,
                station=station,
                candidate=row.candidate,
                task=row.task,
                nonce=row.nonce,
                public_keys=frozenset(
                    {session.get_one(StationRow, station).public_key}
                ),
                packed=kept.packed if kept else "",
            )

        return self._database.read(work)

    def keep_recording(
        self, attempt: UUID, *, by: str, packed: str, size: int, digest: str
    ) -> Receipt:
        """Say that a verified recording is on disk, and have it judged.

        What its station voided, for example after a rig fault, is not judged: a rig's
        failure is never a candidate's zero.
        """
        at = self._clock()

        def work(session: Session) -> Receipt:
            if session.get(RecordingRow, str(attempt)) is None:
                session.add(
                    RecordingRow(
                        attempt=str(attempt),
                        packed=packed,
                        size=size,
                        digest=digest,
                        at=at,
                    )
                )
                if not _is_void(session, attempt):
                    session.add(JobRow(attempt=str(attempt), by=by, asked_at=at))
                session.flush()
                Deed(session, at, by).log(
                    "recording.keep", str(attempt), packed=packed, digest=digest
                )
            return receipt(session, attempt)

        return self._database.write(work)

    def note_aside(
        self, attempt: UUID, *, kind: str, digest: str, by: str, refusal: RefusalError
    ) -> None:
        """Log that something was refused and kept aside; once, however often."""
        at = self._clock()
        row = AsideRow(
            attempt=str(attempt),
            kind=kind,
            digest=digest,
            reason=refusal.problem,
            by=by,
            at=at,
        )

        def work(session: Session) -> None:
            put_aside(Deed(session, at, by), row.model_copy())

        self._database.write(work)

    def receipt(self, attempt: UUID) -> Receipt:
        """What is held of an attempt."""
        return self._database.read(lambda session: receipt(session, attempt))

    def signed_receipt(self, attempt: UUID) -> SignedReceipt:
        """What is held of an attempt, for a station to keep."""

        def work(session: Session) -> SignedReceipt:
            said = receipt(session, attempt).model_dump(mode="json")
            signature = signing_key(session).sign(receipt_text(said)).hex()
            return SignedReceipt(receipt=said, signature=signature)

        # Writes only if the service never had to sign before.
        return self._database.write(work)

    def holder(self, attempt: UUID) -> str:
        """The station that has, or had last, the attempt; empty if none ever had.

        Raises:
            UnknownError: If there is no such attempt.
        """

        def work(session: Session) -> str:
            attempt_row(session, attempt)
            row = newest_lease(session, str(attempt))
            return row.station if row else ""

        return self._database.read(work)

    def keys_of(self, attempt: UUID) -> frozenset[str]:
        """Public keys of the stations that ever held the attempt, hexadecimal.

        Raises:
            UnknownError: If there is no such attempt.
        """

        def work(session: Session) -> frozenset[str]:
            attempt_row(session, attempt)
            query = (
                select(StationRow.public_key)
                .join(LeaseRow, col(LeaseRow.station) == col(StationRow.name))
                .where(LeaseRow.attempt == str(attempt), StationRow.public_key != "")
            )
            return frozenset(session.exec(query))

        return self._database.read(work)

    def packed_of(self, attempt: UUID) -> tuple[str, datetime] | None:
        """SHA-256 of an attempt's stored recording and when it came; None without."""

        def work(session: Session) -> tuple[str, datetime] | None:
            row = session.get(RecordingRow, str(attempt))
            return (row.packed, row.at) if row else None

        return self._database.read(work)

    def all_packed(self) -> list[tuple[str, int]]:
        """SHA-256 and size of every stored recording."""

        def work(session: Session) -> list[tuple[str, int]]:
            rows = session.exec(select(RecordingRow))
            return [(row.packed, row.size) for row in rows]

        return self._database.read(work)


def _is_void(session: Session, attempt: UUID) -> bool:
    """Whether the result, which comes before the recording, says that."""
    row = session.get(ResultRow, str(attempt))
    return row is not None and json.loads(row.body).get("is_void") is True


def receipt(session: Session, attempt: UUID) -> Receipt:
    """What is held of an attempt, in the transaction of the caller."""
    result = session.get(ResultRow, str(attempt))
    recording = session.get(RecordingRow, str(attempt))
    protocol = protocol_row(session, str(attempt))
    return Receipt(
        attempt_id=attempt,
        result=result.digest if result else None,
        result_at=result.at if result else None,
        packed=recording.packed if recording else None,
        packed_at=recording.at if recording else None,
        protocol=protocol.digest if protocol else None,
        protocol_at=protocol.at if protocol else None,
    )
