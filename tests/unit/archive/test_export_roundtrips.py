"""What is exported and imported again is what was recorded, or the loss is told."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from examrunner.archive.exporting import FORMATS, export, format_for
from examrunner.archive.formats import by_python_can
from examrunner.archive.formats.detection import read_log
from examrunner.archive.lean_can import import_can
from examrunner.model.errors import RecordingError
from examrunner.model.frames import (
    BRS,
    ERROR,
    ESI,
    EXTENDED,
    FD,
    OWN,
    REMOTE,
    Frames,
)

EPOCH_NS = 1_700_000_000_123_456_000
FD_LENGTHS = (0, 1, 7, 8, 12, 16, 20, 24, 32, 48, 64)

Row = tuple[int, int, int, bytes]


def row_of(t_ns: int, can_id: int, flags: int, data: bytes) -> Row:
    if flags & ERROR:
        return t_ns, can_id & 0x3FF, ERROR, data[:8]
    can_id &= 0x1FFFFFFF if flags & EXTENDED else 0x7FF
    if flags & FD:
        return t_ns, can_id, flags & ~REMOTE, data
    flags &= ~(BRS | ESI)
    return t_ns, can_id, flags, bytes(len(data[:8])) if flags & REMOTE else data[:8]


ROWS = st.lists(
    st.builds(
        row_of,
        st.integers(0, 10**13),
        st.integers(0, 0x1FFFFFFF),
        st.sampled_from((0, ERROR, REMOTE, FD)).flatmap(
            lambda kind: st.sampled_from((0, EXTENDED)).flatmap(
                lambda wide: st.sampled_from((0, BRS, ESI, BRS | ESI, OWN)).map(
                    lambda more: kind | wide | more
                )
            )
        ),
        st.sampled_from(FD_LENGTHS).flatmap(
            lambda n: st.binary(min_size=n, max_size=n)
        ),
    ),
    min_size=1,
    max_size=30,
)

KINDS = [
    row_of(0, 0x123, 0, b"\x01\x02\x03"),
    row_of(1_000_000, 0x1ABCDEF0, EXTENDED | OWN, bytes(range(8))),
    row_of(2_000_000, 0x7FF, REMOTE, bytes(4)),
    row_of(3_000_000, 0x080, ERROR, b"\x00\x04\x00\x10\x00\x00\x60\x00"),
    row_of(4_000_000, 0x200, FD | BRS, bytes(range(12))),
    row_of(5_000_000, 0x1FFFFFFF, FD | EXTENDED | ESI, bytes(range(64))),
    row_of(6_000_000, 0x000, 0, b""),
]

every_kind = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def in_time_order(rows: list[Row]) -> Frames:
    return Frames.of(sorted(rows, key=lambda row: row[0]))


def again(frames: Frames, tmp_path: Path, format_: str) -> Frames:
    """Exported with a known time, imported, and counted from that time again."""
    target = tmp_path / f"log.{FORMATS[format_]}"
    export({"CH1": frames}, target, format_, EPOCH_NS)
    (found,) = read_log(target).channels.values()
    return Frames(
        t_ns=found.t_ns - EPOCH_NS,
        ids=found.ids,
        flags=found.flags,
        length=found.length,
        data=found.data,
    )


def assert_same(found: Frames, frames: Frames, *, within_ns: int = 0) -> None:
    assert np.abs(found.t_ns - frames.t_ns).max() <= within_ns
    assert np.array_equal(found.ids, frames.ids)
    assert np.array_equal(found.flags, frames.flags)
    assert np.array_equal(found.length, frames.length)
    width = min(found.data.shape[1], frames.data.shape[1])
    assert np.array_equal(found.data[:, :width], frames.data[:, :width])
    assert not found.data[:, width:].any()


@every_kind
@given(rows=ROWS)
@example(rows=KINDS)
def test_blf_keeps_every_frame_to_the_nanosecond(tmp_path: Path, rows: list[Row]):
    frames = in_time_order(rows)

    assert_same(again(frames, tmp_path, "blf"), frames)


@every_kind
@given(rows=ROWS)
@example(rows=KINDS)
def test_python_can_reads_our_blf_as_we_do(tmp_path: Path, rows: list[Row]):
    can = import_can()
    frames = in_time_order(rows)
    export({"CH1": frames}, tmp_path / "log.blf", "blf", EPOCH_NS)

    with can.BLFReader(tmp_path / "log.blf") as reader:
        messages = list(reader)

    assert len(messages) == len(frames)
    for n, message in enumerate(messages):
        flags, length = int(frames.flags[n]), int(frames.length[n])
        assert message.arbitration_id == frames.ids[n]
        assert message.is_error_frame == bool(flags & ERROR)
        assert message.is_remote_frame == bool(flags & REMOTE)
        assert message.is_fd == bool(flags & FD)
        assert message.bitrate_switch == bool(flags & BRS)
        assert message.is_rx == (not flags & OWN)
        assert message.timestamp == pytest.approx((EPOCH_NS + frames.t_ns[n]) / 1e9)
        if not flags & REMOTE:
            assert bytes(message.data) == frames.data[n, :length].tobytes()


@every_kind
@given(rows=ROWS)
@example(rows=KINDS)
def test_candump_keeps_every_frame_to_the_microsecond(tmp_path: Path, rows: list[Row]):
    frames = in_time_order(rows)

    assert_same(again(frames, tmp_path, "candump"), frames, within_ns=999)


def test_mf4_keeps_every_kind_of_frame(tmp_path: Path):
    frames = Frames.of(KINDS)

    assert_same(again(frames, tmp_path, "mf4"), frames, within_ns=1000)


@every_kind
@given(rows=ROWS)
@example(rows=KINDS)
def test_asc_keeps_every_frame_but_not_the_day_nor_the_class_of_errors(rows: list[Row]):
    frames = in_time_order(rows)

    with TemporaryDirectory() as folder:
        target, columns = Path(folder) / "log.asc", Path(folder) / "columns"
        export({"CH1": frames}, target, "asc", EPOCH_NS)
        # What runs in the child; the child itself would take a second each time.
        by_python_can.convert(str(target), "log.asc", str(columns))
        (found,) = by_python_can.unpacked(columns).values()

    begun = replace(frames, t_ns=frames.t_ns - frames.t_ns[0])
    is_data = (frames.flags & ERROR) == 0
    assert ((found.flags & ERROR) == 0).tolist() == is_data.tolist()
    if is_data.any():
        assert_same(found.take(is_data), begun.take(is_data), within_ns=1000)


@pytest.mark.parametrize("format_", ["blf", "candump", "asc", "mf4"])
def test_channels_stay_apart(tmp_path: Path, format_: str):
    channels = {
        "HS1": Frames.of([(0, 1, 0, b"\x01"), (2_000_000, 3, 0, b"")]),
        "MS1": Frames.of([(1_000_000, 2, 0, b"\x02")]),
    }
    target = tmp_path / f"log.{FORMATS[format_]}"

    export(channels, target, format_, EPOCH_NS)

    found = list(read_log(target).channels.values())
    assert [frames.ids.tolist() for frames in found] == [[1, 3], [2]]


def test_parquet_has_a_row_a_frame_with_the_channels_name(tmp_path: Path):
    told = export(
        {"CH1": Frames.of(KINDS)}, tmp_path / "log.parquet", "parquet", EPOCH_NS
    )

    rows = pq.read_table(tmp_path / "log.parquet")
    assert told == ()
    assert rows.schema.metadata[b"epoch_ns"] == str(EPOCH_NS).encode()
    for row, (t_ns, can_id, flags, data) in zip(rows.to_pylist(), KINDS, strict=True):
        assert row == {
            "t_ns": t_ns,
            "channel": "CH1",
            "id": can_id,
            "flags": flags,
            "data": data,
            "length": len(data),
        }


def test_times_of_an_unknown_day_stay_as_they_are(tmp_path: Path):
    frames = Frames.of([(5, 1, 0, b""), (7, 2, 0, b"")])

    export({"CH1": frames}, tmp_path / "log.blf", "blf", 0)

    assert read_log(tmp_path / "log.blf").channels[0].t_ns.tolist() == [5, 7]


def test_what_a_format_loses_is_told(tmp_path: Path):
    channels = {
        "HS1": Frames.of([(1, 1, 0, b"")]),
        "MS1": Frames.of([(0, 0, ERROR | OWN, b"")]),
    }

    told = {
        format_: " ".join(
            export(channels, tmp_path / f"log.{FORMATS[format_]}", format_, EPOCH_NS)
        )
        for format_ in ("blf", "asc", "candump")
    }

    assert "1 is HS1, 2 is MS1" in told["blf"]
    assert "direction" in told["blf"]
    assert "microseconds" in told["candump"]
    assert "channels" not in told["candump"]
    assert "class and data" in told["asc"]


def test_the_ending_names_the_format():
    assert format_for(Path("a.LOG")) == "candump"
    assert format_for(Path("a.blf")) == "blf"
    with pytest.raises(RecordingError, match=r"\.xyz"):
        format_for(Path("a.xyz"))


def test_a_folder_that_is_not_there_leaves_nothing_behind(tmp_path: Path):
    with pytest.raises(RecordingError, match="cannot be written"):
        export({"A": Frames.empty()}, tmp_path / "no" / "log.blf", "blf", 0)
    with pytest.raises(RecordingError, match="no export format"):
        export({"A": Frames.empty()}, tmp_path / "log.blf", "word", 0)
    assert not list(tmp_path.iterdir())
