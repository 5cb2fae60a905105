"""Samples of one signal from the payloads of its message, a column at a time."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.bits import LEAST_WIDTH, Integers, raw_values
from examrunner.decode.payloads import Payloads
from examrunner.decode.plans import Gate, Kind, Layout, MessagePlan, SignalPlan
from examrunner.decode.quality import flagged
from examrunner.decode.room import Room
from examrunner.decode.scaling import fill_values
from examrunner.model.timeline import Quality, Series

Mask = NDArray[np.bool_]
Gates = tuple[Gate, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The frames that hold a signal, with what such signals share.

    Attributes:
        rows: Which frames of the message; None: all of them.
        t_ns: int64 (m,), their times.
        length: Unsigned integers (m,), bytes that were received.
        shortest: The least of ``length``, 0 without a frame.
        quality: uint8 (m,), ``Quality`` bits of the frames, shared: never written to.
    """

    rows: Mask | None
    t_ns: NDArray[np.int64]
    length: NDArray[Any]
    shortest: int
    quality: NDArray[np.uint8]


class MessageColumns:
    """The payloads of one message, read signal by signal.

    Args:
        plan: How the message is read.
        payloads: Its payloads.
        quality: uint8 (n,), ``Quality`` bits of each frame; None if all are good.
        room: Where the memory of samples comes from.
    """

    def __init__(
        self,
        plan: MessagePlan,
        payloads: Payloads,
        quality: NDArray[np.uint8] | None = None,
        room: Room | None = None,
    ) -> None:
        self.plan = plan
        self._payloads = payloads
        self._quality = quality
        self._room = room or Room()
        self._selections: dict[Gates, Selection] = {}

    def series(self, signal: SignalPlan, name: str) -> Series:
        """The samples of one signal, called ``name``.

        A frame whose multiplexer selects something else has no sample of it. A frame
        too short for it has a sample without a value.
        """
        chosen = self._selection(signal.gates)
        column = self._column(signal.layout)
        if chosen.rows is not None:
            column = column[chosen.rows]
        raw = self._room.integers(len(column))
        np.copyto(raw, column, casting="unsafe")
        values = self._room.floats(len(column))
        fill_values(values, column, signal)
        quality = chosen.quality
        for flag, rows in flagged(signal, column, values):
            quality = quality | rows * np.uint8(flag)
        if chosen.shortest < signal.layout.end_byte:
            short = chosen.length < signal.layout.end_byte
            raw[short], values[short] = 0, np.nan
            # Whatever else its missing bytes seem to say is not said.
            quality = np.where(short, chosen.quality | np.uint8(Quality.SHORT), quality)
        return Series(
            name=name,
            unit=signal.unit,
            t_ns=chosen.t_ns,
            values=values,
            raw=raw,
            quality=quality,
            hold_s=self.plan.hold_s,
            step=_step(signal),
            choices=signal.choices,
        )

    def _column(self, layout: Layout) -> Integers:
        width = max(layout.end_byte, LEAST_WIDTH)
        return raw_values(self._payloads.at_least(width).data, layout)

    def _selection(self, gates: Gates) -> Selection:
        selection = self._selections.get(gates)
        if selection is None:
            selection = self._whole if not gates else self._gated(gates)
            self._selections[gates] = selection
        return selection

    @cached_property
    def _whole(self) -> Selection:
        payloads, quality = self._payloads, self._quality
        if quality is None:
            quality = np.zeros(len(payloads), np.uint8)
        return Selection(
            None, payloads.t_ns, payloads.length, _least(payloads.length), quality
        )

    def _gated(self, gates: Gates) -> Selection:
        """Frames in which every gate is open."""
        whole = self._whole
        rows = np.ones(len(self._payloads), bool)
        for gate in gates:
            rows &= _is_any_of(self._column(gate.layout), gate.values)
            rows &= whole.length >= gate.layout.end_byte
        length = whole.length[rows]
        return Selection(
            rows, whole.t_ns[rows], length, _least(length), whole.quality[rows]
        )


def _least(length: NDArray[Any]) -> int:
    return int(length.min()) if len(length) else 0


def _step(signal: SignalPlan) -> float:
    return 0.0 if signal.layout.kind is Kind.FLOAT else abs(float(signal.scale))


def _is_any_of(raw: Integers, values: frozenset[int]) -> Mask:
    if len(values) == 1:
        (value,) = values
        single: Mask = raw == value
        return single
    wide = raw.astype(np.int64)
    return np.isin(wide, np.fromiter(values, np.int64, len(values)))
