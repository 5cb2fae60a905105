"""Opens the database so that a commit survives a power cut."""

import importlib
import sqlite3
from types import ModuleType
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection

from examrunner.model.errors import DeliveryError

SAFE_SQLITE: Final = (3, 51, 3)
"""Before this, two connections that write and checkpoint at once can corrupt a WAL."""
BUSY_TIMEOUT_S: Final = 5


def open_engine(url: str, *, writes: bool) -> Engine:
    """An engine for the one writer, or for readers.

    Raises:
        DeliveryError: If no SQLite that is safe with a WAL is installed.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(
        url,
        module=_safe_sqlite(),
        pool_size=1 if writes else 8,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        # Transactions begin where we say so; the driver's own rules would start
        # them late and commit them behind our back.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _safe_sqlite() -> ModuleType:
    try:
        module = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        module = sqlite3
    version = tuple(module.sqlite_version_info)
    if version < SAFE_SQLITE:
        raise DeliveryError(
            f"SQLite {'.'.join(map(str, version))} can corrupt the database when two "
            "connections write at once.",
            where=module.__name__,
            remedy="Install pysqlite3 0.6.1 or later, or use PostgreSQL "
            "(EXAMRUNNER_DATABASE_URL).",
        )
    return module
