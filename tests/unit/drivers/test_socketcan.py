import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import can
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.drivers.adapters import channel_of
from examrunner.drivers.can_columns import columns_of
from examrunner.drivers.can_datagrams import frames_of
from examrunner.drivers.controller import Controller, controller_of, interfaces_of
from examrunner.drivers.datagram_batch import DatagramReader
from examrunner.drivers.socketcan import SocketCan, bound, prepare
from examrunner.drivers.wall_stamps import WallStamps
from examrunner.model.errors import RigError
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, REMOTE, Frames
from examrunner.testing.socketcan_stand_in import Row, StandInBus, datagram, stand_in

S = 1_000_000_000
DAY = 86_400 * S
LENGTHS = (*range(9), 12, 16, 20, 24, 32, 48, 64)
SILENT = b"""[{"ifname": "can0", "linkinfo": {"info_kind": "can", "info_data": {
  "ctrlmode": ["LISTEN-ONLY", "BERR-REPORTING", "FD"], "state": "ERROR-ACTIVE",
  "bittiming": {"bitrate": 500000}, "data_bittiming": {"bitrate": 2000000}}}}]"""


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[StandInBus]:
    bus = StandInBus(tmp_path / "can0")
    yield bus
    bus.unplug()


@pytest.fixture
def link(bus: StandInBus, tmp_path: Path) -> Iterator[SocketCan]:
    link = stand_in(path=str(tmp_path / "can0"))
    yield link
    link.close()


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    found = []
    for _ in range(draw(st.integers(1, 40))):
        kind = draw(st.sampled_from([0, REMOTE, ERROR, FD, FD | BRS, FD | BRS | ESI]))
        extended = draw(st.booleans()) and kind != ERROR
        largest = 0x1FFFFFFF if extended or kind == ERROR else 0x7FF
        longest = 0 if kind == REMOTE else 64 if kind & FD else 8
        length = draw(st.sampled_from([n for n in LENGTHS if n <= longest]))
        found.append(
            (
                draw(st.integers(0, largest)),
                kind | (EXTENDED if extended else 0),
                draw(st.binary(min_size=length, max_size=length)),
            )
        )
    return found


def read_back(sent: list[bytes]) -> Frames:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        prepare(ours)
        for encoded in sent:
            theirs.send(encoded)
        datagrams = DatagramReader(ours, most=64).read(64)
        return frames_of(datagrams, datagrams.wall_ns)


@given(rows())
def test_a_batch_of_kernel_frames_is_read_with_every_bit(sent: list[Row]) -> None:
    heard = read_back([datagram(*row) for row in sent])
    assert heard.ids.tolist() == [row[0] for row in sent]
    assert heard.flags.tolist() == [row[1] for row in sent]
    assert [
        data[:length].tobytes()
        for data, length in zip(heard.data, heard.length, strict=True)
    ] == [row[2] for row in sent]
    assert not any(
        data[length:].any()
        for data, length in zip(heard.data, heard.length, strict=True)
    )
    assert np.all(np.diff(heard.t_ns) >= 0)
    assert abs(time.time_ns() - heard.t_ns[-1]) < S


@given(rows())
def test_our_columns_are_those_of_python_cans_own_parser(sent: list[Row]) -> None:
    from can.interfaces.socketcan.socketcan import dissect_can_frame

    datagrams = [datagram(*row) for row in sent]
    ours = read_back(datagrams)
    messages = []
    for encoded in datagrams:
        word, length, fd_bits, data = dissect_can_frame(encoded)
        is_fd = len(encoded) == 72
        is_remote = bool(word & 0x40000000)
        messages.append(
            can.Message(
                arbitration_id=word & 0x1FFFFFFF,
                is_extended_id=bool(word & 0x80000000),
                is_remote_frame=is_remote,
                is_error_frame=bool(word & 0x20000000),
                is_fd=is_fd,
                bitrate_switch=bool(fd_bits & 1),
                error_state_indicator=bool(fd_bits & 2),
                dlc=length,
                data=b"" if is_remote else data[:length],
            )
        )
    theirs = columns_of(messages)
    assert ours.ids.tolist() == theirs.ids.tolist()
    assert ours.flags.tolist() == theirs.flags.tolist()
    assert ours.length.tolist() == theirs.length.tolist()
    assert np.array_equal(ours.data, theirs.data)


def test_a_datagram_that_is_no_can_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="no CAN frame"):
        read_back([b"too short"])


def test_frames_have_the_kernels_time_of_arrival_not_of_reading(
    bus: StandInBus, link: SocketCan
) -> None:
    before = time.monotonic_ns()
    bus.send([(0x100, 0, b"\x01")])
    after = time.monotonic_ns()
    time.sleep(0.2)
    (t_ns,) = link.receive(timeout_s=1, most=10).t_ns
    assert before - 1_000_000 <= t_ns <= after + 1_000_000


