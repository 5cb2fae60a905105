"""examrunner station doctor."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from examrunner.agent.doctor.findings import Finding
    from examrunner.model.station import Station


def doctor(
    station: StationName,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Start a simulated rig to look at.")
    ] = False,
    service: Annotated[
        str | None, typer.Option(help="Address of the service, if it has moved.")
    ] = None,
    data: Data = None,
    content: ContentRoots = None,
    as_json: Json = False,
) -> None:
    """Check links, rig, disk, clock, journal, key and pack; a remedy for each fault.

    The station must not be running: its adapters belong to one program at a time.
    """
    with clear_errors():
        from datetime import datetime

        from examrunner.agent.clock import wall_time
        from examrunner.agent.doctor.findings import keep_report
        from examrunner.agent.doctor.preflight import Preflight
        from examrunner.content.stations import read_station

        search, folder = search_path(content), folder_of(data, station)
        described = read_station(station, search)
        with _rig(described, simulated=simulated, roots=content or []) as here:
            findings = Preflight(
                station=here,
                search=search,
                data=folder,
                now=lambda: datetime.fromisoformat(wall_time()),
                service=service,
            ).findings()
        keep_report(folder, station, wall_time(), findings)
    _show(station, findings, as_json=as_json)
    if not all(finding.is_healthy for finding in findings):
        raise typer.Exit(NO)


@contextmanager
def _rig(
    station: "Station", *, simulated: bool, roots: "Sequence[Path]"
) -> "Iterator[Station]":
    if not simulated:
        yield station
        return
    from examrunner.agent.rig_of_attempt import BY_HAND
    from examrunner.agent.simulated_rig import SimulatedRig, pointed_at

    with SimulatedRig(
        station.name,
        task="",
        variant="",
        casting=BY_HAND,
        content=list(map(str, roots)),
    ) as rig:
        yield pointed_at(station, rig.ports)


def _show(station: str, findings: "Sequence[Finding]", *, as_json: bool) -> None:
    if as_json:
        from examrunner.agent.doctor.findings import as_document

        print_json(as_document(station, findings))
        return
    width = max(len(each.what) for each in findings)
    for each in findings:
        typer.echo(f"{each.level.value:<4} {each.what:<{width}}  {each.said.en}")
        if each.remedy:
            typer.echo(f"     {'next:':>{width}}  {each.remedy.en}")
