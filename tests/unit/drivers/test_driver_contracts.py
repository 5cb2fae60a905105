import json
import os
import select
import socketserver
import threading
import time
import tty
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import can
import can_remote.server
import cv2
import numpy as np
import pytest

from examrunner.drivers.camera import Camera
from examrunner.drivers.can_bus import CanBus
from examrunner.drivers.fault_box import FaultBox
from examrunner.drivers.links import CameraLink, CanLink, FaultBoxLink
from examrunner.drivers.person import Person
from examrunner.drivers.picture_folder import PictureFolder
from examrunner.drivers.picture_stream import PictureStream
from examrunner.model.errors import RigError
from examrunner.model.frames import EXTENDED
from examrunner.testing import camera_contract, can_contract, fault_box_contract
from examrunner.testing.can_contract import CanBench, Row
from examrunner.testing.slcan_peer import SlcanPeer
from examrunner.testing.socketcan_stand_in import StandInBus, stand_in

PICTURE = np.zeros((48, 64, 3), np.uint8)
PNG = cv2.imencode(".png", PICTURE)[1].tobytes()


@pytest.fixture
def second_party(request: pytest.FixtureRequest):
    bus = can.Bus(interface="virtual", channel=request.node.name)

    def send(rows: list[Row]) -> None:
        for can_id, flags, data in rows:
            bus.send(
                can.Message(
                    arbitration_id=can_id,
                    is_extended_id=bool(flags & EXTENDED),
                    data=data,
                )
            )

    yield bus, send
    bus.shutdown()


def heard_by(bus: can.BusABC) -> Row:
    message = bus.recv(5)
    assert message is not None
    flags = EXTENDED if message.is_extended_id else 0
    return message.arbitration_id, flags, bytes(message.data)


@pytest.fixture
def virtual_bench(request: pytest.FixtureRequest, second_party) -> CanBench:
    channel = request.node.name
    bus, send = second_party

    def opened() -> CanLink:
        return CanBus(interface="virtual", channel=channel)

    return CanBench(open=opened, send=send, received=lambda: heard_by(bus))


