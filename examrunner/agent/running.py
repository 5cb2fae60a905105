"""Wires a station's process together."""

import os
import secrets
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from types import FrameType

from examrunner.agent.clock import wall_time
from examrunner.agent.codes import (
    Examiners,
    PackCodes,
    StationCode,
    kept_code,
    new_code,
)
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.server import Console
from examrunner.agent.console.sessions import Sessions
from examrunner.agent.doctor.findings import keep_report, kept_report
from examrunner.agent.doctor.preflight import Preflight
from examrunner.agent.edition import begun, take_over, this_edition
from examrunner.agent.exam_pack import PackShelf
from examrunner.agent.identity import Enrolment, read_enrolment, station_key
from examrunner.agent.place import Place
from examrunner.agent.rig_lock import RigLock
from examrunner.agent.simulated_rig import Casting
from examrunner.agent.sole_agent import sole_agent
from examrunner.agent.station import StationRunner
from examrunner.agent.station_log import StationLog
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.delivery.courier import UPLOAD_SPAN_S
from examrunner.delivery.outbox import Outbox
from examrunner.delivery.service_client import ServiceClient
from examrunner.delivery.start import Start
from examrunner.wire import ExamPack


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
        RecordingError: If another process runs this station, or another version is
            in mid-exam here.
    """
    station = read_station(name, search)
    enrolment = read_enrolment(data)
    with sole_agent(data, wall_time()):
        take_over(data, this_edition())
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
            service_key=enrolment.service_key,
            # A simulated rig is watched by somebody who waits for its score.
            upload_span_s=0.0 if castings else UPLOAD_SPAN_S,
            log=StationLog(data, name, wall_time),
        )
        _run(place, enrolment, service, console_port)


def _run(
    place: Place, enrolment: Enrolment, service: str | None, console_port: int | None
) -> None:
    data = place.data
    _expect_contact(place.contact)
    place.tell(f"The station starts, examrunner {this_edition().software}.")
    client = ServiceClient(
        service or enrolment.service,
        token=enrolment.token,
        start=Start(
            data / "start.json",
            station=enrolment.station,
            generation=enrolment.generation,
            reserve=place.room.reserve,
        ),
    )
    outbox = Outbox(data / "outbox.db", make_room=place.room.reserve.release)
    with ExitStack() as closing:
        closing.callback(client.close)
        closing.callback(outbox.close)
        pack = PackShelf(folder=data, enrolment=enrolment).pack()
        hall = None
        if console_port is not None:
            hall = _opened(place, console_port, closing, pack)
        _look_before(place, service)
        runner = StationRunner(place, client, outbox, hall, pack)

        def stop(_number: int, _frame: FrameType | None) -> None:
            runner.stop()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        runner.run()
    place.tell("The station has stopped.")


def _look_before(place: Place, service: str | None) -> None:
    """The doctor, before the first attempt; whoever was interrupted waits for nobody.

    Nothing is forbidden by it: each attempt looks at its rig itself.
    """
    if begun(place.data):
        return
    preflight = Preflight(
        station=place.station,
        search=place.search,
        data=place.data,
        now=lambda: datetime.fromisoformat(place.wall_time()),
        service=service,
    )
    # A simulated rig is made for each attempt, so there is none yet.
    found = preflight.of_machine() if place.castings else preflight.findings()
    keep_report(place.data, place.station.name, place.wall_time(), found)
    for one in found:
        if not one.is_healthy:
            remedy = one.remedy.en if one.remedy else ""
            place.tell(f"{one.what}: {one.said.en}", remedy=remedy)


def _expect_contact(path: Path) -> None:
    """Makes the file, with the time of no contact yet; keeps that of the last."""
    if not path.exists():
        path.touch()
        os.utime(path, (0, 0))


def _opened(place: Place, port: int, closing: ExitStack, pack: ExamPack | None) -> Hall:
    """The station's screens; their codes stay the same after a restart."""
    hall = Hall(
        station=place.station.name,
        sessions=Sessions(place.data / "sessions.json", time.monotonic),
        examiners=_examiners(place, pack),
        names={} if pack is None else {one.code: one.name for one in pack.candidates},
        lock=RigLock(place.lock_path),
        wall_time=place.wall_time,
        report=partial(kept_report, place.data),
    )
    code = kept_code(place.data / "console-code", secrets.token_urlsafe(16))
    host = place.station.console_host
    console = closing.enter_context(Console(hall, port=port, code=code, host=host))
    place.say(f"The station's screens: {console.address}")
    return hall


def _examiners(place: Place, pack: ExamPack | None) -> Examiners:
    """Those of the exam pack; without one, whoever can read the station's code."""
    if pack is not None:
        return PackCodes(examiners=pack.examiners)
    code = kept_code(place.data / "examiner-code", new_code())
    place.say(f"The examiners' code: {code}")
    return StationCode(code=code)
