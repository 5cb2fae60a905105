"""Frames of a channel laid out by identifier, each group in file order."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import ERROR, EXTENDED, REMOTE, Frames, width_for

EXTENDED_KEY_BIT = 1 << 31


def data_frames(frames: Frames) -> Frames:
    """Without error frames, which carry no identifier, and remote frames, no data."""
    wanted = frames.flags & (ERROR | REMOTE) == 0
    return frames if wanted.all() else frames.take(wanted)


def by_identifier(frames: Frames) -> Iterator[tuple[int, bool, Frames]]:
    """(identifier, extended, frames) in ascending order, standard ones first."""
    keys = frames.ids & np.uint32(EXTENDED_KEY_BIT - 1)
    keys |= (frames.flags & np.uint8(EXTENDED)).astype(np.uint32) << np.uint32(31)
    known = np.unique(keys)
    group = _places(known, keys)
    # numpy sorts 16-bit numbers by radix: stable and in linear time.
    narrow = group.astype(np.uint16) if len(known) < 1 << 16 else group
    order = np.argsort(narrow, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=len(known)))
    start = 0
    for key, end in zip(known.tolist(), ends.tolist(), strict=True):
        rows: NDArray[np.intp] = order[start:end]
        extended = bool(key & EXTENDED_KEY_BIT)
        yield key & EXTENDED_KEY_BIT - 1, extended, _narrowed(_taken(frames, rows))
        start = end


def _places(known: NDArray[np.uint32], keys: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Position of each key in ``known``."""
    if not len(known) or known[-1] >= 1 << 11:
        return np.searchsorted(known, keys)
    table = np.zeros(1 << 11, np.intp)
    table[known] = np.arange(len(known))
    return table[keys]


def _taken(frames: Frames, rows: NDArray[np.intp]) -> Frames:
    # np.take copies whole payload rows; indexing copies them byte by byte.
    return Frames(
        t_ns=np.take(frames.t_ns, rows),
        ids=np.take(frames.ids, rows),
        flags=np.take(frames.flags, rows),
        length=np.take(frames.length, rows),
        data=np.take(frames.data, rows, axis=0),
    )


def _narrowed(frames: Frames) -> Frames:
    """As wide as its own longest payload needs."""
    width = width_for(int(frames.length.max(initial=0)))
    if width >= frames.data.shape[1]:
        return frames
    return Frames(
        t_ns=frames.t_ns,
        ids=frames.ids,
        flags=frames.flags,
        length=frames.length,
        data=np.ascontiguousarray(frames.data[:, :width]),
    )


def only(frames: Frames, flag: int) -> Frames:
    """The frames that carry a flag, in file order."""
    return frames.take(frames.flags & np.uint8(flag) != 0)