def test_a_busy_thread_does_not_cost_a_frame(bus: StandInBus, link: SocketCan) -> None:
    stopping = threading.Event()

    def spin() -> None:
        while not stopping.is_set():
            pass

    def feed() -> None:
        for start in range(0, 9000, 90):
            refused.append(
                bus.offer(
                    [
                        datagram(0x100, 0, number.to_bytes(8, "big"))
                        for number in range(start, start + 90)
                    ]
                )
            )
            time.sleep(0.01)

    refused: list[int] = []
    bus.meet()
    spinning, feeding = threading.Thread(target=spin), threading.Thread(target=feed)
    spinning.start()
    feeding.start()
    parts = []
    while sum(map(len, parts)) < 9000:
        parts.append(link.receive(timeout_s=2, most=4096))
        assert len(parts[-1]), "frames were lost"
    stopping.set()
    spinning.join()
    feeding.join()
    heard = Frames.concatenate(parts)
    assert sum(refused) == 0
    assert [int.from_bytes(bytes(row), "big") for row in heard.data] == [*range(9000)]


@given(
    st.lists(st.integers(0, 50_000_000), min_size=1, max_size=20),
    st.integers(0, 20),
    st.sampled_from([10 * DAY, -10 * DAY, -20_000 * DAY, S // 2, -S // 2, 3_600 * S]),
)
def test_a_wall_clock_that_is_set_moves_no_frame(
    waits_ns: list[int], set_after: int, by_ns: int
) -> None:
    monotonic, step = [50 * S], [0]
    wall_zero = 25_000 * DAY
    stamps = WallStamps(
        lambda: monotonic[0] + wall_zero + step[0], lambda: monotonic[0]
    )
    truth, wall = [], []
    for number, wait_ns in enumerate(waits_ns):
        monotonic[0] += 2_000_000 + wait_ns
        if number == set_after:
            step[0] = by_ns
        truth.append(monotonic[0])
        wall.append(monotonic[0] + wall_zero + step[0])
    monotonic[0] += 1_000_000
    found = stamps.monotonic(np.array(wall, np.int64))
    assert found.tolist() == truth


def test_a_controller_is_what_ip_link_says() -> None:
    assert controller_of(SILENT) == Controller(
        is_virtual=False,
        modes=("LISTEN-ONLY", "BERR-REPORTING", "FD"),
        state="ERROR-ACTIVE",
        bitrate_bps=500_000,
        data_bitrate_bps=2_000_000,
    )
    virtual = b'[{"ifname": "vcan0", "linkinfo": {"info_kind": "vcan"}}]'
    assert controller_of(virtual).is_virtual


def one_end() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    theirs.close()
    return ours


def opened(shown: bytes, **options: int) -> SocketCan:
    return SocketCan(
        channel="can0",
        opening=lambda _: one_end(),
        controller=lambda _: controller_of(shown),
        **options,  # type: ignore[arg-type]  # only bitrate
    )


def test_silence_error_frames_and_bit_rate_are_read_back() -> None:
    link = opened(SILENT, bitrate=500_000)
    assert link.silence(True).verified
    assert link.reports_errors()
    assert link.bitrate_bps() == 500_000
    link.close()
    loud = opened(SILENT.replace(b"LISTEN-ONLY", b"LOOPBACK"))
    assert not loud.silence(True).verified
    assert "LOOPBACK" in loud.silence(True).proof
    loud.close()


def test_another_bit_rate_than_the_profiles_is_refused() -> None:
    with pytest.raises(RigError, match="runs at 500000 bit/s, not at 250000") as told:
        opened(SILENT, bitrate=250_000)
    assert "bitrate 250000" in told.value.remedy


def adapter(devices: Path, usb: str, serial: str, *names: str) -> None:
    port = devices / "usb" / usb
    (port / "interface").mkdir(parents=True)
    (port / "serial").write_text(serial + "\n")
    for name in names:
        folder = devices / "net" / name
        folder.mkdir(parents=True)
        (folder / "type").write_text("280\n")
        os.symlink(port / "interface", folder / "device")


def test_an_adapter_is_found_by_its_serial_number_whatever_its_name(
    tmp_path: Path,
) -> None:
    adapter(tmp_path, "1-1", "A1", "can1")
    adapter(tmp_path, "1-2", "B2", "can0", "can2")
    devices = tmp_path / "net"
    assert interfaces_of("A1", devices) == ["can1"]
    assert interfaces_of("B2", devices) == ["can0", "can2"]
    assert interfaces_of("C3", devices) == []
    assert bound("", "A1", devices) == "can1"
    assert bound("can2", "B2", devices) == "can2"
    with pytest.raises(RigError, match="A1 is there, not B2"):
        bound("can1", "B2", devices)
    with pytest.raises(RigError, match="has 2 CAN interfaces"):
        bound("", "B2", devices)


def test_python_cans_adapters_are_bound_by_serial_number_too() -> None:
    def plugged(interface: str) -> list[dict[str, object]]:
        assert interface == "vector"
        return [
            {"channel": 0, "serial": 100123},
            {"channel": 1, "serial": 100123},
            {"channel": 2, "serial": 100999},
        ]

    assert channel_of("vector", "100999", None, plugged) == 2
    assert channel_of("vector", "100123", 1, plugged) == 1
    with pytest.raises(RigError, match="the adapter 5 is not there"):
        channel_of("vector", "5", None, plugged)
    with pytest.raises(RigError, match="has the channels"):
        channel_of("vector", "100123", 2, plugged)
