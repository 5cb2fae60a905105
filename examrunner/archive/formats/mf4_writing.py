"""Writes ASAM MDF 4 bus logs with asammdf; runs in a child only."""

import datetime as dt
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from examrunner.archive.formats.by_python_can import unpacked
from examrunner.archive.formats.dlc import DLC_BYTES
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, OWN, REMOTE, Frames

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
STREAMS: Final = (
    ("CAN_DataFrame", 0),
    ("CAN_RemoteFrame", REMOTE),
    ("CAN_ErrorFrame", ERROR),
)


def convert(source: str, target: str, epoch_ns: int) -> int:
    """Write the columns of ``source`` as an MF4 bus log; returns the frames."""
    from asammdf import MDF

    channels = unpacked(Path(source))
    with MDF(version="4.11") as mdf:
        mdf.start_time = EPOCH + dt.timedelta(microseconds=epoch_ns // 1000)
        for number, frames in channels.items():
            for stream, kind in STREAMS:
                mine = frames.take((frames.flags & (REMOTE | ERROR)) == kind)
                if len(mine):
                    _append(mdf, stream, mine, number + 1)
        mdf.save(target, overwrite=True)
    return sum(len(frames) for frames in channels.values())


def _append(mdf: Any, stream: str, frames: Frames, number: int) -> None:
    from asammdf import Signal
    from asammdf.blocks.source_utils import Source

    columns = _columns(frames, number)
    record = np.rec.fromarrays(
        list(columns.values()),
        dtype=[
            (f"{stream}.{name}", column.dtype, column.shape[1:])
            for name, column in columns.items()
        ],
    )
    source = Source("CAN", "CAN", "CAN", Source.SOURCE_BUS, Source.BUS_TYPE_CAN)
    signal = Signal(
        record, frames.t_ns / 1e9, name=stream, source=source, encoding="utf-8"
    )
    mdf.append([signal], acq_source=source, comment="examrunner", common_timebase=True)


def _columns(frames: Frames, number: int) -> dict[str, NDArray[Any]]:
    def flag(bit: int) -> NDArray[np.uint8]:
        return np.where(frames.flags & bit, 1, 0).astype(np.uint8)

    return {
        "BusChannel": np.full(len(frames), number, np.uint8),
        "ID": frames.ids,
        "IDE": flag(EXTENDED),
        "DLC": np.searchsorted(DLC_BYTES, frames.length).astype(np.uint8),
        "DataLength": frames.length,
        "DataBytes": frames.data,
        "Dir": flag(OWN),
        "EDL": flag(FD),
        "BRS": flag(BRS),
        "ESI": flag(ESI),
    }
