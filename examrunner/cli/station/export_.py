"""examrunner station export."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of


def export(
    station: StationName,
    to: Annotated[Path, typer.Option(file_okay=False, help="Folder of the stick.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Copy what could not be sent to a stick, for another PC to deliver.

    Receipts that have come back on the stick are taken first; what they cover counts
    as delivered here. The station may run meanwhile.
    """
    with clear_errors():
        from examrunner.agent.stick import export as exported

        done = exported(folder_of(data, station), to)
    if as_json:
        print_json(
            {
                "received": list(done.received),
                "written": list(done.written),
                "problems": done.problems,
            }
        )
        return
    for attempt, problem in done.problems.items():
        typer.echo(f"{attempt}: {problem}")
    typer.echo(f"{len(done.received)} receipts taken")
    typer.echo(f"{len(done.written)} attempts on the stick")
    if done.written:
        typer.echo(
            f"next: at a PC that reaches the service: examrunner station deliver {to} "
            "--service ADDRESS; then this command once more with the same stick"
        )
