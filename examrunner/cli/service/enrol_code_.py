"""examrunner service enrol-code."""

from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.service.options import Data, DatabaseUrl, Json, store_of


def enrol_code(
    station: Annotated[str, typer.Argument(help="Name of the station.")],
    rig: Annotated[str, typer.Option(help="Its rig type, a folder of stations/.")],
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Print a code with which a station enrols once, within a day.

    Example: examrunner service enrol-code hall-a-03 --rig chassis_bywire
    """
    with clear_errors():
        with store_of(data, database) as store:
            given = store.stations.give_code(station, rig, by="command line")
        if as_json:
            print_json(given.model_dump(mode="json"))
        else:
            typer.echo(given.code)
