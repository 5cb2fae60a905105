"""examrunner station diagnostics."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of


def diagnostics(
    station: StationName,
    out: Annotated[Path, typer.Option(dir_okay=False, help="The ZIP file to write.")],
    data: Data = None,
    content: ContentRoots = None,
    as_json: Json = False,
) -> None:
    """Write logs, versions, profile, doctor's report and journal figures into a ZIP.

    No name, code, key, answer or case goes into it. The rig is not touched; what
    `station doctor` last said of it is in the archive.
    """
    with clear_errors():
        from datetime import datetime

        from examrunner.agent.clock import wall_time
        from examrunner.agent.diagnostics import write_archive
        from examrunner.agent.doctor.preflight import Preflight
        from examrunner.content.stations import read_station

        search, folder = search_path(content), folder_of(data, station)
        described = read_station(station, search)
        preflight = Preflight(
            station=described,
            search=search,
            data=folder,
            now=lambda: datetime.fromisoformat(wall_time()),
        )
        files = write_archive(
            out,
            station=described,
            search=search,
            data=folder,
            at=wall_time(),
            findings=preflight.of_machine,
        )
    if as_json:
        print_json({"archive": str(out), "files": list(files)})
    else:
        typer.echo(f"{out}: {len(files)} files.")
