"""asammdf decoding the same trace: a program of its own, because of its imports.

``python -m examrunner.bench.asammdf_decode write FOLDER`` turns ``frames.npz`` in
that folder into an MF4 file; ``read FOLDER`` decodes it with ``trace.dbc`` and prints
the seconds that this took.
"""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

FIELDS = (
    ("BusChannel", "<u1"),
    ("ID", "<u4"),
    ("IDE", "<u1"),
    ("DLC", "<u1"),
    ("DataLength", "<u1"),
    ("DataBytes", "(64,)u1"),
)
"""As python-can's writer and bus loggers lay them out: room for a CAN FD payload."""


def write(folder: Path) -> None:
    """An uncompressed MF4 file, which is what asammdf reads fastest."""
    from asammdf import MDF, Signal, Source
    from asammdf.blocks.v4_constants import (
        BUS_TYPE_CAN,
        FLAG_CG_BUS_EVENT,
        SOURCE_BUS,
    )

    with np.load(folder / "frames.npz") as frames:
        samples = np.zeros(
            len(frames["t_ns"]),
            [(f"CAN_DataFrame.{name}", kind) for name, kind in FIELDS],
        )
        samples["CAN_DataFrame.BusChannel"] = 1
        samples["CAN_DataFrame.ID"] = frames["ids"]
        samples["CAN_DataFrame.DLC"] = samples["CAN_DataFrame.DataLength"] = 8
        samples["CAN_DataFrame.DataBytes"][:, :8] = frames["data"]
        times = frames["t_ns"] / 1e9
    source = Source("CAN", "CAN", "CAN", SOURCE_BUS, BUS_TYPE_CAN)
    with MDF(version="4.10") as log:
        log.append(
            [Signal(samples, times, name="CAN_DataFrame", source=source)],
            acq_source=source,
        )
        log.groups[0].channel_group.flags |= FLAG_CG_BUS_EVENT
        log.save(folder / "trace.mf4", overwrite=True, compression=0)


def read(folder: Path) -> float:
    """Seconds from the opened file to every value of every signal."""
    from asammdf import MDF

    databases: Any = {"CAN": [(str(folder / "trace.dbc"), 0)]}
    with MDF(folder / "trace.mf4") as log:
        start_s = time.perf_counter()
        decoded = log.extract_bus_logging(database_files=databases)
        for number, group in enumerate(decoded.groups):
            for index in range(1, len(group.channels)):
                decoded.get(group=number, index=index)
        return time.perf_counter() - start_s


if __name__ == "__main__":
    action, where = sys.argv[1], Path(sys.argv[2])
    if action == "write":
        write(where)
    else:
        print(read(where))  # noqa: T201  # a program of its own
