"""Wires a station's process together."""

import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from examrunner.agent.clock import wall_time
from examrunner.agent.identity import read_enrolment, station_key
from examrunner.agent.simulated_rig import Casting
from examrunner.agent.station import Place, StationRunner
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.delivery.outbox import Outbox
from examrunner.delivery.service_client import ServiceClient


def run_station(
    name: str,
    *,
    search: SearchPath,
    roots: tuple[Path, ...],
    data: Path,
    service: str | None,
    castings: Mapping[str, Casting],
    say: Callable[[str], None],
) -> None:
    """Runs a station until SIGTERM or Ctrl-C.

    Raises:
        ContentError: If its profile is wrong.
        DeliveryError: If it is not enrolled.
    """
    station = read_station(name, search)
    enrolment = read_enrolment(data)
    key_path, key = station_key(data)
    place = Place(
        station=station,
        search=search,
        data=data,
        key_path=key_path,
        key=key,
        wall_time=wall_time,
        say=say,
        castings=castings,
        roots=roots,
    )
    client = ServiceClient(service or enrolment.service, token=enrolment.token)
    outbox = Outbox(data / "outbox.db")
    runner = StationRunner(place, client, outbox)

    def stop(_number: int, _frame: FrameType | None) -> None:
        runner.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        runner.run()
    finally:
        outbox.close()
        client.close()
