"""Samples of one signal from the payloads of its message, a column at a time."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.bits import LEAST_WIDTH, raw_values
from examrunner.decode.payloads import Payloads
from examrunner.decode.plans import Gate, Kind, Layout, MessagePlan, SignalPlan
from examrunner.decode.scaling import engineering_values
from examrunner.model.timeline import Quality, Series

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MessageColumns:
    """The payloads of one message, with what its signals have in common.

    Attributes:
        plan: How the message is read.
        payloads: Its payloads.
        quality: uint8 (n,), ``Quality`` bits of each frame; None if all are good.
        multiplexers: Raw values of multiplexers that have been read already.
    """

    plan: MessagePlan
    payloads: Payloads
    quality: NDArray[np.uint8] | None = None
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
        return _series(signal, payloads, quality, name, self.plan.hold_s)

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
            raw = raw_values(wide.data, layout).view(np.int64)
            self.multiplexers[layout] = raw
        return raw


def _is_any_of(raw: NDArray[np.int64], values: frozenset[int]) -> Mask:
    if len(values) == 1:
        (value,) = values
        single: Mask = raw == value
        return single
    return np.isin(raw, np.fromiter(values, np.int64, len(values)))


def _series(
    signal: SignalPlan,
    payloads: Payloads,
    quality: NDArray[np.uint8] | None,
    name: str,
    hold_s: float | None,
) -> Series:
    layout = signal.layout
    wide = payloads.at_least(max(layout.end_byte, LEAST_WIDTH))
    raw = raw_values(wide.data, layout)
    values = engineering_values(raw, signal)
    bits = raw.view(np.int64)
    flagged = _Flags(len(payloads), quality)
    absent = _flag_not_available(flagged, signal, bits)
    if layout.kind is Kind.FLOAT:
        flagged.add(Quality.NOT_A_NUMBER, ~np.isfinite(values))
        _flag_range(flagged, signal, values, absent)
    else:
        _flag_range(flagged, signal, raw, absent)
    _blank_short(flagged, layout, payloads, values, bits)
    return Series(
        name=name,
        unit=signal.unit,
        t_ns=payloads.t_ns,
        values=values,
        raw=bits,
        quality=flagged.quality,
        hold_s=hold_s,
        step=0.0 if layout.kind is Kind.FLOAT else abs(float(signal.scale)),
        choices=signal.choices,
    )


class _Flags:
    """Quality bits that are copied only when one is set."""

    __slots__ = ("_own", "quality")

    def __init__(self, size: int, quality: NDArray[np.uint8] | None) -> None:
        self._own = quality is None
        self.quality = np.zeros(size, np.uint8) if quality is None else quality

    def add(self, flag: Quality, rows: Mask) -> None:
        if not rows.any():
            return
        if not self._own:
            self.quality = self.quality.copy()
            self._own = True
        self.quality[rows] |= np.uint8(flag)


def _flag_not_available(
    flagged: _Flags, signal: SignalPlan, bits: NDArray[np.int64]
) -> Mask | None:
    """Flags the raw value that means "no value"; where it was, or None if nowhere."""
    if signal.not_available is None:
        return None
    pattern = signal.not_available
    if signal.layout.kind is Kind.SIGNED and pattern >> (signal.layout.length - 1):
        pattern -= 1 << signal.layout.length
    elif pattern >> 63:
        pattern -= 1 << 64
    absent: Mask = bits == pattern
    if not absent.any():
        return None
    flagged.add(Quality.NOT_AVAILABLE, absent)
    return absent


def _flag_range(
    flagged: _Flags,
    signal: SignalPlan,
    column: NDArray[np.int64] | NDArray[np.uint64] | NDArray[np.float64],
    absent: Mask | None,
) -> None:
    """Two quick looks at the extremes spare most columns the comparison."""
    low, high = signal.low, signal.high
    if not len(column):
        return
    if low is not None and not column.min() >= low:
        _flag_outside(flagged, column < low, absent)
    if high is not None and not column.max() <= high:
        _flag_outside(flagged, column > high, absent)


def _flag_outside(flagged: _Flags, outside: Mask, absent: Mask | None) -> None:
    """A value that says "not available" is no value out of range."""
    flagged.add(Quality.OUT_OF_RANGE, outside if absent is None else outside & ~absent)


def _blank_short(
    flagged: _Flags,
    layout: Layout,
    payloads: Payloads,
    values: NDArray[np.float64],
    bits: NDArray[np.int64],
) -> None:
    short = payloads.length < layout.end_byte
    if short.any():
        flagged.add(Quality.SHORT, short)
        values[short] = np.nan
        bits[short] = 0
