"""examrunner station pack."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of


def pack(
    station: StationName,
    file: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="Take it from here, not the service."
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Fetch the exam pack of a station, verify it and keep it for the day."""
    with clear_errors():
        from datetime import datetime

        from examrunner.agent.clock import wall_time
        from examrunner.agent.exam_pack import PackShelf
        from examrunner.agent.fetching import fetched
        from examrunner.agent.identity import read_enrolment

        folder = folder_of(data, station)
        enrolment = read_enrolment(folder)
        content = file.read_bytes() if file else fetched(enrolment)
        shelf = PackShelf(folder=folder, enrolment=enrolment)
        kept = shelf.put(content, datetime.fromisoformat(wall_time()))
        found = {
            "id": str(kept.id),
            "title": kept.title,
            "attempts": len(kept.leases),
            "not_before": kept.not_before.isoformat(),
            "not_after": kept.not_after.isoformat(),
        }
        if as_json:
            print_json(found)
        else:
            typer.echo(
                f"{kept.title}: {len(kept.leases)} attempts, good from "
                f"{found['not_before']} to {found['not_after']}."
            )
