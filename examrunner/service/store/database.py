"""Whole transactions: one writer that commits in groups, any number of readers."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from sqlmodel import Session, SQLModel, select

from examrunner.model.errors import DeliveryError
from examrunner.service import tables
from examrunner.service.store.engine import open_engine

SCHEMA_VERSION: Final = "1"
GROUP_LIMIT: Final = 64
"""Most transactions that share one fsync."""
ANSWER_TIMEOUT_S: Final = 30

Outcome = TypeVar("Outcome")
Work = Callable[[Session], Outcome]
_Entry = tuple[Work[Any], Future[Any]]


class Database:
    """Runs pieces of work, each as a transaction of its own.

    A piece of work must be safe to abandon: it touches nothing but its session. It is
    acknowledged after the commit that holds it is on disk.

    Args:
        url: SQLAlchemy address.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._writing = open_engine(url, writes=True)
        self._reading = open_engine(url, writes=False)
        self._waiting: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._set_up()
        self._thread = threading.Thread(
            target=self._write_all, name="store-writer", daemon=True
        )
        self._thread.start()

    def write(self, work: Work[Outcome]) -> Outcome:
        """Run ``work``; when this returns, what it did is on disk."""
        future: Future[Outcome] = Future()
        self._waiting.put((work, future))
        return future.result(ANSWER_TIMEOUT_S)

    def read(self, work: Work[Outcome]) -> Outcome:
        """Run ``work`` on one unchanging state of the database."""
        with Session(self._reading) as session, session.begin():
            return work(session)

    def close(self) -> None:
        """Finish what was asked for and let go of the files."""
        self._waiting.put(None)
        self._thread.join()
        self._writing.dispose()
        self._reading.dispose()

    def _set_up(self) -> None:
        with self._writing.begin() as connection:
            SQLModel.metadata.create_all(connection)
        with Session(self._writing) as session, session.begin():
            row = session.get(tables.MetaRow, "schema_version")
            if row is None:
                session.add(tables.MetaRow(key="schema_version", value=SCHEMA_VERSION))
            elif row.value != SCHEMA_VERSION:
                raise DeliveryError(
                    f"the database has schema {row.value}; this version of the "
                    f"software needs {SCHEMA_VERSION}.",
                    where=self._url,
                    remedy="Start the version that wrote it, or migrate a copy.",
                )

    def _write_all(self) -> None:
        while (first := self._waiting.get()) is not None:
            entries, last = self._group(first)
            self._commit(entries)
            if last:
                return

    def _group(self, first: _Entry) -> tuple[list[_Entry], bool]:
        entries = [first]
        while len(entries) < GROUP_LIMIT:
            try:
                entry = self._waiting.get_nowait()
            except queue.Empty:
                break
            if entry is None:
                return entries, True
            entries.append(entry)
        return entries, False

    def _commit(self, entries: list[_Entry]) -> None:
        answers: list[tuple[Future[Any], Any]] = []
        try:
            with Session(self._writing) as session, session.begin():
                for work, future in entries:
                    try:
                        with session.begin_nested():
                            answer = work(session)
                    except Exception as error:  # noqa: BLE001  # goes to who asked
                        future.set_exception(error)
                    else:
                        answers.append((future, answer))
        except Exception as error:  # noqa: BLE001  # the commit failed for all of them
            for future, _ in answers:
                future.set_exception(error)
            return
        for future, answer in answers:
            future.set_result(answer)

    def damage(self) -> tuple[str, ...]:
        """What the database itself finds wrong with its file."""
        if self._reading.dialect.name != "sqlite":
            return ()
        with self._reading.connect() as connection:
            rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
            return tuple(f"database: {row}." for row in rows if row != "ok")

    def is_writable(self) -> bool:
        """Whether the store answers and takes writes."""
        return self.write(
            lambda session: session.exec(select(tables.MetaRow)).first() is not None
        )
