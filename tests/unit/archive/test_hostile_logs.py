"""Damaged and malicious input: an error in three lines, in time, within a gigabyte."""

import gzip
import os
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import can
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examrunner.archive.formats.detection import read_log
from examrunner.model.errors import ExamRunnerError, RecordingError

LONGEST_S = 10.0
LARGEST_MIB = 1024
# A new process counts the memory of the one that it was forked from as its own peak,
# and a test worker is large: this small one starts the command and measures it.
MEASURED = """
import os, subprocess, sys
with subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL) as process:
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
sys.stdout.write(f"{process.returncode} {used.ru_maxrss / 1024}")
"""


def used_s() -> float:
    """Processor time of this process and its children: a busy machine adds none."""
    return sum(os.times()[:4])


def run_limited(*arguments: object) -> tuple[int, str, float]:
    """Status, error text and peak memory in MiB of the command in its own process."""
    start = "from examrunner.cli import main; main()"
    command = [sys.executable, "-c", start, *map(str, arguments)]
    begun_s = used_s()
    measured = [sys.executable, "-c", MEASURED, *command]
    ended = subprocess.run(measured, capture_output=True, text=True, check=True)
    assert used_s() - begun_s < LONGEST_S + 5
    status, peak_mib = ended.stdout.split()
    return int(status), ended.stderr, float(peak_mib)


def assert_refused(log: Path, tmp_path: Path) -> str:
    """Importing it fails as it should; the log is still what it was."""
    before = log.read_bytes()

    status, words, peak_mib = run_limited(
        "recording", "import", tmp_path / "rec", "--can", f"CH1={log}"
    )

    assert status == 2, words
    assert len(words.strip().splitlines()) == 3, words
    assert "Traceback" not in words
    assert peak_mib < LARGEST_MIB
    assert log.read_bytes() == before
    assert not list(tmp_path.glob("*rec*"))
    return words


def outer(body: bytes, method: int, kind: int = 10) -> bytes:
    """A BLF container around a packed body."""
    inner = struct.pack("<H6xL4x", method, len(body)) + body
    size = 16 + len(inner)
    head = struct.pack("<4sHHLL", b"LOBJ", 16, 1, size, kind)
    return head + inner + bytes(size % 4)


def blf(*containers: bytes) -> bytes:
    """A BLF of these containers."""
    return b"LOGG" + struct.pack("<L", 144) + bytes(136) + b"".join(containers)


def classic(t_ns: int, object_size: int = 48) -> bytes:
    """A CAN_MESSAGE object."""
    head = struct.pack("<4sHHLL", b"LOBJ", 32, 1, object_size, 1)
    return (
        head
        + struct.pack("<LHHQ", 2, 0, 0, t_ns)
        + struct.pack("<HBBL8s", 1, 0, 8, 0x123, b"12345678")
    )


def test_a_blf_that_python_can_never_ends_on_is_refused(tmp_path: Path):
    log = tmp_path / "loop.blf"
    log.write_bytes(blf(outer(zlib.compress(classic(1, object_size=0) + bytes(40)), 2)))
    assert log.stat().st_size < 300
    peer = "import sys, can\nfor message in can.BLFReader(sys.argv[1]): pass\n"

    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", peer, str(log)], timeout=4, check=False)
    words = assert_refused(log, tmp_path)

    assert "shorter than its own header" in words


def test_a_blf_bomb_is_refused_before_it_unfolds(tmp_path: Path):
    log = tmp_path / "bomb.blf"
    zeros = zlib.compress(bytes(1 << 29), 1)
    log.write_bytes(blf(outer(zeros, 2)))

    assert "unfolds" in assert_refused(log, tmp_path)


def test_many_small_containers_that_unfold_are_refused_as_well(tmp_path: Path):
    log = tmp_path / "bombs.blf"
    packed = zlib.compress(classic(1) * (1 << 20), 9)
    log.write_bytes(blf(*[outer(packed, 2)] * 40))

    assert "unfolds" in assert_refused(log, tmp_path)


