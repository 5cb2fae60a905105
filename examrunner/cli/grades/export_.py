"""examrunner grades export."""

import sys
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.model.errors import ExamRunnerError

API: Final = "/api/v1"
TIMEOUT_S: Final = 30.0


def export(
    server: Annotated[
        str, typer.Option(metavar="URL", help="Address of the exam service.")
    ],
    token: Annotated[
        str,
        typer.Option(
            envvar="EXAMRUNNER_TOKEN",
            help="Token of a course system or examiner.",
            show_envvar=True,
        ),
    ],
    table: Annotated[
        Literal["csv"], typer.Option("--format", help="Kind of file.")
    ] = "csv",
    scheme: Annotated[
        str | None, typer.Option(help="Only grades of this scheme.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; standard output without it.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the grades as JSON instead.")
    ] = False,
) -> None:
    """Write the grades as a table that Excel opens, in Chinese."""
    del table
    with clear_errors():
        from examrunner.cli.grades.feed_client import FeedClient

        feed = FeedClient(server.rstrip("/") + API, token, timeout_s=TIMEOUT_S)
        if as_json:
            print_json(list(feed.grades(scheme)))
            return
        content = feed.table(scheme)
        if out is None:
            sys.stdout.buffer.write(content)
        else:
            _write(out, content)


def _write(out: Path, content: bytes) -> None:
    partial = out.with_name(f".{out.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ExamRunnerError(
            f"the table cannot be written ({error.strerror}).",
            where=str(out),
            remedy="Name another file, or free the disk.",
        ) from error
