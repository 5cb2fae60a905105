"""The doctor looks at a PC that really has the fault."""

import datetime
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from examrunner.agent.clock import wall_time
from examrunner.agent.doctor import disks, keeping, standing
from examrunner.agent.doctor.disks import DiskFacts
from examrunner.agent.doctor.findings import Finding, Level
from examrunner.agent.doctor.preflight import Preflight
from examrunner.agent.identity import station_key
from examrunner.agent.rig_lock import RigLock
from examrunner.agent.room import Room
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.delivery.outbox import Delivery, Outbox

NAME = "sim-chassis-01"
MIB = 1 << 20


class Service(BaseHTTPRequestHandler):
    """Says what time it is, and has no pack for anybody but the right token."""

    def do_GET(self) -> None:
        known = self.headers["Authorization"] == "Bearer right"
        is_open = self.path == "/healthz"
        self.send_response(200 if is_open else 204 if known else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def enrolled(data: Path, service: str, token: str = "right") -> None:
    station_key(data)
    kept = {"station": NAME, "service": service, "token": token, "generation": 1}
    path = data / "enrolment.json"
    path.write_text(json.dumps(kept))
    path.chmod(0o600)


def examined(data: Path, off_s: float = 0, **more: int) -> dict[str, Finding]:
    def now() -> datetime.datetime:
        off = datetime.timedelta(seconds=off_s)
        return datetime.datetime.fromisoformat(wall_time()) + off

    search = SearchPath.of()
    preflight = Preflight(
        station=read_station(NAME, search), search=search, data=data, now=now, **more
    )
    return {finding.what: finding for finding in preflight.of_machine()}


def test_a_pc_that_is_ready_has_no_fault(service: str, tmp_path: Path) -> None:
    enrolled(tmp_path, service)
    found = examined(tmp_path)
    assert all(one.is_healthy for one in found.values())
    assert found["clock"].said.en == "agrees with the service."
    assert found["exam pack"].level is Level.WARN
    assert list(found) == [
        *("key", "enrolment", "service", "clock", "exam pack"),
        *("permissions", "disk", "reserve", "journal", "version"),
    ]


@pytest.mark.parametrize("off_s", [-864_000, -90, 90, 864_000])
def test_a_wrong_clock_is_measured_against_the_service(
    service: str, tmp_path: Path, off_s: float
) -> None:
    enrolled(tmp_path, service)
    clock = examined(tmp_path, off_s)["clock"]
    assert clock.level is Level.FAIL
    assert ("ahead" in clock.said.en) is (off_s > 0)


def test_without_the_service_the_clock_is_said_to_be_not_measured(
    tmp_path: Path,
) -> None:
    enrolled(tmp_path, "http://127.0.0.1:9")
    found = examined(tmp_path)
    assert found["service"].level is Level.WARN
    assert found["clock"].said.en.startswith("not measured")


def test_a_token_that_ended_asks_for_a_new_enrolment(
    service: str, tmp_path: Path
) -> None:
    enrolled(tmp_path, service, token="ended")
    found = examined(tmp_path)
    assert found["service"].level is Level.FAIL
    assert "enrol" in str(found["service"].remedy)


def test_a_pc_that_was_never_enrolled_makes_no_key(tmp_path: Path) -> None:
    found = examined(tmp_path)
    assert found["key"].level is Level.FAIL
    assert found["enrolment"].level is Level.FAIL
    assert not (tmp_path / "station-key.pem").exists()


def test_secrets_that_others_can_read_are_named(service: str, tmp_path: Path) -> None:
    enrolled(tmp_path, service)
    (tmp_path / "enrolment.json").chmod(0o644)
    permissions = examined(tmp_path)["permissions"]
    assert permissions.level is Level.FAIL
    assert "enrolment.json" in permissions.said.en
    assert "station-key.pem" not in permissions.said.en


def test_a_disk_without_room_for_the_day_is_refused(
    service: str, tmp_path: Path
) -> None:
    enrolled(tmp_path, service)
    found = examined(tmp_path, exam_bytes=1 << 60)
    assert found["disk"].level is Level.FAIL
    assert found["reserve"].level is Level.FAIL
    assert "GiB" in str(found["disk"].remedy)


@pytest.mark.parametrize(
    ("exams", "planned", "level"),
    [
        (1, 0, Level.FAIL),
        (2, 0, Level.WARN),
        (4, 4, Level.WARN),
        (5, 5, Level.OK),
        (5, 6, Level.FAIL),
    ],
)
def test_room_is_held_against_what_is_planned(
    exams: int, planned: int, level: Level
) -> None:
    facts = DiskFacts(
        exams=exams,
        exam_bytes=MIB,
        planned=planned,
        reserve_bytes=MIB,
        is_writable=True,
    )
    assert {one.what: one.level for one in disks.judged(facts)}["disk"] is level


def test_a_reserve_that_is_there_is_said_with_its_size(tmp_path: Path) -> None:
    room = Room(data=tmp_path, exam_bytes=MIB)
    room.prepare()
    said = {one.what: one for one in disks.judged(disks.measured(room, 0))}
    assert said["reserve"].said.en == "1 MiB are kept for a full disk."


def an_outbox(data: Path, count: int) -> Path:
    path = data / "outbox.db"
    outbox = Outbox(path)
    for number in range(count):
        outbox.add(
            Delivery(
                attempt_id=f"a-{number}",
                token=1,
                result=bytes(3000),
                packed=data / "packed",
                sha256="0" * 64,
            )
        )
    outbox.set_aside("a-0", "refused")
    outbox.close()
    return path


def test_a_damaged_journal_fails_and_a_sound_one_is_counted(tmp_path: Path) -> None:
    path = an_outbox(tmp_path, 40)
    (sound,) = keeping.judged(keeping.measured(tmp_path))
    assert sound.level is Level.WARN
    assert sound.said.en == "0 delivered, 39 waiting, 1 refused by the service."
    content = bytearray(path.read_bytes())
    content[4096 : 4096 + 600] = bytes(600)
    path.write_bytes(content)
    journal = examined(tmp_path)["journal"]
    assert journal.level is Level.FAIL
    assert journal.remedy


def test_a_locked_rig_is_said_with_its_reason(tmp_path: Path) -> None:
    RigLock(tmp_path / "rig-lock.json").lock("a relay sticks", wall_time())
    found = examined(tmp_path)["rig lock"]
    assert found.level is Level.FAIL
    assert "a relay sticks" in found.said.en


@pytest.mark.parametrize(
    ("offset_s", "level"),
    [(0, Level.OK), (-5, Level.OK), (5.1, Level.WARN), (-61, Level.FAIL)],
)
def test_a_clock_may_be_off_by_what_an_answer_takes(
    offset_s: float, level: Level
) -> None:
    assert standing.clock_judged(offset_s).level is level
