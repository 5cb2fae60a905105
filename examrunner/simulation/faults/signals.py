"""Falsified sensors: the value is wrong before it is packed, the checksum fits."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.faults.fault import Arguments, Fault, signal_of, value_of
from examrunner.simulation.history import History
from examrunner.simulation.tampering import Batch, Rows, Tamper
from examrunner.simulation.training_rig import TrainingRig

Column = NDArray[np.float64]
Change = Callable[[Column], Column]


def freeze(rig: TrainingRig, args: Arguments) -> Fault:
    """``sig.freeze``: the signal stays at ``value``."""
    value = value_of(args, "value")
    return _falsified(rig, args, lambda column: np.full_like(column, value))


def offset(rig: TrainingRig, args: Arguments) -> Fault:
    """``sig.offset``: ``value`` is added."""
    value = value_of(args, "value")
    return _falsified(rig, args, lambda column: column + value)


def scale(rig: TrainingRig, args: Arguments) -> Fault:
    """``sig.scale``: multiplied by ``value``."""
    value = value_of(args, "value")
    return _falsified(rig, args, lambda column: column * value)


def limit(rig: TrainingRig, args: Arguments) -> Fault:
    """``sig.limit``: nothing beyond ``value`` comes through."""
    value = value_of(args, "value")
    return _falsified(rig, args, lambda column: np.minimum(column, value))


def noise(rig: TrainingRig, args: Arguments) -> Fault:
    """``sig.noise``: normal noise with standard deviation ``value``."""
    sigma = value_of(args, "value")
    _, signal = signal_of(rig.base, args)
    random = rig.base.streams.of("falsified", signal)
    return _falsified(
        rig, args, lambda column: column + random.normal(0.0, sigma, len(column)), True
    )


def _falsified(
    rig: TrainingRig, args: Arguments, change: Change, draws: bool = False
) -> Fault:
    message, signal = signal_of(rig.base, args)

    def act(batch: Batch, rows: Rows) -> None:
        column = batch.column(signal)
        column[rows] = change(column[rows])
        batch.values[signal] = column

    made = Tamper(stage="values", active=History(False), act=act, draws=draws)
    message.tampers.append(made)

    def apply(on: bool) -> None:
        made.active.set(rig.base.kernel.now_ns, on)
        for watcher in rig.base.falsified:
            watcher()

    return Fault(component=signal, apply=apply, present=lambda: made.active.latest)
