"""The inner layer of a BLF: objects that are CAN frames, as columns."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.archive.formats.source import LATEST_NS
from examrunner.model.frames import (
    BRS,
    ERROR,
    ESI,
    EXTENDED,
    FD,
    OWN,
    REMOTE,
    Frames,
    width_for,
)

Ints = NDArray[np.int64]
Layout = Callable[["ObjectFields", Ints], Frames]

TEN_MICROSECONDS: Final = 1
LATEST_TICKS: Final = LATEST_NS // 10_000
EXTENDED_BIT: Final = 0x80000000
IDENTIFIER: Final = 0x1FFFFFFF


class ObjectFields:
    """Fields of objects in a stream, gathered by where the objects begin.

    Args:
        stream: Unpacked objects.
        positions: Where each begins.
    """

    def __init__(self, stream: bytes, positions: Ints) -> None:
        self._stream = stream
        self.positions = positions

    def unsigned(self, offset: int, size: int) -> Ints:
        """The little-endian numbers of 1, 2, 4 or 8 bytes at ``offset``; 0 past it."""
        every = np.ndarray(
            (max(len(self._stream) - size + 1, 0),),
            np.dtype(f"<u{size}"),
            self._stream,
            strides=(1,),
        )
        at = self.positions + offset
        inside = at < len(every)
        if inside.all():
            return every[at].astype(np.int64)
        found = np.zeros(len(at), np.int64)
        found[inside] = every[at[inside]]
        return found

    def data(self, offset: int | Ints, width: int) -> NDArray[np.uint8]:
        """``width`` bytes of each object from ``offset`` on; zeros past the stream."""
        padded = np.frombuffer(self._stream + bytes(width), np.uint8)
        every = np.lib.stride_tricks.sliding_window_view(padded, width)
        rows: NDArray[np.uint8] = every[
            np.minimum(self.positions + offset, len(every) - 1)
        ]
        return rows

    def chosen(self, which: Ints) -> "ObjectFields":
        """Some of the objects."""
        return ObjectFields(self._stream, self.positions[which])

    def behind_headers(self) -> "ObjectFields":
        """The same objects from behind their headers on."""
        header = np.where(self.unsigned(6, 2) == 2, 40, 32)
        return ObjectFields(self._stream, self.positions + header)

    def times_ns(self) -> Ints:
        """When each was received, since the file began."""
        ticks = self.unsigned(24, 8)
        is_coarse = self.unsigned(16, 4) == TEN_MICROSECONDS
        t_ns = np.where(is_coarse, ticks * 10_000, ticks)
        is_absurd = (ticks < 0) | (ticks > np.where(is_coarse, LATEST_TICKS, LATEST_NS))
        return np.where(is_absurd, LATEST_NS, t_ns)


def frames_in(fields: ObjectFields, begun_ns: int) -> Iterator[tuple[int, Frames]]:
    """The frames among the objects by channel, each channel in the file's order."""
    kinds = fields.unsigned(12, 4)
    rows, parts, channels = [], [], []
    for kind, layout in LAYOUTS.items():
        which = np.flatnonzero(kinds == kind)
        if not len(which):
            continue
        objects = fields if len(which) == len(kinds) else fields.chosen(which)
        bodies = objects.behind_headers()
        rows.append(which)
        parts.append(layout(bodies, objects.times_ns() + begun_ns))
        channels.append(bodies.unsigned(0, 1 if kind in NARROW_CHANNEL else 2))
    if not parts:
        return
    every, channel = parts[0], channels[0]
    if len(parts) > 1:
        sequence = np.argsort(np.concatenate(rows), kind="stable")
        every = Frames.concatenate(parts).take(sequence)
        channel = np.concatenate(channels)[sequence]
    numbers = np.unique(channel)
    for number in numbers.tolist():
        mine = every if len(numbers) == 1 else every.take(channel == number)
        yield number - 1, mine


def _classic(bodies: ObjectFields, t_ns: Ints) -> Frames:
    flags = bodies.unsigned(2, 1)
    identifier = bodies.unsigned(4, 4)
    length = np.minimum(bodies.unsigned(3, 1), 8)
    bits = _common(identifier) | np.where(flags & 0x80, REMOTE, 0)
    bits |= np.where(flags & 1, OWN, 0)
    return _frames(t_ns, identifier, bits, length, bodies.data(8, 8))


def _flexible(bodies: ObjectFields, t_ns: Ints) -> Frames:
    flags, fd_flags = bodies.unsigned(2, 1), bodies.unsigned(13, 1)
    identifier = bodies.unsigned(4, 4)
    length = np.minimum(bodies.unsigned(14, 1), 64)
    bits = _common(identifier) | np.where(flags & 0x80, REMOTE, 0)
    bits |= np.where(flags & 1, OWN, 0) | np.where(fd_flags & 1, FD, 0)
    bits |= np.where(fd_flags & 2, BRS, 0) | np.where(fd_flags & 4, ESI, 0)
    return _frames(t_ns, identifier, bits, length, bodies.data(20, 64))


def _flexible_64(bodies: ObjectFields, t_ns: Ints) -> Frames:
    flags = bodies.unsigned(12, 4)
    identifier = bodies.unsigned(4, 4)
    length = np.minimum(bodies.unsigned(2, 1), 64)
    bits = _common(identifier) | np.where(flags & 0x10, REMOTE, 0)
    bits |= np.where(bodies.unsigned(34, 1), OWN, 0)
    bits |= np.where(flags & 0x1000, FD, 0) | np.where(flags & 0x2000, BRS, 0)
    bits |= np.where(flags & 0x4000, ESI, 0)
    return _frames(t_ns, identifier, bits, length, bodies.data(40, 64))


def _error(bodies: ObjectFields, t_ns: Ints) -> Frames:
    none = np.zeros(len(bodies.positions), np.int64)
    return _frames(t_ns, none, none | ERROR, none, np.zeros((len(none), 8), np.uint8))


def _error_extended(bodies: ObjectFields, t_ns: Ints) -> Frames:
    identifier = bodies.unsigned(16, 4)
    length = np.minimum(bodies.unsigned(10, 1), 8)
    bits = np.full(len(identifier), ERROR, np.int64)
    return _frames(t_ns, identifier, bits, length, bodies.data(24, 8))


def _common(identifier: Ints) -> Ints:
    return np.where(identifier & EXTENDED_BIT, EXTENDED, 0)


def _frames(
    t_ns: Ints, identifier: Ints, bits: Ints, length: Ints, data: NDArray[np.uint8]
) -> Frames:
    carried = np.where(bits & REMOTE, 0, length)
    width = width_for(int(carried.max(initial=0)))
    kept = np.ascontiguousarray(data[:, :width])
    if carried.min(initial=width) < width:
        kept[np.arange(width, dtype=np.uint8) >= carried.astype(np.uint8)[:, None]] = 0
    return Frames(
        t_ns=t_ns,
        ids=(identifier & IDENTIFIER).astype(np.uint32),
        flags=bits.astype(np.uint8),
        length=length.astype(np.uint8),
        data=kept,
    )


NARROW_CHANNEL: Final = frozenset({101})
"""Object types whose channel is one byte."""

LAYOUTS: Final[Mapping[int, Layout]] = {
    1: _classic,
    2: _error,
    73: _error_extended,
    86: _classic,
    100: _flexible,
    101: _flexible_64,
}
"""CAN_MESSAGE, CAN_ERROR, CAN_ERROR_EXT, CAN_MESSAGE2, CAN_FD_MESSAGE and _64."""
