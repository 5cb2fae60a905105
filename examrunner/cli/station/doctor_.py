"""examrunner station doctor."""

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of


def doctor(
    station: StationName,
    data: Data = None,
    content: ContentRoots = None,
    as_json: Json = False,
) -> None:
    """Check every link, the disk and the enrolment; one remedy for each fault."""
    with clear_errors():
        from examrunner.agent.doctor import examine
        from examrunner.content.stations import read_station

        described = read_station(station, search_path(content))
        findings = examine(described, folder_of(data, station))
    healthy = all(finding.is_healthy for finding in findings)
    if as_json:
        listed = [
            {
                "what": each.what,
                "healthy": each.is_healthy,
                "said": each.said,
                "remedy": each.remedy,
            }
            for each in findings
        ]
        print_json({"station": station, "healthy": healthy, "checks": listed})
    else:
        for each in findings:
            mark = "ok  " if each.is_healthy else "FAIL"
            typer.echo(f"{mark} {each.what}: {each.said}")
            if not each.is_healthy:
                typer.echo(f"     next: {each.remedy}")
    if not healthy:
        raise typer.Exit(NO)
