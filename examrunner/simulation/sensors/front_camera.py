"""The forward camera's control unit: stored intrinsics and static aiming.

The camera believes that the target stands dead ahead of the vehicle. Being mounted
askew, it finds ``mounted - bearing of the target``, so that a target beside the thrust
line is stored as if the camera were crooked.
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.placement import Placement
from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.sensors.aiming_target import features, looked_at
from examrunner.simulation.simulated_rig import SimulatedRig

ECU: Final = "FCAM"
INTRINSICS: Final = 0x1001
AIM: Final = 0x1003
DATA_SHEET: Final = (900.0, 900.0, 639.5, 359.5, 0.0, 0.0, 0.0, 0.0, 0.0)
"""What a camera stores before anybody calibrated it: fx fy cx cy k1 k2 p1 p2 k3."""
AIMING: Final = 0x0301
LASTING_NS: Final = 4 * NS_PER_S
MISSING_CALIBRATION, OUT_OF_RANGE = 0x5A6754, 0x5A6778

NOT_CALIBRATED, RUNNING, CALIBRATED, FAILED, NOT_FOUND, TOO_FAR = range(6)
"""FCAM_CalState."""
COMPLETED, UNSUCCESSFUL, RANGE = b"\x02", b"\x03", b"\x05"
"""Status of the routine."""

MOUNTED_DEG: Final = (0.8, -0.4, 0.1)
FOUND_SIGMA_DEG: Final = 0.03
SHOWN_SIGMA_DEG: Final = 0.02
WIDEST_DEG: Final = 3.0

Times = NDArray[np.int64]
Values = Mapping[str, Value]
Angles = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What the control unit has stored.

    Attributes:
        angles_deg: Yaw to the left, pitch downwards, roll to the right.
        calibrated: Whether somebody stored it.
    """

    angles_deg: Angles = (0.0, 0.0, 0.0)
    calibrated: bool = False


class FrontCamera:
    """Forward camera.

    Args:
        base: The rig.
        differing: What a variant says about this rig: under ``front_camera`` the
            ``mounted_deg``, yaw, pitch and roll of its bracket.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        given = differing.get("front_camera")
        own = given if isinstance(given, Mapping) else {}
        yaw, pitch, roll = own.get("mounted_deg", MOUNTED_DEG)
        self._base = base
        self.mounted_deg: Angles = (float(yaw), float(pitch), float(roll))
        self.aim: History[Aim] = History(
            Aim(angles_deg=self.mounted_deg, calibrated=True)
        )
        self._state: History[int] = History(CALIBRATED)
        self._began_ns: History[int] = History(-LASTING_NS)

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {
            "FCAM_Status": self._camera_status,
            "FCAM_Target": self._camera_target,
        }

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        aiming = Routine(lasting_ns=LASTING_NS, run=self._finish, begin=self._begin)
        behaviour = Behaviour(read={AIM: self._read_aim}, routines={AIMING: aiming})
        return {ECU: behaviour}

    def store_data_sheet(self) -> None:
        """Leave the intrinsics of the data sheet in the control unit."""
        camera = self._base.units.get(ECU)
        if camera is not None and INTRINSICS in camera.formats:
            content = camera.formats[INTRINSICS].encode(DATA_SHEET)
            camera.stored[INTRINSICS] = content

    def store(self, aim: Aim, state: int | None = None) -> None:
        """Replace what is stored; its trouble codes follow."""
        now_ns = self._base.kernel.now_ns
        self.aim.set(now_ns, aim)
        shown = CALIBRATED if aim.calibrated else NOT_CALIBRATED
        self._state.set(now_ns, shown if state is None else state)
        memory = self._base.units[ECU].memory
        far = aim.calibrated and max(map(abs, aim.angles_deg[:2])) > WIDEST_DEG
        memory.observe(MISSING_CALIBRATION, failing=not aim.calibrated)
        memory.observe(OUT_OF_RANGE, failing=far)

    def turn(self, by_deg: float) -> None:
        """Bend the bracket to the left."""
        yaw, pitch, roll = self.mounted_deg
        self.mounted_deg = (yaw + by_deg, pitch, roll)

    def _begin(self) -> None:
        now_ns = self._base.kernel.now_ns
        self._began_ns.set(now_ns, now_ns)
        self._state.set(now_ns, RUNNING)

    def _finish(self) -> bytes:
        """Store what the target shows; status, then yaw and pitch in 0.01 deg."""
        found = self._found()
        if isinstance(found, bytes):
            states = {UNSUCCESSFUL: NOT_FOUND, RANGE: TOO_FAR}
            self._state.set(self._base.kernel.now_ns, states[found])
            return found
        self.store(Aim(angles_deg=found, calibrated=True))
        return COMPLETED + struct.pack(">2h", *(round(100 * a) for a in found[:2]))

    def _found(self) -> Angles | bytes:
        """The angles that the target suggests, or a status that says why not."""
        target = looked_at(self._base.bodies, self._base.kernel.now_ns)
        if target is None:
            return UNSUCCESSFUL
        errors = self._base.streams.of("aiming").normal(0.0, FOUND_SIGMA_DEG, 3)
        yaw, pitch, roll = (
            mounted + off + float(error)
            for mounted, off, error in zip(
                self.mounted_deg, _misleading(target), errors, strict=True
            )
        )
        if max(abs(yaw), abs(pitch)) > WIDEST_DEG:
            return RANGE
        return yaw, pitch, roll

    def _read_aim(self) -> bytes:
        angles = self.aim.latest.angles_deg
        return struct.pack(">3h", *(round(100 * angle) for angle in angles))

    def _camera_status(self, t_ns: Times) -> Values:
        aims = [self.aim.at(int(t)) for t in t_ns]
        stored = np.array([aim.angles_deg for aim in aims]).reshape(-1, 3)
        share = (t_ns - self._began_ns.sample(t_ns)) / LASTING_NS
        return {
            "FCAM_CalState": self._state.sample(t_ns),
            "FCAM_Yaw": stored[:, 0] + self._base.noise("yaw", SHOWN_SIGMA_DEG, t_ns),
            "FCAM_Pitch": stored[:, 1]
            + self._base.noise("pitch", SHOWN_SIGMA_DEG, t_ns),
            "FCAM_Roll": stored[:, 2],
            "FCAM_Progress": np.where(
                self._state.sample(t_ns) == RUNNING, np.clip(100 * share, 0, 100), 0.0
            ),
        }

    def _camera_target(self, t_ns: Times) -> Values:
        """The four features of the target while it aims."""
        running = self._state.sample(t_ns) == RUNNING
        seen = np.full((len(t_ns), 4, 3), np.nan)
        for row in np.flatnonzero(running):
            target = looked_at(self._base.bodies, int(t_ns[row]))
            if target is not None:
                seen[row] = features(target, self.mounted_deg)
        values: dict[str, Value] = {
            "FCAM_TgtN": 4.0 * ~np.isnan(seen[:, 0, 0]),
        }
        for number in range(4):
            for column, name in enumerate(("U", "V", "Size")):
                values[f"FCAM_T{number}_{name}"] = seen[:, number, column]
        return values


def _misleading(target: Placement) -> Angles:
    """What a target that is not dead ahead adds to yaw, pitch and roll."""
    ahead, left, up = target.at_mm
    return (
        -math.degrees(math.atan2(left, ahead)),
        math.degrees(math.atan2(up, ahead)),
        -target.roll_deg,
    )
