"""examrunner station deliver."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.station.options import Json


def deliver(
    folder: Annotated[
        Path,
        typer.Argument(exists=True, file_okay=False, help="Folder of the stick."),
    ],
    service: Annotated[str, typer.Option(help="Address of the service.")],
    as_json: Json = False,
) -> None:
    """Deliver what a station has exported to a stick, from any PC.

    This PC needs no enrolment: the station has signed what may be delivered. Receipts
    are written to the stick. Exit status 1 when something is not delivered.
    """
    with clear_errors():
        from dataclasses import asdict

        from examrunner.delivery.forwarding import client_for, deliver_all

        found = deliver_all(folder, client_for(service))
    if as_json:
        print_json({"attempts": [asdict(one) for one in found]})
    else:
        for one in found:
            typer.echo(f"{one.station} {one.attempt}: {one.outcome}")
            if one.problem:
                typer.echo(f"  {one.problem}\n  next:  {one.remedy}")
    if any(one.outcome != "delivered" for one in found):
        raise typer.Exit(NO)
