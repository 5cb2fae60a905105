"""examrunner service check."""

import typer

from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.service.options import Data, DatabaseUrl, Json, settings_of


def check(
    data: Data = None, database: DatabaseUrl = None, as_json: Json = False
) -> None:
    """Check the database, the log's chain and every stored recording.

    Exit status 1 when something is damaged.

    Example: examrunner service check --data /srv/examrunner
    """
    with clear_errors():
        from examrunner.service.checking import check_all

        found = check_all(settings_of(data, database))
    if as_json:
        print_json({"sound": not found.damage, **found.as_json()})
    else:
        for line in found.damage:
            typer.echo(line)
        typer.echo(f"{found.recordings} recordings, {found.entries} log entries")
    if found.damage:
        raise typer.Exit(NO)
