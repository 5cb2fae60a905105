"""The lidar: its state and the plane of a board before it."""

import struct
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.poses import Pose
from examrunner.model.camera import rotation, rotation_vector
from examrunner.simulation.board_camera import BoardPose
from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.sensors.seen_boards import SeenBoards
from examrunner.simulation.simulated_rig import SimulatedRig

ECU: Final = "LIDU"
EXTRINSICS: Final = 0x0401
SIX_FLOATS: Final = struct.Struct(">6f")
NOTHING: Final = SIX_FLOATS.pack(*[0.0] * 6)
CHECK_ROUTINE: Final = 0x0401
UNCALIBRATED: Final = 0x5E5454
UNSYNCHRONISED: Final = 0x5E0087
NONE, PTP = 0, 2
"""Clock states as the database names them."""
COMPLETED, FAILED = 0x02, 0x03
BODY_TO_OPTICAL: Final = ((0.0, -1.0, 0.0), (0.0, 0.0, -1.0), (1.0, 0.0, 0.0))
"""The lidar looks forward, left, up; the camera right, down, forward."""
DRAWING_MM: Final = (38.0, -224.0, -96.0)
"""Where the drawing puts the lidar, in the camera's frame."""

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class Lidar:
    """Roof lidar.

    Args:
        base: The rig.
        differing: What a variant says about this rig: under ``lidar`` how it is mounted
            other than drawn, ``turned_rad`` (rotation vector in the camera's frame) and
            ``moved_mm``, and ``synced_after_s``.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        given = differing.get("lidar")
        own = given if isinstance(given, Mapping) else {}
        self._base = base
        self._calibrated: History[bool] = History(True)
        self._synced_after_ns = round(float(own.get("synced_after_s", 0.0)) * NS_PER_S)
        self.mounting = mounting_of(own)
        self.boards = SeenBoards(base, self.mounting)

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"LIDU_Status": self._status, "LIDU_Plane": self.boards.signals}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        check = Routine(lasting_ns=2 * NS_PER_S, run=self._check)
        behaviour = Behaviour(written=self._written, routines={CHECK_ROUTINE: check})
        return {ECU: behaviour}

    def switch_on(self) -> None:
        """Store where it sits, once the unit has its server."""
        unit = self._base.units.get(ECU)
        if unit is not None:
            unit.stored[EXTRINSICS] = self._true_block()

    def forget(self) -> None:
        """Lose where it sits, as a lidar that was just replaced."""
        self._store(NOTHING)

    def remember(self) -> None:
        """Store where it sits."""
        self._store(self._true_block())

    @property
    def forgotten(self) -> bool:
        """Whether it does not know where it sits."""
        return self._base.units[ECU].stored[EXTRINSICS] == NOTHING

    def see(self, pose: BoardPose | None) -> None:
        """The board is held there from now on; None puts it out of sight."""
        self.boards.hold(pose)

    def synced(self, t_ns: Times) -> NDArray[np.bool_]:
        """When its clock follows the network's (n,)."""
        woken = self._base.electrics.nodes[ECU].woken_ns.sample(t_ns)
        found: NDArray[np.bool_] = t_ns - woken >= self._synced_after_ns
        return found

    @property
    def is_synced(self) -> bool:
        """Whether its display shows a synchronised clock now."""
        return bool(self.synced(np.array([self._base.kernel.now_ns], np.int64))[0])

    def _written(self, did: int, content: bytes) -> None:
        if did == EXTRINSICS:
            self._store(content)

    def _store(self, content: bytes) -> None:
        unit, known = self._base.units[ECU], content != NOTHING
        unit.stored[EXTRINSICS] = content
        self._calibrated.set(self._base.kernel.now_ns, known)
        unit.memory.observe(UNCALIBRATED, failing=not known)

    def _true_block(self) -> bytes:
        turn = rotation_vector(self.mounting.turn)
        return SIX_FLOATS.pack(*turn, *self.mounting.at_mm)

    def _check(self) -> bytes:
        """Whether what is stored could be right at all: about as drawn."""
        stored = SIX_FLOATS.unpack(self._base.units[ECU].stored[EXTRINSICS])
        off_mm = np.linalg.norm(np.array(stored[3:]) - DRAWING_MM)
        return bytes([COMPLETED if off_mm < 500.0 else FAILED])

    def _status(self, t_ns: Times) -> Values:
        return {
            "LIDU_Sync": np.where(self.synced(t_ns), PTP, NONE).astype(np.float64),
            "LIDU_CalValid": self._calibrated.sample(t_ns),
            "LIDU_Rpm": 600.0 + self._base.noise("rpm", 0.8, t_ns),
            "LIDU_Points": 300_000.0 + self._base.noise("points", 400.0, t_ns),
            "LIDU_Temp": 38.0,
        }


def mounting_of(own: Mapping[str, object]) -> Pose:
    """``x_camera = R x_lidar + t`` of a lidar that is mounted a little off its drawing.

    Args:
        own: What a variant says under ``lidar``.
    """
    turned = np.array(own.get("turned_rad", (0.0, 0.0, 0.0)), np.float64)
    moved = np.array(own.get("moved_mm", (0.0, 0.0, 0.0)), np.float64)
    return Pose(
        turn=rotation(turned) @ np.array(BODY_TO_OPTICAL),
        at_mm=np.array(DRAWING_MM) + moved,
    )
