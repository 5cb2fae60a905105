"""The doctor looks at a rig that really has the fault."""

import datetime
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from free_rigs import running_rig

from examrunner.agent.clock import wall_time
from examrunner.agent.doctor.findings import Finding, Level
from examrunner.agent.doctor.preflight import Preflight
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.model.frames import ERROR
from examrunner.model.station import Link, Station
from examrunner.testing.mjpeg_peer import MjpegPeer
from examrunner.testing.socketcan_stand_in import StandInBus

NAME = "sim-chassis-01"


def now() -> datetime.datetime:
    return datetime.datetime.fromisoformat(wall_time())


def examined(station: Station, data: Path) -> dict[str, Finding]:
    preflight = Preflight(station=station, search=SearchPath.of(), data=data, now=now)
    return {finding.what: finding for finding in preflight.of_rig()}


def only(station: Station, **links: object) -> Station:
    """The station with these links alone."""
    bare = replace(station, can={}, cameras={}, fault_box=None, clock=None)
    return replace(bare, **links)


def test_a_healthy_rig_is_healthy_in_every_line(tmp_path: Path) -> None:
    with running_rig(NAME, tmp_path) as station:
        found = examined(station, tmp_path)
    assert {what: one.said.en for what, one in found.items() if one.level != "ok"} == {}
    assert found["CAN CH1 messages"].said.en == "all 12 come at their cycle."
    assert "640 x 360" in found["camera work_area"].said.en


def test_a_node_without_supply_is_found_by_its_messages(tmp_path: Path) -> None:
    off = {"op": "node.power", "node": "SAS", "on": False}
    with running_rig(NAME, tmp_path, faults=[off]) as station:
        found = examined(only(station, can=station.can), tmp_path)
    assert found["CAN CH1 messages"].level is Level.FAIL
    assert "do not come: SAS_" in found["CAN CH1 messages"].said.en
    assert "SAS_Angle" not in found["CAN CH1"].said.en


def test_a_message_that_comes_too_seldom_is_named_with_both_cycles(
    tmp_path: Path,
) -> None:
    rare = {"op": "msg.drop", "message": "SAS_Angle", "share": 0.75}
    with running_rig(NAME, tmp_path, faults=[rare]) as station:
        found = examined(only(station, can=station.can), tmp_path)
    assert found["CAN CH1 messages"].level is Level.FAIL
    assert "SAS_Angle" in found["CAN CH1 messages"].said.en
    assert "/ 10 ms" in found["CAN CH1 messages"].said.en


def test_a_relay_that_does_not_move_is_found(tmp_path: Path) -> None:
    with running_rig(NAME, tmp_path, stuck=["SAS.supply"]) as station:
        found = examined(only(station, fault_box=station.fault_box), tmp_path)
    assert found["fault box relays"].level is Level.FAIL
    assert "does not read back" in found["fault box relays"].said.en


def test_a_camera_that_is_unplugged_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    with running_rig(NAME, tmp_path) as station:
        gone = only(station, cameras=station.cameras)
    found = examined(gone, tmp_path)
    assert found["camera work_area"].level is Level.FAIL
    assert found["camera work_area"].remedy


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[StandInBus]:
    bus = StandInBus(tmp_path / "can0")
    yield bus
    bus.unplug()


def hearing(
    bus: StandInBus, path: Path, row: tuple[int, int, bytes], **options: object
) -> dict[str, Finding]:
    """What is found while ``row`` is sent every 10 ms."""
    driver = "examrunner.testing.socketcan_stand_in:stand_in"
    link = Link(driver=driver, options={"path": str(path / "can0"), **options})
    station = only(read_station(NAME, SearchPath.of()), can={"CH1": link})
    return speaking(lambda: bus.send([row]), bus, lambda: examined(station, path))


def speaking(
    say: Callable[[], None],
    bus: StandInBus,
    meanwhile: Callable[[], dict[str, Finding]],
) -> dict[str, Finding]:
    ended = threading.Event()

    def speak() -> None:
        bus.meet()
        while not ended.wait(0.01):
            try:
                say()
            except OSError:
                return

    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        return meanwhile()
    finally:
        ended.set()
        speaker.join()


def test_an_adapter_at_another_bit_rate_is_told_the_right_one(
    bus: StandInBus, tmp_path: Path
) -> None:
    row = (0, ERROR, bytes(8))
    found = hearing(bus, tmp_path, row, bitrate_bps=250_000)
    assert found["CAN CH1 bit rate"].level is Level.FAIL
    assert "250000 bit/s, the rig at 500000" in found["CAN CH1 bit rate"].said.en
    assert "only bus errors" in found["CAN CH1"].said.en
    assert "500000" in str(found["CAN CH1"].remedy)


def test_an_adapter_that_may_speak_is_said_not_to_be_proved_silent(
    bus: StandInBus, tmp_path: Path
) -> None:
    found = hearing(bus, tmp_path, (1, 0, b"1"), bitrate_bps=500_000)
    assert found["CAN CH1 bit rate"].level is Level.OK
    assert found["CAN CH1 listen-only"].level is Level.WARN
    assert "12 of 12 do not come" in found["CAN CH1 messages"].said.en


@pytest.mark.parametrize(("promised_hz", "level"), [(5, Level.OK), (60, Level.WARN)])
def test_a_camera_is_held_to_the_rate_that_its_profile_promises(
    tmp_path: Path, promised_hz: int, level: Level
) -> None:
    peer = MjpegPeer(pictures(6), rate_hz=12)
    options = {"url": peer.url, "rate_hz": promised_hz}
    station = read_station(NAME, SearchPath.of())
    cameras = {"work_area": Link(driver="mjpeg_camera", options=options)}
    try:
        found = examined(only(station, cameras=cameras), tmp_path)
    finally:
        peer.unplug()
    assert found["camera work_area rate"].level is level
    assert found["camera work_area"].level is Level.FAIL
    assert "not 640 x 360" in found["camera work_area"].said.en


def pictures(count: int) -> list[bytes]:
    import cv2
    import numpy as np

    shades = (np.full((120, 160), 40 * n, np.uint8) for n in range(count))
    return [bytes(cv2.imencode(".jpg", shade)[1]) for shade in shades]
