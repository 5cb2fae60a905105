"""examrunner station enrol."""

from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of


def enrol(
    station: StationName,
    service: Annotated[str, typer.Option(help="Address of the service.")],
    code: Annotated[str, typer.Option(help="From `examrunner service enrol-code`.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make this station's key and exchange a one-time code for its token."""
    with clear_errors():
        from examrunner.agent.identity import enrol as enrolled
        from examrunner.scoring.software import deciding_software

        kept = enrolled(
            folder_of(data, station),
            station=station,
            service=service,
            code=code,
            software=dict(deciding_software()),
        )
        if as_json:
            print_json({"station": kept.station, "generation": kept.generation})
        else:
            typer.echo(f"{kept.station} is enrolled, generation {kept.generation}.")
