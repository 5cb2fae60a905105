"""While a candidate works nothing of ours is on the bus, whatever the transport."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import can
import can_remote.server
import pytest

from examrunner.archive.reading import open_recording
from examrunner.archive.writer import RecordingWriter
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureProcess
from examrunner.model.errors import RigError
from examrunner.model.frames import EXTENDED, Frames
from examrunner.model.recording import Ending, Header
from examrunner.model.station import Ecu, Link, Timing
from examrunner.testing.slcan_peer import SlcanPeer
from examrunner.testing.socketcan_stand_in import StandInBus

Row = tuple[int, int, bytes]

ECU = Ecu(name="VCU", channel="CH1", request_id=0x7E0, response_id=0x7E8)
SESSION: Sequence[Row] = [
    (0x100 + number % 20, 0, number.to_bytes(8, "big")) for number in range(400)
] + [
    # A candidate's tool asks, and gets a First Frame that begs for flow control.
    (0x7E0, 0, b"\x03\x19\x02\x08\xcc\xcc\xcc\xcc"),
    (0x7E8, 0, b"\x10\x0f\x59\x02\xff\x00\x01\x02"),
    (0x7DF, 0, b"\x02\x3e\x80\xcc\xcc\xcc\xcc\xcc"),
    (0x18DAF110, EXTENDED, b"\x02\x3e\x00\xcc\xcc\xcc\xcc\xcc"),
]


@dataclass(slots=True)
class Transport:
    """A second node on a bus: plays a session and hears everybody else."""

    link: Link
    play: Callable[[Sequence[Row]], None]
    foreign: Callable[[], int]


@pytest.fixture
def slcan(tmp_path: Path) -> Iterator[Transport]:
    peer = SlcanPeer(tmp_path / "adapter")
    options = {
        "interface": "slcan",
        "channel": str(tmp_path / "adapter"),
        "sleep_after_open": 0.0,
    }
    yield Transport(
        link=Link(driver="can_bus", options=options),
        play=peer.send,
        foreign=lambda: len(peer.spoken),
    )
    peer.unplug()


@pytest.fixture
def socketcan(tmp_path: Path) -> Iterator[Transport]:
    bus = StandInBus(tmp_path / "can0")
    spoken: list[Row] = []

    def foreign() -> int:
        try:
            while True:
                spoken.append(bus.received(0.05))
        except TimeoutError:
            return len(spoken)

    place = "examrunner.testing.socketcan_stand_in:stand_in"
    yield Transport(
        link=Link(driver=place, options={"path": str(tmp_path / "can0")}),
        play=bus.send,
        foreign=foreign,
    )
    bus.unplug()


@pytest.fixture
def remote(request: pytest.FixtureRequest) -> Iterator[Transport]:
    channel = request.node.name
    server = can_remote.server.RemoteServer(
        host="127.0.0.1", port=0, interface="virtual", channel=channel
    )
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    bus = can.Bus(interface="virtual", channel=channel)
    spoken: list[object] = []

    def play(rows: Sequence[Row]) -> None:
        for can_id, flags, data in rows:
            extended = bool(flags & EXTENDED)
            bus.send(
                can.Message(arbitration_id=can_id, is_extended_id=extended, data=data)
            )

    def foreign() -> int:
        while (message := bus.recv(0.05)) is not None:
            spoken.append(message)
        return len(spoken)

    address = f"ws://127.0.0.1:{server.server_port}"
    yield Transport(
        link=Link(
            driver="can_bus", options={"interface": "remote", "channel": address}
        ),
        play=play,
        foreign=foreign,
    )
    server.shutdown()
    server.server_close()
    thread.join()
    bus.shutdown()


@pytest.fixture(params=["slcan", "socketcan", "remote"])
def transport(request: pytest.FixtureRequest) -> Transport:
    found: Transport = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def recorded(tmp_path: Path) -> list[Row]:
    """A recorded session, read back from its recording."""
    folder = tmp_path / "recorded"
    with RecordingWriter(
        folder, Header(software={}), channels=["CH1"], cameras=[]
    ) as writer:
        rows = [(n * 1000, *row) for n, row in enumerate(SESSION)]
        writer.frames("CH1", Frames.of(rows))
        writer.close(Ending.FINISHED, "", 1_000_000)
    frames = open_recording(folder).frames("CH1")
    return [
        (int(can_id), int(flags), data[:length].tobytes())
        for can_id, flags, data, length in zip(
            frames.ids, frames.flags, frames.data, frames.length, strict=True
        )
    ]


def test_a_second_node_hears_nothing_of_ours_between_start_and_stop(
    transport: Transport, recorded: list[Row], tmp_path: Path
) -> None:
    plan = Plan(
        folder=tmp_path / "attempt",
        header=Header(software={}),
        can={"CH1": transport.link},
    )
    with CaptureProcess(plan) as capture:
        assert capture.ask(ECU, b"\x3e\x00", Timing()) is None
        before = transport.foreign()
        capture.begin()
        transport.play(recorded)
        with pytest.raises(RigError, match="only listens"):
            capture.ask(ECU, b"\x19\x02\x08", Timing())
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            capture.advance(100_000_000)
        spoken = transport.foreign() - before
        capture.end("finished")
        assert capture.ask(ECU, b"\x3e\x00", Timing()) is None
        after = transport.foreign() - before
        capture.close(Ending.FINISHED, "test")
    heard = open_recording(tmp_path / "attempt").frames("CH1")
    assert before == 1, "the witness hears what is said before the start"
    assert spoken == 0
    assert after == 1, "and after the stop"
    assert heard.ids.tolist()[-len(SESSION) :] == [row[0] for row in SESSION]
    proofs = [
        event.body
        for event in open_recording(tmp_path / "attempt").events("health")
        if "listen_only" in event.body
    ]
    assert len(proofs) == 1
    assert proofs[0]["verified"] is ("slcan" not in str(transport.link.options))
