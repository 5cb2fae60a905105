"""Brackets that are bent and alignments that are lost, of camera and radar."""

from examrunner.simulation.adas import AdasBench
from examrunner.simulation.faults import extrinsics
from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault, degrees_of
from examrunner.simulation.sensors.front_camera import Aim, FrontCamera
from examrunner.simulation.sensors.radar import MISSING_CALIBRATION, Radar
from examrunner.simulation.sensors.surround import SurroundView


def erased(rig: AdasBench, args: Arguments) -> Fault:
    """``cal.erase`` of FCAM, FRAD, SVC, INSU or LIDU: nothing is stored any more."""
    if args.get("ecu") == "FCAM":
        return _stored(rig.front_camera, Aim())
    if args.get("ecu") == "FRAD":
        return _lost(rig.radar)
    if args.get("ecu") == "SVC":
        return _erased_views(rig.surround)
    if args.get("ecu") == "INSU":
        return extrinsics.erased("INSU", rig.inertial)
    if args.get("ecu") == "LIDU":
        return extrinsics.erased("LIDU", rig.lidar)
    raise BadArgument("ecu")


def falsified(rig: AdasBench, args: Arguments) -> Fault:
    """``cal.set`` of FCAM: the stored yaw is off by ``deg``."""
    if args.get("ecu") != "FCAM":
        raise BadArgument("ecu")
    camera, by_deg = rig.front_camera, degrees_of(args, "deg")
    yaw, pitch, roll = camera.mounted_deg
    return _stored(camera, Aim(angles_deg=(yaw + by_deg, pitch, roll), calibrated=True))


def bent(rig: AdasBench, args: Arguments) -> Fault:
    """``mech.misalign`` of FCAM or FRAD: the bracket is bent by ``deg``."""
    by_deg = degrees_of(args, "deg")
    if args.get("sensor") == "FCAM":
        return _bent_camera(rig.front_camera, by_deg)
    if args.get("sensor") == "FRAD":
        return _bent_radar(rig.radar, by_deg)
    raise BadArgument("sensor")


def _stored(camera: FrontCamera, wrong: Aim) -> Fault:
    """What is stored is replaced; taken away again unless somebody calibrated."""
    before = camera.aim.latest

    def apply(active: bool) -> None:
        if active:
            camera.store(wrong)
        elif camera.aim.latest == wrong:
            camera.store(before)

    return Fault(
        component="FCAM.aim", apply=apply, present=lambda: camera.aim.latest == wrong
    )


def _bent_camera(camera: FrontCamera, by_deg: float) -> Fault:
    straight_deg = camera.mounted_deg[0]

    def apply(active: bool) -> None:
        if active != (camera.mounted_deg[0] != straight_deg):
            camera.turn(by_deg if active else -by_deg)

    return Fault(
        component="FCAM.bracket",
        apply=apply,
        present=lambda: camera.mounted_deg[0] == straight_deg + by_deg,
    )


def _lost(radar: Radar) -> Fault:
    def apply(active: bool) -> None:
        if active:
            radar.lose(MISSING_CALIBRATION)
        elif not radar.aligned:
            radar.align()

    return Fault(
        component="FRAD.alignment", apply=apply, present=lambda: not radar.aligned
    )


def _bent_radar(radar: Radar, by_deg: float) -> Fault:
    """Bent at once; bent back only if nobody turned the screw since."""
    straight_deg = radar.bent_deg.latest

    def apply(active: bool) -> None:
        if active:
            radar.bend(by_deg)
        elif radar.bent_deg.latest == straight_deg + by_deg:
            radar.bend(-by_deg)
            radar.align()

    return Fault(
        component="FRAD.bracket",
        apply=apply,
        present=lambda: radar.bent_deg.latest == straight_deg + by_deg,
    )


def _erased_views(surround: SurroundView) -> Fault:
    """Sides that nobody calibrated since come back when it is taken away."""

    def apply(active: bool) -> None:
        if active:
            surround.erase()
        else:
            surround.restore()

    return Fault(
        component="SVC.calibration",
        apply=apply,
        present=lambda: not surround.calibrated(),
    )
