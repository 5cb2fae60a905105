"""Frames of several channels as one sequence, which most log formats want."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames

Channels = Mapping[str, Frames]
"""Frames by channel name."""


def merged(channels: Channels) -> tuple[Frames, NDArray[np.int64]]:
    """All frames by time, and the position of each one's channel.

    Frames of one channel with equal times keep their order.
    """
    every = Frames.concatenate(list(channels.values()))
    counts = [len(frames) for frames in channels.values()]
    position = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    order = np.argsort(every.t_ns, kind="stable")
    return every.take(order), position[order]
