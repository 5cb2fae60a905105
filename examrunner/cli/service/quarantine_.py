"""examrunner service quarantine list, show, accept and reject."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.service.options import (
    Data,
    DatabaseUrl,
    Json,
    settings_of,
    store_of,
)

if TYPE_CHECKING:
    from examrunner.service.quarantine_messages import AsideMessage
    from examrunner.service.shelf import Shelf
    from examrunner.service.store import Store

Number = Annotated[int, typer.Argument(help="As `quarantine list` shows it.")]
By = Annotated[str, typer.Option(help="The examiner or chief examiner who decides.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept in the log.")]


def listed(
    data: Data = None,
    database: DatabaseUrl = None,
    decided: Annotated[
        bool, typer.Option("--all", help="Also what was decided about.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List what stations delivered and the service refused and kept.

    Example: examrunner service quarantine list
    """
    with clear_errors(), _opened(data, database) as (store, _):
        found = [one for one in store.quarantine.listed() if decided or _is_open(one)]
        if as_json:
            print_json({"quarantine": [one.model_dump(mode="json") for one in found]})
            return
        for one in found:
            typer.echo(_line(one))
        typer.echo(f"{sum(map(_is_open, found))} to decide about")


def show(
    number: Number,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Show one thing in quarantine: what it is, why it was refused, what it says.

    Example: examrunner service quarantine show 3
    """
    with clear_errors(), _opened(data, database) as (store, shelf):
        from examrunner.service.quarantine import bytes_of, content_of

        one = store.quarantine.one(number)
        path, content = bytes_of(shelf, one), content_of(shelf, one)
        file = str(path) if path else ""
        if as_json:
            print_json({**one.model_dump(mode="json"), "file": file, "says": content})
            return
        typer.echo(_line(one))
        typer.echo(f"  file:   {file or 'its bytes did not arrive whole'}")
        typer.echo(f"  SHA-256: {one.digest}")
        if one.decided_at is not None:
            typer.echo(f"  {one.decided_at:%Y-%m-%d %H:%M} {one.reason}")
        if content:
            typer.echo(content)


def accept(
    number: Number,
    by: By,
    reason: Reason,
    data: Data = None,
    database: DatabaseUrl = None,
) -> None:
    """Let it count; what was stored in its place is kept aside instead.

    A recording has to be whole, signed by its station and made for this attempt.

    Example: examrunner service quarantine accept 3 --by "Li Na" --reason "first PC"
    """
    with clear_errors(), _opened(data, database) as (store, shelf):
        from examrunner.service import quarantine
        from examrunner.service.worker import Worker

        with Worker(limit_s=settings_of(data, database).read_limit_s) as reader:
            quarantine.accept(store, shelf, reader, number, by=by, reason=reason)
    typer.echo(f"Number {number} counts. A recording is judged within seconds.")


def reject(
    number: Number,
    by: By,
    reason: Reason,
    data: Data = None,
    database: DatabaseUrl = None,
) -> None:
    """Say that it does not count; its bytes are kept all the same.

    Example: examrunner service quarantine reject 3 --by "Li Na" --reason "a rehearsal"
    """
    with clear_errors(), _opened(data, database) as (store, _):
        store.quarantine.reject(number, by=by, reason=reason)
    typer.echo(f"Number {number} does not count.")


@contextmanager
def _opened(data: Path | None, database: str | None) -> "Iterator[tuple[Store, Shelf]]":
    from examrunner.service.shelf import Shelf

    with store_of(data, database) as store:
        yield store, Shelf(settings_of(data, database).data)


def _is_open(one: "AsideMessage") -> bool:
    return one.is_accepted is None and not one.is_held


def _line(one: "AsideMessage") -> str:
    decided = {None: "", True: "; accepted by ", False: "; rejected by "}
    return (
        f"{one.number}: {one.kind} of attempt {one.attempt} from {one.came_from}, "
        f"{one.at:%Y-%m-%d %H:%M}: {one.problem}"
        f"{decided[one.is_accepted]}{one.decided_by}"
    )
