"""What only a kernel with CAN can show; ``test_kernel_can.py`` runs this in a guest."""

import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import can
import pytest

from examrunner.archive.reading import open_recording
from examrunner.capture.can_stream import CanStream
from examrunner.capture.clock import MonotonicClock
from examrunner.capture.frame_queue import FrameQueue
from examrunner.capture.losses import Losses
from examrunner.capture.plan import Plan
from examrunner.capture.process import CaptureProcess
from examrunner.drivers.socketcan import SocketCan
from examrunner.model.errors import RigError
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, OWN, REMOTE, Frames
from examrunner.model.recording import Ending, Header
from examrunner.model.station import Link
from examrunner.testing import can_contract
from examrunner.testing.can_contract import CanBench, Row
from examrunner.testing.socketcan_stand_in import datagram

BUS = "vcan0"
PATIENCE_S = 10.0


def ip(*words: str) -> None:
    subprocess.run(["ip", "link", *words], check=True)


@pytest.fixture
def node() -> Iterator[socket.socket]:
    """Another node: a raw socket that can send whatever there is."""
    with socket.socket(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW) as opened:
        opened.setsockopt(socket.SOL_CAN_RAW, socket.CAN_RAW_FD_FRAMES, 1)
        opened.bind((BUS,))
        opened.settimeout(PATIENCE_S)
        yield opened


@pytest.fixture
def link() -> Iterator[SocketCan]:
    link = SocketCan(channel=BUS)
    yield link
    link.close()


def hear(link: SocketCan, count: int) -> Frames:
    parts: list[Frames] = []
    until = time.monotonic() + PATIENCE_S
    while sum(map(len, parts)) < count and time.monotonic() < until:
        parts.append(link.receive(timeout_s=0.2, most=4096))
    return Frames.concatenate(parts)


def rows_of(frames: Frames) -> list[Row]:
    return [
        (int(can_id), int(flags) & ~OWN, data[:length].tobytes())
        for can_id, flags, data, length in zip(
            frames.ids, frames.flags, frames.data, frames.length, strict=True
        )
    ]


KINDS: list[Row] = [
    (0x123, 0, bytes(range(8))),
    (0x000, 0, b""),
    (0x1ABCDEF0, EXTENDED, b"\x01"),
    (0x123, REMOTE, b""),
    (0x1ABCDEF0, EXTENDED | REMOTE, b""),
    (0x456, FD, bytes(range(12))),
    (0x456, FD | BRS, bytes(range(64))),
    (0x1ABCDEF0, EXTENDED | FD | BRS | ESI, bytes(range(48))),
    (0x0C, ERROR, bytes([0, 0x08, 0, 0, 0, 0, 97, 3])),
]


def test_every_kind_of_frame_comes_through_with_every_bit(
    node: socket.socket, link: SocketCan
) -> None:
    for row in KINDS:
        node.send(datagram(*row))
    assert rows_of(hear(link, len(KINDS))) == KINDS


def test_the_kernels_stamps_are_of_the_moment_of_sending(
    node: socket.socket, link: SocketCan
) -> None:
    before = time.monotonic_ns()
    node.send(datagram(0x100, 0, b""))
    after = time.monotonic_ns()
    time.sleep(0.2)
    (t_ns,) = hear(link, 1).t_ns
    assert before - 2_000_000 <= t_ns <= after + 2_000_000


def test_what_another_node_filters_out_is_still_recorded(link: SocketCan) -> None:
    with (
        can.Bus(
            interface="socketcan",
            channel=BUS,
            can_filters=[{"can_id": 0x200, "can_mask": 0x7F0, "extended": False}],
        ) as picky,
        can.Bus(interface="socketcan", channel=BUS) as speaker,
    ):
        for can_id in (0x1FF, 0x200, 0x20F, 0x210):
            speaker.send(can.Message(arbitration_id=can_id, is_extended_id=False))
        filtered = [picky.recv(1), picky.recv(1), picky.recv(0.2)]
    assert [m and m.arbitration_id for m in filtered] == [0x200, 0x20F, None]
    assert hear(link, 4).ids.tolist() == [0x1FF, 0x200, 0x20F, 0x210]


@pytest.fixture
def bench(node: socket.socket) -> CanBench:
    def received() -> Row:
        heard = node.recv(72)
        (word,) = struct.unpack_from("=I", heard)
        flags = EXTENDED if word & 0x80000000 else 0
        return word & 0x1FFFFFFF, flags, heard[8 : 8 + heard[4]]

    def send(rows: object) -> None:
        for row in rows:  # type: ignore[attr-defined]  # rows of the contract
            node.send(datagram(*row))

    return CanBench(
        open=lambda: SocketCan(channel=BUS),
        send=send,
        received=received,
        unplug=lambda: ip("set", BUS, "down"),
    )


