"""Faults of the wheel-speed sensors."""

from examrunner.simulation.chassis import Chassis
from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.wheels import WHEELS


def swap(rig: TrainingRig, args: Arguments) -> Fault:
    """``sensor.swap``: two sensors are plugged into each other's channels.

    Both codes are stored at once, as a drive would have done.
    """
    named = args.get("sensors")
    if not isinstance(rig, Chassis) or not isinstance(named, list):
        raise BadArgument("sensors")
    pair = [str(name) for name in named]
    if len(set(pair)) != 2 or not set(pair) <= set(WHEELS):
        raise BadArgument("sensors")
    one, other = pair
    wheels = rig.wheels

    def apply(active: bool) -> None:
        if not active:
            wheels.straighten()
            return
        wheels.exchange(one, other)
        for wheel in pair:
            wheels.check(wheel)

    return Fault(
        component=f"{one}-{other}.sensors",
        apply=apply,
        present=lambda: wheels.exchanged(one, other),
    )
