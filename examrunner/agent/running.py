"""Wires a station's process together."""

import signal
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from examrunner.agent.clock import wall_time
from examrunner.agent.console.server import Console
from examrunner.agent.identity import read_enrolment, station_key
from examrunner.agent.place import Place
from examrunner.agent.simulated_rig import Casting
from examrunner.agent.station import StationRunner
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
    console_port: int | None = None,
) -> None:
    """Runs a station until SIGTERM or Ctrl-C.

    Args:
        name: Station name.
        search: Its content.
        roots: Content folders before the built-in one.
        data: Its folder.
        service: Address of the service, if it has moved.
        castings: Who plays, at a simulated rig.
        say: Told in a line what happens.
        console_port: Port of the station's own screen; None without one.

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
    outbox = Outbox(data / "outbox.db", make_room=place.room.reserve.release)
    with ExitStack() as closing:
        closing.callback(client.close)
        closing.callback(outbox.close)
        console = _console(console_port, closing, say)
        runner = StationRunner(place, client, outbox, console)

        def stop(_number: int, _frame: FrameType | None) -> None:
            runner.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        runner.run()


def _console(
    port: int | None, closing: ExitStack, say: Callable[[str], None]
) -> Console | None:
    if port is None:
        return None
    console = closing.enter_context(Console(port))
    say(f"The candidate's screen: {console.address}")
    return console
