"""Faults of sensors: a broken wire."""

from examrunner.simulation.adas import AdasBench
from examrunner.simulation.faults.fault import (
    Arguments,
    BadArgument,
    Fault,
    number_of,
)
from examrunner.simulation.sensors.ultrasonic import ROOM_MM
from examrunner.simulation.training_rig import TrainingRig


def opened(rig: TrainingRig, args: Arguments) -> Fault:
    """``sensor.open``: the wire of an ultrasonic sensor, 1 to 12, is broken."""
    number = round(number_of(args, "sensor"))
    if not isinstance(rig, AdasBench) or not 1 <= number <= len(ROOM_MM):
        raise BadArgument("sensor")
    ultrasonic = rig.ultrasonic
    return Fault(
        component=f"USSC.sensor{number}",
        apply=lambda active: ultrasonic.open(number, broken=active),
        present=lambda: ultrasonic.is_open(number),
    )
