"""Faults of the sensors' 5 V reference."""

from typing import Final

from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault, number_of
from examrunner.simulation.pedal import NODE, REFERENCE_V, Pedal
from examrunner.simulation.training_rig import TrainingRig

SOURCE_OHM: Final = 49.5
"""What the reference can drive against a short."""
LOAD_OHM: Final = 1_500.0
"""What the sensor draws."""


def short(rig: TrainingRig, args: Arguments) -> Fault:
    """``vref.short``: ``r`` ohm from the reference to ground."""
    ohm = number_of(args, "r", 0.5)
    return _reference(rig, args, REFERENCE_V * ohm / (ohm + SOURCE_OHM))


def low(rig: TrainingRig, args: Arguments) -> Fault:
    """``vref.low``: ``r`` ohm in the lead of the reference."""
    ohm = number_of(args, "r")
    return _reference(rig, args, REFERENCE_V * LOAD_OHM / (LOAD_OHM + ohm))


def _reference(rig: TrainingRig, args: Arguments, volt: float) -> Fault:
    pedal = getattr(rig, "pedal", None)
    number = args.get("channel")
    if not isinstance(pedal, Pedal) or number not in {1, 2} or isinstance(number, bool):
        raise BadArgument("channel")
    history = pedal.reference_v[int(str(number))]

    def apply(on: bool) -> None:
        history.set(rig.base.kernel.now_ns, volt if on else REFERENCE_V)
        for watcher in rig.base.falsified:
            watcher()

    return Fault(
        component=f"{NODE}.vref{number}",
        apply=apply,
        present=lambda: history.latest == volt,
    )
