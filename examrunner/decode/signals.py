"""Samples of one signal from the payloads of its message, a column at a time."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.bits import LEAST_WIDTH, Integers, raw_values
from examrunner.decode.payloads import Payloads
from examrunner.decode.plans import Gate, Kind, Layout, MessagePlan, SignalPlan
from examrunner.decode.room import Room
from examrunner.decode.scaling import fill_values
from examrunner.model.timeline import Quality, Series

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MessageColumns:
    """The payloads of one message, with what its signals have in common.

    Attributes:
        plan: How the message is read.
        payloads: Its payloads.
        quality: uint8 (n,), ``Quality`` bits of each frame; None if all are good.
        room: Where the memory of samples comes from.
        multiplexers: Raw values of multiplexers that have been read already.
    """

    plan: MessagePlan
    payloads: Payloads
    quality: NDArray[np.uint8] | None = None
    room: Room = field(default_factory=Room)
    multiplexers: dict[Layout, NDArray[np.int64]] = field(default_factory=dict)

    def series(self, signal: SignalPlan, name: str) -> Series:
        """The samples of one signal, called ``name``.

        A frame whose multiplexer selects something else has no sample of it. A frame
        too short for it has a sample without a value.
        """
        payloads, quality = self.payloads, self.quality
        rows = self._rows(signal.gates)
        if rows is not None:
            payloads = payloads.take(rows)
            quality = None if quality is None else quality[rows]
        return self._series(signal, payloads, quality, name)

    def _rows(self, gates: tuple[Gate, ...]) -> Mask | None:
        """Frames in which every gate is open; None: all of them."""
        rows: Mask | None = None
        for gate in gates:
            raw = self._multiplexer(gate.layout)
            is_open = _is_any_of(raw, gate.values)
            is_open &= self.payloads.length >= gate.layout.end_byte
            rows = is_open if rows is None else rows & is_open
        return rows

    def _multiplexer(self, layout: Layout) -> NDArray[np.int64]:
        raw = self.multiplexers.get(layout)
        if raw is None:
            wide = self.payloads.at_least(max(layout.end_byte, LEAST_WIDTH))
            raw = raw_values(wide.data, layout).astype(np.int64)
            self.multiplexers[layout] = raw
        return raw

    def _series(
        self,
        signal: SignalPlan,
        payloads: Payloads,
        quality: NDArray[np.uint8] | None,
        name: str,
    ) -> Series:
        layout = signal.layout
        wide = payloads.at_least(max(layout.end_byte, LEAST_WIDTH))
        column = raw_values(wide.data, layout)
        raw = self.room.integers(len(column))
        np.copyto(raw, column, casting="unsafe")
        values = self.room.floats(len(column))
        fill_values(values, column, signal)
        flags = _Flags(len(column), quality)
        _flag(flags, signal, column, values)
        _blank_short(flags, layout, payloads, values, raw)
        return Series(
            name=name,
            unit=signal.unit,
            t_ns=payloads.t_ns,
            values=values,
            raw=raw,
            quality=flags.bits,
            hold_s=self.plan.hold_s,
            step=0.0 if layout.kind is Kind.FLOAT else abs(float(signal.scale)),
            choices=signal.choices,
        )


def _is_any_of(raw: NDArray[np.int64], values: frozenset[int]) -> Mask:
    if len(values) == 1:
        (value,) = values
        single: Mask = raw == value
        return single
    return np.isin(raw, np.fromiter(values, np.int64, len(values)))


class _Flags:
    """Quality bits that are copied only when one is set."""

    __slots__ = ("_own", "bits")

    def __init__(self, size: int, bits: NDArray[np.uint8] | None) -> None:
        self._own = bits is None
        self.bits = np.zeros(size, np.uint8) if bits is None else bits

    def add(self, flag: Quality, rows: Mask) -> None:
        if not rows.any():
            return
        if not self._own:
            self.bits = self.bits.copy()
            self._own = True
        self.bits[rows] |= np.uint8(flag)


def _flag(
    flags: _Flags, signal: SignalPlan, column: Integers, values: NDArray[np.float64]
) -> None:
    absent = _absent(signal, column)
    if absent is not None:
        flags.add(Quality.NOT_AVAILABLE, absent)
    if signal.layout.kind is Kind.FLOAT:
        flags.add(Quality.NOT_A_NUMBER, ~np.isfinite(values))
        _flag_range(flags, signal, values, absent)
    else:
        _flag_range(flags, signal, column, absent)


def _absent(signal: SignalPlan, column: Integers) -> Mask | None:
    """Where the raw value is the one that means "no value"; None if nowhere."""
    if signal.not_available is None:
        return None
    pattern = signal.not_available
    if signal.layout.kind is Kind.SIGNED and pattern >> (signal.layout.length - 1):
        pattern -= 1 << signal.layout.length
    absent: Mask = column == pattern
    return absent if absent.any() else None


def _flag_range(
    flags: _Flags,
    signal: SignalPlan,
    column: Integers | NDArray[np.float64],
    absent: Mask | None,
) -> None:
    """Two quick looks at the extremes spare most columns the comparison."""
    low, high = signal.low, signal.high
    if not len(column):
        return
    if low is not None and not column.min() >= low:
        _flag_outside(flags, column < low, absent)
    if high is not None and not column.max() <= high:
        _flag_outside(flags, column > high, absent)


def _flag_outside(flags: _Flags, outside: Mask, absent: Mask | None) -> None:
    """A value that says "not available" is no value out of range."""
    flags.add(Quality.OUT_OF_RANGE, outside if absent is None else outside & ~absent)


def _blank_short(
    flags: _Flags,
    layout: Layout,
    payloads: Payloads,
    values: NDArray[np.float64],
    raw: NDArray[np.int64],
) -> None:
    if not len(payloads) or payloads.length.min() >= layout.end_byte:
        return
    short = payloads.length < layout.end_byte
    flags.add(Quality.SHORT, short)
    values[short] = np.nan
    raw[short] = 0
