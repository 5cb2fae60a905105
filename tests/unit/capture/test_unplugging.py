"""Adapters that come and go: 50 times each, with figures."""

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import can
import can_remote.server
import numpy as np
import pytest

from examrunner.capture.can_stream import CanStream
from examrunner.capture.clock import MonotonicClock
from examrunner.capture.frame_queue import FrameQueue
from examrunner.capture.losses import Losses
from examrunner.drivers.can_bus import CanBus
from examrunner.drivers.links import CanLink
from examrunner.model.frames import Frames
from examrunner.testing.slcan_peer import SlcanPeer
from examrunner.testing.socketcan_stand_in import StandInBus, stand_in

CYCLES = 50
S = 1_000_000_000
PATIENCE_S = 10.0


@dataclass(slots=True)
class Plug:
    """A bus that can be taken away and given back."""

    open: Callable[[], CanLink]
    send: Callable[[int], None]
    plug: Callable[[], None]
    unplug: Callable[[], None]


@pytest.fixture
def slcan(tmp_path: Path) -> Iterator[Plug]:
    peer = SlcanPeer(tmp_path / "adapter")
    yield Plug(
        open=lambda: CanBus(
            interface="slcan",
            channel=str(tmp_path / "adapter"),
            serial="A001",
            sleep_after_open=0.0,
        ),
        send=lambda number: peer.send([(0x100, 0, number.to_bytes(8, "big"))]),
        plug=peer.plug,
        unplug=peer.unplug,
    )
    peer.unplug()


@pytest.fixture
def socketcan(tmp_path: Path) -> Iterator[Plug]:
    bus = StandInBus(tmp_path / "can0")
    yield Plug(
        open=lambda: stand_in(path=str(tmp_path / "can0")),
        send=lambda number: bus.send([(0x100, 0, number.to_bytes(8, "big"))]),
        plug=bus.plug,
        unplug=bus.unplug,
    )
    bus.unplug()


@dataclass(slots=True)
class RemotePlug:
    channel: str
    port: int = 0
    server: can_remote.server.RemoteServer | None = None
    thread: threading.Thread | None = None

    def plug(self) -> None:
        self.server = can_remote.server.RemoteServer(
            host="127.0.0.1", port=self.port, interface="virtual", channel=self.channel
        )
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def unplug(self) -> None:
        if self.server is None or self.thread is None:
            return
        self.server.shutdown()
        self.thread.join()
        for client in list(self.server.clients):
            with suppress(OSError):
                client._ws.socket.shutdown(2)
        self.server.block_on_close = False
        self.server.server_close()
        self.server = None


@pytest.fixture
def remote(request: pytest.FixtureRequest) -> Iterator[Plug]:
    channel = request.node.name
    rig = RemotePlug(channel)
    rig.plug()
    bus = can.Bus(interface="virtual", channel=channel)

    def send(number: int) -> None:
        data = number.to_bytes(8, "big")
        bus.send(can.Message(arbitration_id=0x100, is_extended_id=False, data=data))

    yield Plug(
        open=lambda: CanBus(interface="remote", channel=f"ws://127.0.0.1:{rig.port}"),
        send=send,
        plug=rig.plug,
        unplug=rig.unplug,
    )
    rig.unplug()
    bus.shutdown()


@dataclass(slots=True)
class Diary:
    """What a recording would say about gaps."""

    clock: MonotonicClock
    down: list[tuple[int, int]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)

    def write(self, t_ns: int, stream: str, body: Mapping[str, object]) -> None:
        assert stream == "health"
        if "down" in body:
            self.down.append((self.clock.now_ns(), t_ns))
        else:
            gap = body["from_ns"], body["to_ns"]
            assert isinstance(gap[0], int)
            assert isinstance(gap[1], int)
            self.gaps.append((gap[0], gap[1]))


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.002)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["slcan", "socketcan", "remote"])
# The thread of the library's server dies with the connection that we break.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_fifty_times_unplugged_every_loss_is_declared_and_it_comes_back(
    kind: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    plug: Plug = request.getfixturevalue(kind)
    clock = MonotonicClock()
    diary = Diary(clock)
    queue = FrameQueue()
    stream = CanStream("CH1", plug.open, queue, clock, Losses(diary.write))
    numbers = itertools.count()
    lost_s, back_s = [], []

    def hear(count: int) -> None:
        """One after the other, until so many arrive."""
        wanted = stream.received + count
        until = time.monotonic() + PATIENCE_S
        while stream.received < wanted:
            assert time.monotonic() < until
            plug.send(next(numbers))
            time.sleep(0.005)

    for _ in range(CYCLES):
        hear(5)
        told = len(diary.down)
        pulled_ns = clock.now_ns()
        plug.unplug()
        wait_until(lambda told=told: len(diary.down) > told)
        lost_s.append((diary.down[-1][0] - pulled_ns) / S)
        time.sleep(0.15)
        plugged_ns = clock.now_ns()
        plug.plug()
        hear(1)
        back_s.append((clock.now_ns() - plugged_ns) / S)
    stream.stop()

    heard, dropped = queue.take()
    assert dropped is None
    assert len(diary.down) == len(diary.gaps) == CYCLES
    assert max(lost_s) <= 1.0
    assert max(back_s) <= 3.0
    assert no_silent_loss(heard, next(numbers), diary.gaps)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{kind}: {CYCLES} times unplugged; declared after "
            f"{np.median(lost_s) * 1e3:.0f} ms (most {max(lost_s) * 1e3:.0f}), back "
            f"after {np.median(back_s) * 1e3:.0f} ms (most {max(back_s) * 1e3:.0f})\n"
        )


def no_silent_loss(heard: Frames, sent: int, gaps: list[tuple[int, int]]) -> bool:
    """Between two neighbours that arrived, either nothing was sent or a gap is told."""
    numbers = [int.from_bytes(bytes(row), "big") for row in heard.data]
    assert numbers == sorted(set(numbers))
    for before, after, from_ns, to_ns in zip(
        numbers, numbers[1:], heard.t_ns, heard.t_ns[1:], strict=False
    ):
        declared = any(gap[0] <= to_ns and gap[1] >= from_ns for gap in gaps)
        if after != before + 1 and not declared:
            return False
    return numbers[-1] <= sent