@pytest.fixture
def remote_bench(request: pytest.FixtureRequest, second_party) -> Iterator[CanBench]:
    channel = request.node.name
    server = can_remote.server.RemoteServer(
        host="127.0.0.1", port=0, interface="virtual", channel=channel
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    bus, send = second_party

    def opened() -> CanLink:
        return CanBus(
            interface="remote",
            channel=f"ws://127.0.0.1:{server.server_port}",
        )

    def unplug() -> None:
        while not server.clients:  # it lists a client just after answering it
            time.sleep(0.01)
        for client in server.clients:
            client._ws.socket.shutdown(2)

    yield CanBench(
        open=opened, send=send, received=lambda: heard_by(bus), unplug=unplug
    )
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def socketcan_bench(tmp_path: Path) -> Iterator[CanBench]:
    bus = StandInBus(tmp_path / "can0")

    def unplug() -> None:
        bus.meet()
        bus.unplug()

    yield CanBench(
        open=lambda: stand_in(path=str(tmp_path / "can0")),
        send=bus.send,
        received=bus.received,
        unplug=unplug,
    )
    bus.unplug()


@pytest.fixture
def slcan_bench(tmp_path: Path) -> Iterator[CanBench]:
    peer = SlcanPeer(tmp_path / "adapter")

    def opened() -> CanLink:
        return CanBus(
            interface="slcan",
            channel=str(tmp_path / "adapter"),
            serial="A001",
            sleep_after_open=0.0,
        )

    yield CanBench(
        open=opened, send=peer.send, received=peer.received, unplug=peer.unplug
    )
    peer.unplug()


BENCHES = ["virtual_bench", "remote_bench", "socketcan_bench", "slcan_bench"]


@pytest.fixture(params=BENCHES)
def can_bench(request: pytest.FixtureRequest) -> CanBench:
    bench: CanBench = request.getfixturevalue(request.param)
    return bench


@pytest.mark.parametrize("claim", can_contract.CLAIMS, ids=lambda c: c.__name__)
def test_a_can_driver_keeps_its_contract(
    claim: Callable[[CanBench], None], can_bench: CanBench
) -> None:
    claim(can_bench)


class CameraPeer(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            assert json.loads(line)["op"] in {"still", "thumbnail"}
            head = {"t_ns": 5, "media_type": "image/png", "bytes": len(PNG)}
            self.wfile.write(json.dumps(head).encode() + b"\n" + PNG)


class BoxPeer(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        for line in self.rfile:
            answer = self.answer(json.loads(line))
            self.wfile.write(json.dumps(answer).encode() + b"\n")

    @staticmethod
    def answer(said: dict[str, object]) -> dict[str, object]:
        known = {"arm", "state", "measure", "clear_all", "disarm"}
        result = "ok" if said["op"] in known else "bad_arg"
        return {"seq": said["seq"], "result": result, "state": {"armed": True}}


@pytest.fixture
def peer() -> Iterator[Callable[[type[socketserver.BaseRequestHandler]], str]]:
    servers = []

    def start(handler: type[socketserver.BaseRequestHandler]) -> str:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        servers.append(server)
        return f"127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(params=["socket", "film", "folder"])
def camera(request: pytest.FixtureRequest, peer, tmp_path) -> Iterator[CameraLink]:
    if request.param == "socket":
        link: CameraLink = PictureStream(address=peer(CameraPeer))
    elif request.param == "folder":
        (tmp_path / "one.png").write_bytes(PNG)
        link = PictureFolder(folder=str(tmp_path))
    else:
        film = cv2.VideoWriter(
            str(tmp_path / "film.avi"), cv2.VideoWriter_fourcc(*"MJPG"), 10, (64, 48)
        )
        for _ in range(5):
            film.write(PICTURE)
        film.release()
        link = Camera(device=str(tmp_path / "film.avi"))
    yield link
    link.close()


@pytest.mark.parametrize("claim", camera_contract.CLAIMS, ids=lambda c: c.__name__)
def test_a_camera_driver_keeps_its_contract(
    claim: Callable[[CameraLink], None], camera: CameraLink
) -> None:
    claim(camera)


@pytest.fixture
def serial_line() -> Iterator[tuple[int, str]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(master)
    os.close(slave)


@pytest.fixture(params=["socket", "serial", "person", "terminal"])
def fault_box(
    request: pytest.FixtureRequest, peer, serial_line
) -> Iterator[FaultBoxLink]:
    master, port = serial_line
    links: dict[str, Callable[[], FaultBoxLink]] = {
        "socket": lambda: FaultBox(address=peer(BoxPeer)),
        "serial": lambda: FaultBox(address=f"serial:{port}"),
        "person": lambda: Person(ask=lambda instruction: "Li Wei"),
        "terminal": lambda: Person(terminal=port),
    }
    answering = {"serial": answered_by_box, "terminal": answered_by_hand}
    if request.param in answering:
        end = threading.Event()
        thread = threading.Thread(
            target=answering[request.param], args=(master, end.is_set)
        )
        thread.start()
    link = links[request.param]()
    yield link
    link.close()
    if request.param in answering:
        end.set()
        thread.join()


def answered_by_box(master: int, ended: Callable[[], bool]) -> None:
    for line in lines_of(master, ended, b"\n"):
        answer = BoxPeer.answer(json.loads(line))
        os.write(master, json.dumps(answer).encode() + b"\n")


def answered_by_hand(master: int, ended: Callable[[], bool]) -> None:
    for _ in lines_of(master, ended, b"'no': "):
        os.write(master, b"Li Wei\n")


def lines_of(master: int, ended: Callable[[], bool], ending: bytes) -> Iterator[bytes]:
    kept = b""
    while not ended():
        if select.select([master], [], [], 0.02)[0]:
            kept += os.read(master, 4096)
        while ending in kept:
            line, _, kept = kept.partition(ending)
            yield line


def test_whoever_plugs_by_hand_is_named_with_the_time() -> None:
    at = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
    asked = []

    def ask(instruction: str) -> str:
        asked.append(instruction)
        return "Li Wei\n" if len(asked) == 1 else "no\n"

    person = Person(ask=ask, now=lambda: at)
    answer = person.command("bus.open", {"bus": "HS1", "line": "H"})
    assert answer.is_ok
    assert answer.state == {"by": "Li Wei", "confirmed_at": "2026-03-05T09:30:00+00:00"}
    assert "bus.open (bus = HS1, line = H)" in asked[0]
    assert not person.command("clear_all", {}).is_ok


def test_without_a_terminal_nobody_is_asked_and_the_agents_pipe_stays_untouched() -> (
    None
):
    with pytest.raises(RigError, match="nobody can be asked here"):
        Person(terminal="/dev/no-such-terminal").command("clear_all", {})


@pytest.mark.parametrize("claim", fault_box_contract.CLAIMS, ids=lambda c: c.__name__)
def test_a_fault_box_driver_keeps_its_contract(
    claim: Callable[[FaultBoxLink], None], fault_box: FaultBoxLink
) -> None:
    claim(fault_box)
