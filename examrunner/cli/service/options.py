"""Options that the service's commands share, and the store that they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from examrunner.service.store import Store
    from examrunner.settings import ServiceSettings

Data = Annotated[
    Path | None,
    typer.Option(help="Folder of the database and recordings [examrunner-data]."),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database", help="SQLAlchemy address; SQLite in --data without."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def settings_of(data: Path | None, database: str | None) -> "ServiceSettings":
    """The environment's settings, with what the command line says in front."""
    from examrunner.settings import ServiceSettings

    given = {"data": data, "database_url": database}
    return ServiceSettings().model_copy(
        update={key: value for key, value in given.items() if value is not None}
    )


@contextmanager
def store_of(data: Path | None, database: str | None) -> Iterator["Store"]:
    """The store, for a command that works beside a running service."""
    from examrunner.service.clock import wall_clock
    from examrunner.service.context import open_store

    store = open_store(settings_of(data, database), wall_clock)
    try:
        yield store
    finally:
        store.close()
