"""Calibration data that is gone or wrong, and sensors that are mounted askew."""

from examrunner.simulation.adas import AdasBench
from examrunner.simulation.chassis import Chassis
from examrunner.simulation.faults import aiming
from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault, degrees_of
from examrunner.simulation.steering_sensor import SteeringSensor
from examrunner.simulation.training_rig import TrainingRig


def erase(rig: TrainingRig, args: Arguments) -> Fault:
    """``cal.erase``: a sensor has no calibration any more, SAS no zero."""
    if isinstance(rig, AdasBench):
        return aiming.erased(rig, args)
    return _zero_fault(_sensor(rig, args, "ecu"), 0.0, calibrated=False)


def falsify(rig: TrainingRig, args: Arguments) -> Fault:
    """``cal.set``: what is stored is off by ``deg``, for SAS its zero."""
    if isinstance(rig, AdasBench):
        return aiming.falsified(rig, args)
    sensor = _sensor(rig, args, "ecu")
    zero_deg = sensor.mounted_deg.latest - degrees_of(args, "deg")
    return _zero_fault(sensor, zero_deg, calibrated=True)


def misalign(rig: TrainingRig, args: Arguments) -> Fault:
    """``mech.misalign``: a sensor is bent by ``deg``, SAS turned on its shaft."""
    if isinstance(rig, AdasBench):
        return aiming.bent(rig, args)
    sensor, by_deg = _sensor(rig, args, "sensor"), degrees_of(args, "deg")
    before_deg = sensor.mounted_deg.latest

    def apply(active: bool) -> None:
        if active != (sensor.mounted_deg.latest != before_deg):
            sensor.turn(by_deg if active else -by_deg)

    return Fault(
        component="SAS.mounting",
        apply=apply,
        present=lambda: sensor.mounted_deg.latest == before_deg + by_deg,
    )


def _sensor(rig: TrainingRig, args: Arguments, name: str) -> SteeringSensor:
    if not isinstance(rig, Chassis) or args.get(name) != "SAS":
        raise BadArgument(name)
    return rig.steering_sensor


def _zero_fault(sensor: SteeringSensor, zero_deg: float, *, calibrated: bool) -> Fault:
    """What is stored is replaced; taken away again unless somebody calibrated."""
    before_deg, before = sensor.zero_deg.latest, bool(sensor.calibrated.latest)

    def stored() -> bool:
        same = sensor.zero_deg.latest == zero_deg
        return same and bool(sensor.calibrated.latest) == calibrated

    def apply(active: bool) -> None:
        if active:
            sensor.set_zero(zero_deg, calibrated=calibrated)
        elif stored():
            sensor.set_zero(before_deg, calibrated=before)

    return Fault(component="SAS.zero", apply=apply, present=stored)
