"""Reading log files of other tools into columns, beside the usual readers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from examrunner.archive.exporting import export
from examrunner.archive.formats.detection import read_log
from examrunner.archive.lean_can import import_can
from examrunner.bench.harness import Case, timed
from examrunner.model.frames import BRS, FD, Frames, widened

OURS_TIMES: Final = 5
"""How often we repeat a read, so that a round of ours is not too short to time."""
LEAST_RATIO: Final = 5.0
FLEXIBLE_SHARE: Final = 0.3
SEED: Final = 20260103
PCAP_HEADER: Final = "d4c3b2a1020004000000000000000000ffff0000e3000000"


def cases(folder: Path, classic: Frames) -> list[Case]:
    """Each format once, written by ourselves from the same seeded frames."""
    mixed = with_flexible_frames(classic)
    return [
        _case("BLF to columns, classic CAN", classic, folder / "classic.blf", "blf"),
        _case("BLF to columns, 30 % CAN FD", mixed, folder / "mixed.blf", "blf"),
        _case("candump to columns", classic, folder / "log.log", "candump"),
        _capture(classic, folder / "log.pcap"),
    ]


def with_flexible_frames(classic: Frames) -> Frames:
    """The same frames, some of them in CAN FD format with 64 bytes."""
    random = np.random.default_rng(SEED)
    is_fd = random.random(len(classic)) < FLEXIBLE_SHARE
    data = widened(classic.data, 64).copy()
    data[is_fd] = random.integers(0, 256, (int(is_fd.sum()), 64))
    return replace(
        classic,
        flags=np.where(is_fd, FD | BRS, classic.flags).astype(np.uint8),
        length=np.where(is_fd, 64, classic.length).astype(np.uint8),
        data=data,
    )


def _case(name: str, frames: Frames, path: Path, format_: str) -> Case:
    export({"CH1": frames}, path, format_, 0)
    return Case(
        case=f"{name}, {len(frames):,} frames",
        unit="frames/s",
        better="higher",
        ours=timed(_repeated(path), OURS_TIMES * len(frames)),
        peers={"python-can": timed(lambda: by_python_can(path), len(frames))},
        limit_ratio={"python-can": LEAST_RATIO} if format_ == "blf" else {},
    )


def _capture(frames: Frames, path: Path) -> Case:
    path.write_bytes(bytes.fromhex(PCAP_HEADER) + _packets(frames).tobytes())
    return Case(
        case=f"pcap to columns, {len(frames):,} frames",
        unit="frames/s",
        better="higher",
        ours=timed(_repeated(path), OURS_TIMES * len(frames)),
        peers=_scapy(path, len(frames)),
    )


def _packets(frames: Frames) -> Any:
    """Classic frames as the packets of a CAN link."""
    layout = [("time", "<u4", 2), ("size", "<u4", 2), ("id", ">u4")]
    packets = np.zeros(
        len(frames), [*layout, ("length", "u1"), ("zeros", "u1", 3), ("data", "u1", 8)]
    )
    packets["time"][:, 0] = frames.t_ns // 1_000_000_000
    packets["time"][:, 1] = frames.t_ns % 1_000_000_000 // 1000
    packets["size"], packets["id"] = 16, frames.ids
    packets["length"], packets["data"] = frames.length, frames.data
    return packets


def _repeated(path: Path) -> Callable[[], object]:
    return lambda: [read_log(path) for _ in range(OURS_TIMES)]


def by_python_can(path: Path) -> Frames:
    """python-can's reader for that file into the same columns."""
    can = import_can()
    with can.LogReader(path) as reader:
        return Frames.of(
            (round(m.timestamp * 1e9), m.arbitration_id, 0, bytes(m.data))
            for m in reader
        )


def _scapy(path: Path, count: int) -> Mapping[str, Callable[[], float]]:
    """Scapy's reader, where scapy is installed."""
    try:
        from scapy.layers.can import CAN
        from scapy.utils import RawPcapReader
    except ImportError:
        return {}

    def read() -> Frames:
        with RawPcapReader(str(path)) as reader:
            return Frames.of(
                (0, int(packet.identifier), 0, bytes(packet.data))
                for packet in (CAN(data) for data, _ in reader)
            )

    return {"scapy": timed(read, count)}
