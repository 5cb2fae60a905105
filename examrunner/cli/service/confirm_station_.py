"""examrunner service confirm-station."""

from typing import Annotated

import typer

from examrunner.cli.output import clear_errors
from examrunner.cli.service.options import Data, DatabaseUrl, store_of


def confirm_station(
    station: Annotated[str, typer.Argument(help="Name of the station.")],
    words: Annotated[str, typer.Argument(help="As the station's own screen says.")],
    data: Data = None,
    database: DatabaseUrl = None,
) -> None:
    """Let a station work whose words were read on its own screen.

    Example: examrunner service confirm-station hall-a-03 lusab-babad-gutih-tugad
    """
    with clear_errors():
        with store_of(data, database) as store:
            store.stations.confirm(station, words, by="command line")
        typer.echo(f"{station} may work.")
