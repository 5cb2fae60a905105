"""examrunner service roster."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.service.options import Data, DatabaseUrl, Json, store_of


def roster(
    file: Annotated[Path, typer.Argument(help="CSV with student numbers and names.")],
    cohort: Annotated[str, typer.Option(help="What the cohort is called.")],
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Add and correct the candidates of a cohort; nobody is removed.

    Example: examrunner service roster class-3.csv --cohort 2026-3
    """
    with clear_errors():
        from examrunner.content.rosters import read_roster

        entries = read_roster(file)
        with store_of(data, database) as store:
            report = store.rosters.keep(cohort, entries, by="command line")
        if as_json:
            print_json(report.model_dump(mode="json"))
        else:
            typer.echo(
                f"{report.added} added, {report.changed} changed, {report.kept} kept"
            )
