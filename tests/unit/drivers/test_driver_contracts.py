import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
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
            said = json.loads(line)
            known = {"arm", "state", "measure", "clear_all", "disarm"}
            result = "ok" if said["op"] in known else "bad_arg"
            answer = {"seq": said["seq"], "result": result, "state": {"armed": True}}
            self.wfile.write(json.dumps(answer).encode() + b"\n")


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


@pytest.fixture(params=["socket", "person"])
def fault_box(request: pytest.FixtureRequest, peer) -> Iterator[FaultBoxLink]:
    link: FaultBoxLink = (
        FaultBox(address=peer(BoxPeer))
        if request.param == "socket"
        else Person(confirm=lambda instruction: True)
    )
    yield link
    link.close()


@pytest.mark.parametrize("claim", fault_box_contract.CLAIMS, ids=lambda c: c.__name__)
def test_a_fault_box_driver_keeps_its_contract(
    claim: Callable[[FaultBoxLink], None], fault_box: FaultBoxLink
) -> None:
    claim(fault_box)
