"""Frames on their way to the bus, and what faults do to them there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.history import History
from examrunner.simulation.layouts import Bytes, MessageLayout, Value

Times = NDArray[np.int64]
Rows = NDArray[np.intp]
Stage = Literal["values", "counter", "payload", "sending"]


@dataclass(slots=True, kw_only=True)
class Batch:
    """Frames of one message, one step after the other; columns (n,).

    Attributes:
        layout: The message.
        t_ns: When the frames are scheduled.
        values: Signal values before they are packed.
        counter: Alive counters before they are reduced.
        ready: When the frames are ready for the bus.
        ids: Identifiers.
        data: Payloads, checksum and counter included from stage ``payload`` on.
        lost: Frames that are never sent.
    """

    layout: MessageLayout
    t_ns: Times
    values: dict[str, Value]
    counter: Times
    ready: Times
    ids: NDArray[np.uint32]
    data: Bytes
    lost: NDArray[np.bool_]

    def column(self, signal: str) -> NDArray[np.float64]:
        """A signal as engineering values, one for each frame; a copy."""
        value = self.values.get(signal, 0.0)
        if isinstance(value, str):
            value = float(self.layout.signals[signal].choices[value])
        column = np.asarray(value, np.float64)
        return np.array(np.broadcast_to(column, len(self.t_ns)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tamper:
    """One thing that is wrong with a message.

    Attributes:
        stage: Before which step it happens; ``sending`` is the last moment.
        active: When.
        act: Changes the batch at some rows (m,), in order of time.
        draws: Whether it draws random numbers, which only frames may do.
    """

    stage: Stage
    active: History[bool]
    act: Callable[[Batch, Rows], None]
    draws: bool = False


def tamper(tampers: Sequence[Tamper], stage: Stage, batch: Batch) -> None:
    """Let everything that is wrong at a stage happen."""
    for each in tampers:
        if each.stage == stage:
            rows = np.flatnonzero(each.active.sample(batch.t_ns))
            if len(rows):
                each.act(batch, rows)


def shown(
    layout: MessageLayout,
    tampers: Sequence[Tamper],
    values: Mapping[str, float],
    t_ns: int,
) -> dict[str, float]:
    """What a message says at one moment, as far as it is known without randomness."""
    steady = [each for each in tampers if not each.draws]
    now = np.array([t_ns], np.int64)
    batch = Batch(
        layout=layout,
        t_ns=now,
        values=dict(values),
        counter=np.zeros(1, np.int64),
        ready=now,
        ids=np.zeros(1, np.uint32),
        data=np.zeros((1, layout.length), np.uint8),
        lost=np.zeros(1, np.bool_),
    )
    tamper(steady, "values", batch)
    return {name: float(batch.column(name)[0]) for name in values}
