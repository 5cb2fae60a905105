"""Options that the station commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer

StationName = Annotated[
    str, typer.Argument(help="Name of a profile in stations/*/profiles/.")
]
Data = Annotated[
    Path | None,
    typer.Option(
        envvar="EXAMRUNNER_STATION_DATA",
        help="Folder of the station's key, attempts and outbox "
        "[examrunner-station/NAME].",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

DEFAULT: Final = Path("examrunner-station")


def folder_of(data: Path | None, station: str) -> Path:
    """The station's folder."""
    return data or DEFAULT / station
