"""examrunner station status."""

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.station.options import Data, Json, StationName, folder_of


def status(station: StationName, data: Data = None, as_json: Json = False) -> None:
    """Say what runs here, until when it is saved, and what is still to deliver.

    It reads the station's folder alone, so it works while the station runs and while
    the network cable is pulled.
    """
    with clear_errors():
        from examrunner.agent.identity import read_enrolment
        from examrunner.agent.local_status import status_of

        folder = folder_of(data, station)
        enrolment = read_enrolment(folder)
        found = {
            "station": enrolment.station,
            "service": enrolment.service,
            "generation": enrolment.generation,
            **status_of(folder),
        }
    if as_json:
        print_json(found)
        return
    for line in _lines(found):
        typer.echo(line)


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{found['station']}, enrolled at {found['service']}"
    for one in found["attempts"]:
        pause = f" ({one['paused']})" if one["paused"] else ""
        saved = one["saved_until"] or "nothing yet"
        yield f"{one['attempt']}: {one['phase']}{pause}, saved until {saved}"
    yield f"{found['delivered']} delivered, {found['waiting']} waiting"
    yield f"last contact with the service: {found['last_contact'] or 'none yet'}"
    yield f"room for {found['room_for_exams']} exams"
    if found["rig_locked"]:
        yield f"the rig is locked: {found['rig_locked']}"
    for one in found["aside"]:
        yield f"set aside: {one['attempt']}: {one['problem']}"
    for one in found["protocols_aside"]:
        yield f"protocol set aside: {one['attempt']}: {one['problem']}"
