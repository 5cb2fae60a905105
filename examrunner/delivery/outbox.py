"""What still has to be delivered, on disk until the service holds it."""

import importlib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from examrunner.model.errors import DeliveryError

SAFE_SQLITE: Final = (3, 51, 3)
"""Before this, two connections that write and checkpoint at once can corrupt a WAL."""

TABLE: Final = """
CREATE TABLE IF NOT EXISTS delivery (
    attempt_id TEXT PRIMARY KEY,
    token INTEGER NOT NULL,
    result BLOB NOT NULL,
    packed TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    result_kept INTEGER NOT NULL DEFAULT 0,
    packed_kept INTEGER NOT NULL DEFAULT 0,
    problem TEXT NOT NULL DEFAULT '',
    is_aside INTEGER NOT NULL DEFAULT 0
) STRICT
"""
PROTOCOL_TABLE: Final = """
CREATE TABLE IF NOT EXISTS protocol (
    attempt_id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    problem TEXT NOT NULL DEFAULT ''
) STRICT
"""
COLUMNS: Final = (
    "attempt_id, token, result, packed, sha256, result_kept, packed_kept, problem, "
    "is_aside"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt on its way.

    Attributes:
        attempt_id: Attempt.
        token: Fencing token of its lease.
        result: JSON of the result, exactly these bytes each time.
        packed: The packed recording.
        sha256: Of the packed recording.
        result_kept: Whether the service holds the result.
        packed_kept: Whether the service holds the verified recording.
        problem: What the service last said against it; empty if nothing.
        is_aside: Refused for good: an administrator has to look.
    """

    attempt_id: str
    token: int
    result: bytes
    packed: Path
    sha256: str
    result_kept: bool = False
    packed_kept: bool = False
    problem: str = ""
    is_aside: bool = False

    @property
    def protocol(self) -> Path:
        """What people did and said; grows while examiners judge."""
        return self.packed.with_name("protocol.json")

    @property
    def receipt(self) -> Path:
        """What the service has signed for; there once everything is delivered."""
        return self.packed.with_name("receipt.json")

    @property
    def is_done(self) -> bool:
        """Whether the service holds everything."""
        return self.result_kept and self.packed_kept


class Outbox:
    """Deliveries in a database of their own; each change is durable on return.

    Args:
        path: The database file.
        make_room: Frees room on a full disk; whether it did.

    Raises:
        DeliveryError: If no safe SQLite is installed or the file is damaged.
    """

    def __init__(
        self, path: Path, make_room: Callable[[], bool] = lambda: False
    ) -> None:
        self._make_room = make_room
        module = _safe_sqlite()
        self._lock = threading.Lock()
        self._damage = module.DatabaseError
        self._where = str(path)
        self._connection: Any = module.connect(
            str(path), isolation_level=None, check_same_thread=False, timeout=5
        )
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                self._connection.execute(f"PRAGMA {pragma}")
            healthy = self._connection.execute("PRAGMA quick_check").fetchone()
            self._connection.execute(TABLE)
            self._connection.execute(PROTOCOL_TABLE)
        except self._damage as error:
            raise self._damaged() from error
        if healthy != ("ok",):
            raise self._damaged()

    def add(self, delivery: Delivery) -> None:
        """Keeps a delivery; adding the same one again does nothing."""
        self._run(
            f"INSERT OR IGNORE INTO delivery ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)",
            (
                delivery.attempt_id,
                delivery.token,
                delivery.result,
                str(delivery.packed),
                delivery.sha256,
                delivery.result_kept,
                delivery.packed_kept,
                delivery.problem,
                delivery.is_aside,
            ),
        )

    def waiting(self) -> tuple[Delivery, ...]:
        """What is neither delivered nor set aside, oldest first."""
        return tuple(d for d in self.all() if not (d.is_done or d.is_aside))

    def all(self) -> tuple[Delivery, ...]:
        """Every delivery ever, oldest first."""
        rows = self._run(f"SELECT {COLUMNS} FROM delivery ORDER BY rowid", ())
        return tuple(_delivery(row) for row in rows)

    def result_is_kept(self, attempt_id: str) -> None:
        """The service holds the result."""
        self._set(attempt_id, "result_kept = 1, problem = ''")

    def packed_is_kept(self, attempt_id: str) -> None:
        """The service holds the verified recording."""
        self._set(attempt_id, "packed_kept = 1, problem = ''")

    def deliver_again(self, attempt_id: str) -> None:
        """The service does not hold it after all."""
        self._set(attempt_id, "result_kept = 0, packed_kept = 0")

    def failed(self, attempt_id: str, problem: str) -> None:
        """Not this time."""
        self._run(
            "UPDATE delivery SET problem = ? WHERE attempt_id = ?",
            (problem, attempt_id),
        )

    def set_aside(self, attempt_id: str, problem: str) -> None:
        """The service refuses it for good; nothing is deleted."""
        self._run(
            "UPDATE delivery SET problem = ?, is_aside = 1 WHERE attempt_id = ?",
            (problem, attempt_id),
        )

    def accept(self, attempt_id: str) -> None:
        """Somebody at the service has accepted what it had refused."""
        change = "result_kept = 1, packed_kept = 1, is_aside = 0, problem = ''"
        self._set(attempt_id, change)

    def protocol_settled(self, attempt_id: str) -> str:
        """SHA-256 of the protocol file that was delivered or refused; empty if none."""
        query = "SELECT sha256 FROM protocol WHERE attempt_id = ?"
        rows = self._run(query, (attempt_id,))
        return str(rows[0][0]) if rows else ""

    def settle_protocol(self, attempt_id: str, sha256: str, problem: str = "") -> None:
        """The service holds this protocol file, or refuses it for good."""
        self._run(
            "INSERT OR REPLACE INTO protocol (attempt_id, sha256, problem) "
            "VALUES (?,?,?)",
            (attempt_id, sha256, problem),
        )

    def protocol_problems(self) -> dict[str, str]:
        """What the service refused of protocols, by attempt."""
        query = "SELECT attempt_id, problem FROM protocol WHERE problem != ''"
        return {row[0]: row[1] for row in self._run(query, ())}

    def damage(self) -> str:
        """What a check of every page and index finds; empty if all is sound."""
        found = [row[0] for row in self._run("PRAGMA integrity_check", ())]
        return "" if found == ["ok"] else "; ".join(found[:3])

    def close(self) -> None:
        """Closes the database."""
        with self._lock:
            self._connection.close()

    def _set(self, attempt_id: str, change: str) -> None:
        self._run(f"UPDATE delivery SET {change} WHERE attempt_id = ?", (attempt_id,))

    def _run(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._rows(statement, values)
            except self._damage as error:
                if "full" not in str(error) or not self._make_room():
                    raise self._damaged() from error
            try:
                return self._rows(statement, values)
            except self._damage as error:
                raise self._damaged() from error

    def _rows(
        self, statement: str, values: tuple[object, ...]
    ) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(
            statement, values
        ).fetchall()
        return rows

    def _damaged(self) -> DeliveryError:
        return DeliveryError(
            "the outbox cannot be used.",
            where=self._where,
            remedy="Free disk space, or move the file away; recordings are unharmed.",
        )


def _delivery(row: tuple[Any, ...]) -> Delivery:
    return Delivery(
        attempt_id=row[0],
        token=row[1],
        result=row[2],
        packed=Path(row[3]),
        sha256=row[4],
        result_kept=bool(row[5]),
        packed_kept=bool(row[6]),
        problem=row[7],
        is_aside=bool(row[8]),
    )


def _safe_sqlite() -> ModuleType:
    try:
        module = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        module = sqlite3
    if tuple(module.sqlite_version_info) < SAFE_SQLITE:
        raise DeliveryError(
            f"SQLite {module.sqlite_version} is too old to be safe.",
            where=module.__name__,
            remedy="Install pysqlite3 0.6.1 or later.",
        )
    return module