@pytest.mark.parametrize("claim", can_contract.CLAIMS, ids=lambda c: c.__name__)
def test_socketcan_keeps_the_contract_of_drivers(
    claim: Callable[[CanBench], None], bench: CanBench
) -> None:
    try:
        claim(bench)
    finally:
        ip("set", BUS, "up")


def test_a_bus_without_a_controller_is_called_that(link: SocketCan) -> None:
    proof = link.silence(True)
    assert proof.verified
    assert "no transceiver" in proof.proof
    assert link.bitrate_bps() is None


def test_frames_that_found_no_room_are_counted_to_the_last_one(
    node: socket.socket, link: SocketCan
) -> None:
    link._socket.setsockopt(socket.SOL_SOCKET, 33, 20_000)  # SO_RCVBUFFORCE
    for number in range(1000):
        node.send(datagram(0x100, 0, number.to_bytes(8, "big")))
    heard = (
        hear(link, 1000) if link.overruns() else link.receive(timeout_s=1, most=1000)
    )
    node.send(datagram(0x101, 0, b""))  # the count comes with the next frame
    after = hear(link, 1)
    assert 0 < len(heard) < 1000
    assert after.ids.tolist() == [0x101]
    assert link.overruns() == 1000 - len(heard)


def test_an_interface_that_goes_down_ten_times_comes_back_each_time(
    node: socket.socket,
) -> None:
    clock = MonotonicClock()
    told: list[dict[str, object]] = []
    losses = Losses(lambda t_ns, stream, body: told.append(dict(body)))
    stream = CanStream(
        "CH1", lambda: SocketCan(channel=BUS), FrameQueue(), clock, losses
    )
    slowest_s = 0.0
    for cycle in range(10):
        began = time.monotonic()
        ip("set", BUS, "down")
        while len(losses.open) == 0:
            assert time.monotonic() - began < 1.0
            time.sleep(0.005)
        ip("set", BUS, "up")
        began, before = time.monotonic(), stream.received
        while stream.received == before:
            assert time.monotonic() - began < 3.0
            with suppress(OSError):  # this node hears of the loss as well
                node.send(datagram(0x100, 0, bytes([cycle])))
            time.sleep(0.01)
        slowest_s = max(slowest_s, time.monotonic() - began)
    stream.stop()
    assert sum("down" in body for body in told) == 10
    assert sum("from_ns" in body for body in told) == 10
    sys.stdout.write(
        f"\nfigure: vcan0 down and up 10 times, back after {slowest_s * 1e3:.0f} ms\n"
    )


def test_a_whole_capture_is_recorded_and_says_nothing_itself(
    node: socket.socket, tmp_path: Path
) -> None:
    plan = Plan(
        folder=tmp_path / "attempt",
        header=Header(software={}),
        can={
            "CH1": Link(
                driver="can_bus", options={"interface": "socketcan", "channel": BUS}
            )
        },
    )
    foreign: list[bytes] = []
    with (
        socket.socket(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW) as witness,
        CaptureProcess(plan) as capture,
    ):
        witness.setsockopt(socket.SOL_CAN_RAW, socket.CAN_RAW_FD_FRAMES, 1)
        witness.bind((BUS,))
        witness.settimeout(0.2)
        capture.begin()
        playing = threading.Thread(target=play, args=(node, 2000))
        playing.start()
        while True:
            try:
                foreign.append(witness.recv(72))
            except TimeoutError:
                if not playing.is_alive():
                    break
        playing.join()
        capture.end("finished")
        capture.close(Ending.FINISHED, "test")
    recording = open_recording(tmp_path / "attempt")
    heard = recording.frames("CH1")
    assert [int.from_bytes(bytes(row), "big") for row in heard.data] == [*range(2000)]
    assert len(foreign) == 2000, "somebody else has spoken"
    health = [event.body for event in recording.events("health")]
    assert any(body.get("error_reporting") is True for body in health)
    assert any(body.get("verified") is True for body in health)
    took_s = (heard.t_ns[-1] - heard.t_ns[0]) / 1e9
    sys.stdout.write(
        f"\nfigure: 2,000 frames on vcan0 in {took_s:.2f} s, all recorded, 0 spoken\n"
    )


def play(node: socket.socket, count: int) -> None:
    for number in range(count):
        node.send(datagram(0x100 + number % 8, 0, number.to_bytes(8, "big")))
        time.sleep(0.0002)


def test_a_gone_interface_names_the_remedy() -> None:
    with pytest.raises(RigError) as told:
        SocketCan(channel="can7")
    assert "ip link" in told.value.remedy