def test_a_gzip_bomb_is_refused(tmp_path: Path):
    log = tmp_path / "bomb.log.gz"
    line = b"(0.000000) can0 123#00\n"
    with gzip.open(log, "wb", compresslevel=1) as file:
        for _ in range(40):
            file.write(line * (1 << 20))

    assert "unpacks to more than" in assert_refused(log, tmp_path)


PCAP = struct.pack("<LHHlLLL", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 227)
PCAPNG = struct.pack("<LLLHHqL", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
INTERFACE = struct.pack("<LLHHLL", 1, 20, 227, 0, 0, 20)

BAD = {
    "packet.pcap": PCAP + struct.pack("<LLLL", 0, 0, 0xFFFFFFFF, 0xFFFFFFFF),
    "ethernet.pcap": PCAP[:20] + struct.pack("<L", 1) + bytes(100),
    "empty.pcap": PCAP,
    "head.pcap": PCAP[:10],
    "block.pcapng": PCAPNG + struct.pack("<LL", 6, 0) + bytes(40),
    "huge.pcapng": PCAPNG + struct.pack("<LL", 6, 0xFFFFFFFC) + bytes(40),
    "stranger.pcapng": PCAPNG
    + INTERFACE
    + struct.pack("<LLLLLLLL", 6, 36, 9, 0, 0, 0, 0, 36),
    "short.pcapng": PCAPNG + struct.pack("<LLL", 1, 12, 12),
    "garbage.asc": b"date Mon Jan 1\nbase hex\n" + b"\xff garbage \x00\n" * 1000,
    "numbers.asc": b"date Mon Jan 1\nbase hex\n" + b"9" * 5000 + b" 1 123 Rx d 8 00\n",
    "length.asc": b"base hex timestamps absolute\n1.0 1 123 Rx d 99 00 11\n",
    "garbage.trc": b";$FILEVERSION=2.1\n;$COLUMNS=N,O,T,B,I,d,R,L,D\n zzz\n",
    "version.trc": b";$FILEVERSION=99.9\n 1 2 3\n",
    "garbage.mf4": b"MDF     4.11    " + bytes(range(256)) * 8,
    "empty.mf4": b"MDF ",
    "odd.log": b"(1.000000) can0 123#123\n",
    "long.log": b"(1.000000) can0 123#112233445566778899\n",
    "time.log": b"(" + b"9" * 400 + b".000000) can0 123#11\n",
    "id.log": b"(1.000000) can0 FFFFFFFFFFFF#11\n",
    "line.log": b"(1.000000) can0 123#" + b"0" * 100_000 + b"\n",
    "gvret.csv": b"Time Stamp,ID,Extended,Dir,Bus,LEN,D1\n1,2,false,Rx,0,8,00\n",
    "columns.csv": b"Time Stamp,ID,Extended\n1,2,3\n",
    "byte.csv": b"ID,Data\n123,zz\n",
    "crtd.txt": b"1.0 R11 123 00\n1.0 R11 123 000\n",
    "cl2000.txt": b"# Logger type: CL2000\n# Time format: 77\nTimestamp;ID\n1;1\n",
    "busmaster.log": b"***BUSMASTER Ver 2.4.0***\n99 x\n",
    "microchip.log": b"//---- Microchip\n//----\n1;RX;0x1;9;0;0\n",
    "nothing.log": b"",
    "words.log": b"hello world\n",
    "binary.log": bytes(range(256)) * 100,
    "gzip.log.gz": b"\x1f\x8b\x08\x00garbage",
    "cut.blf": b"LOGG" + bytes(20),
    "object.blf": blf(b"LOBJ" + bytes(28)),
    "method.blf": blf(outer(b"12345678", 77)),
    "zlib.blf": blf(outer(b"no zlib at all", 2)),
    "stranger.blf": blf(outer(zlib.compress(b"x" * 500), 2)),
    "time.blf": blf(outer(zlib.compress(classic((1 << 64) - 1) * 3), 2)),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_log_gets_an_error_with_place_and_remedy(name: str, tmp_path: Path):
    log = tmp_path / name
    log.write_bytes(BAD[name])

    with pytest.raises(RecordingError) as caught:
        read_log(log)

    assert str(log) in caught.value.where
    assert caught.value.remedy
    assert log.read_bytes() == BAD[name]


@pytest.mark.parametrize("name", ["garbage.asc", "garbage.mf4", "packet.pcap"])
def test_the_command_refuses_it_in_three_lines(name: str, tmp_path: Path):
    log = tmp_path / name
    log.write_bytes(BAD[name])

    assert_refused(log, tmp_path)


def test_a_log_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(RecordingError) as caught:
        read_log(tmp_path / "nothing.blf")

    assert "nothing.blf" in caught.value.where


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A BLF of every kind of frame that python-can writes."""
    path = tmp_path_factory.mktemp("healthy") / "log.blf"
    seeded = random.Random(20260102)
    with can.BLFWriter(path) as writer:
        for number in range(400):
            is_fd, is_error = seeded.random() < 0.3, seeded.random() < 0.05
            count = seeded.choice((0, 8, 12, 64)) if is_fd else seeded.randrange(9)
            writer.on_message_received(
                can.Message(
                    timestamp=number * 1e-3,
                    arbitration_id=seeded.randrange(0x800),
                    is_extended_id=seeded.random() < 0.3,
                    is_fd=is_fd and not is_error,
                    is_error_frame=is_error,
                    data=seeded.randbytes(0 if is_error else count),
                )
            )
    return path.read_bytes()


def outcome(path: Path, format_: str = "blf") -> int:
    """How many frames were read; -1 for a clear error. Anything else is a bug."""
    before_s = used_s()
    try:
        return len(read_log(path, format_))
    except ExamRunnerError:
        return -1
    finally:
        assert used_s() - before_s < LONGEST_S


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 7)), max_size=8),
)
def test_a_cut_or_flipped_blf_is_read_or_refused(
    healthy: bytes, tmp_path: Path, cut: float, flips: list[tuple[float, int]]
):
    content = bytearray(healthy[: max(int(len(healthy) * cut), 1)])
    for place, bit in flips:
        content[int(place * (len(content) - 1))] ^= 1 << bit
    path = tmp_path / "log.blf"
    path.write_bytes(content)

    assert outcome(path) <= 400


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 7)), max_size=8))
def test_flips_below_the_packing_are_survived_too(
    healthy: bytes, tmp_path: Path, flips: list[tuple[float, int]]
):
    """Where no checksum helps: the flips are in the unpacked objects."""
    size = struct.unpack_from("<L", healthy, 144 + 8)[0]
    stream = bytearray(zlib.decompress(healthy[144 + 32 : 144 + size]))
    for place, bit in flips:
        stream[int(place * (len(stream) - 1))] ^= 1 << bit
    path = tmp_path / "log.blf"
    path.write_bytes(blf(outer(zlib.compress(bytes(stream)), 2)))

    assert outcome(path) <= 400


def test_a_cut_blf_keeps_what_is_whole_and_says_that_it_is_cut(
    healthy: bytes, tmp_path: Path
):
    stream = b"".join(classic(n) for n in range(100))
    whole = blf(outer(zlib.compress(stream), 2), outer(zlib.compress(stream), 2))
    path = tmp_path / "log.blf"
    path.write_bytes(whole[:-20])

    log = read_log(path)

    assert len(log) == 100
    assert "cut off" in log.notes[0]


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    head=st.sampled_from(["packet.pcap", "stranger.pcapng", "huge.pcapng"]),
    content=st.binary(max_size=300),
)
def test_any_capture_is_read_or_refused(tmp_path: Path, head: str, content: bytes):
    start = PCAPNG + INTERFACE if head.endswith("ng") else PCAP
    path = tmp_path / "log"
    path.write_bytes(start + content)

    assert outcome(path, "") >= -1


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(
        ["candump", "crtd", "gvret", "csv", "busmaster", "microchip", "cl2000"]
    ),
    text=st.text("0123456789abcdefRTrx()#.;,: \n/*-_", max_size=200),
)
def test_any_text_is_read_or_refused(tmp_path: Path, name: str, text: str):
    path = tmp_path / "log"
    path.write_text(text)

    assert outcome(path, name) >= -1
