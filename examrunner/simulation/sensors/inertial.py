"""Satellite positioning with an inertial unit, on a turntable."""

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.sensors.positioning import Reception
from examrunner.simulation.sensors.resting import Resting
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.turntable import Turntable

ECU: Final = "INSU"
LEVER_ARM_DID: Final = 0x0601
BIAS_DID: Final = 0x0602
BIAS_ROUTINE: Final = 0x0601
UNCALIBRATED: Final = 0x5D5454
LEVER_ARM_MM: Final = (412, -185, 1036)
LEVER_ARM: Final = struct.Struct(">3h")
"""Of the antenna, in the unit's frame: forward, left, up."""
GYRO_BIAS_DPS: Final = 0.30
LEFT_BIAS_DPS: Final = 0.02
"""What stays of the bias on a rig that was calibrated."""
BIAS_DECAY_S: Final = 22.0
"""The bias that is left falls to 1/e in each such time of rest."""
LEAST_REST_S: Final = 15.0
MOST_REST_S: Final = 60.0
ROUTINE_NS: Final = 30 * NS_PER_S
COMPLETED, UNSUITABLE = 0x02, 0x04
SHAKEN_DPS: Final = 0.6
"""Standard deviation of a gyro while somebody works on the frame."""
COARSE, FINE, READY = 1, 2, 3
FINE_AFTER_DEG, READY_AFTER_DEG = 360.0, 700.0
"""How far it has to be turned with its lever arm known, and a fixed solution."""
HEADING_DEG: Final = 87.4
NOTHING: Final = LEVER_ARM.pack(0, 0, 0)

Times = NDArray[np.int64]
Floats = NDArray[np.float64]
Values = Mapping[str, Value]


class Inertial:
    """Combined navigation: position, inertial measurements, attitude.

    It shows the position ``R(heading) (true - stored lever arm)`` beside the table's
    centre: a circle while the table turns with a wrong one.

    Args:
        base: The rig.
        differing: What a variant says about this rig: under ``inertial`` the true
            ``lever_arm_mm``, the ``gyro_bias_dps`` of a unit that was never calibrated
            and ``fixed_after_s``, when reception is good enough for centimetres.
        table: What it stands on.
    """

    def __init__(
        self, base: SimulatedRig, differing: Mapping[str, object], table: Turntable
    ) -> None:
        given = differing.get("inertial")
        own = given if isinstance(given, Mapping) else {}
        true: Sequence[float] = own.get("lever_arm_mm", LEVER_ARM_MM)
        self._base = base
        self._table = table
        self._true_mm = np.array(true, np.float64)
        self._raw_bias_dps = float(own.get("gyro_bias_dps", GYRO_BIAS_DPS))
        self._bias_dps: History[float] = History(LEFT_BIAS_DPS)
        self._stored_mm = [History(float(axis)) for axis in true]
        self._aligned_from_deg: History[float] = History(-READY_AFTER_DEG)
        self._started = False
        self.resting = Resting(base, table)
        self._reception = Reception(base, ECU, float(own.get("fixed_after_s", 0.0)))

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {
            "INSU_Position": self._position,
            "INSU_Imu": self._imu,
            "INSU_Attitude": self._attitude,
            "INSU_LeverArm": self._lever_arm,
        }

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        estimate = Routine(lasting_ns=ROUTINE_NS, run=self._estimate_bias)
        behaviour = Behaviour(
            read={BIAS_DID: self._read_bias},
            written=self._written,
            routines={BIAS_ROUTINE: estimate},
        )
        return {ECU: behaviour}

    def switch_on(self) -> None:
        """Store what the unit knows, once it has its server."""
        unit = self._base.units.get(ECU)
        if unit is not None:
            unit.stored[LEVER_ARM_DID] = LEVER_ARM.pack(*map(round, self._true_mm))
            unit.node.watchers.append(self._power_changed)

    def forget(self) -> None:
        """Lose lever arm and bias, as a unit that was never calibrated."""
        self._bias_dps.set(self._base.kernel.now_ns, self._raw_bias_dps)
        self._store(NOTHING)

    def remember(self) -> None:
        """Store what is true, aligned as it was left."""
        now_ns = self._base.kernel.now_ns
        self._bias_dps.set(now_ns, LEFT_BIAS_DPS)
        self._store(LEVER_ARM.pack(*map(round, self._true_mm)))
        self._aligned_from_deg.set(now_ns, self._way_deg() - READY_AFTER_DEG)

    @property
    def forgotten(self) -> bool:
        """Whether it knows no lever arm."""
        return self._base.units[ECU].stored[LEVER_ARM_DID] == NOTHING

    @property
    def has_fixed_solution(self) -> bool:
        """Whether its display shows a fixed solution now."""
        now = np.array([self._base.kernel.now_ns], np.int64)
        return bool(self._reception.fixed(now)[0])

    def _written(self, did: int, content: bytes) -> None:
        if did == LEVER_ARM_DID:
            self._store(content)

    def _store(self, content: bytes) -> None:
        unit, now_ns = self._base.units[ECU], self._base.kernel.now_ns
        unit.stored[LEVER_ARM_DID] = content
        for history, axis in zip(
            self._stored_mm, LEVER_ARM.unpack(content), strict=True
        ):
            history.set(now_ns, float(axis))
        unit.memory.observe(UNCALIBRATED, failing=content == NOTHING)
        self._align_anew()

    def _power_changed(self) -> None:
        """A restart begins alignment again; the first start finds it as it was left."""
        if self._base.units[ECU].awake():
            if self._started:
                self._align_anew()
            self._started = True

    def _align_anew(self) -> None:
        """Alignment begins again; without a lever arm it does not begin at all."""
        known = any(history.latest for history in self._stored_mm)
        begin = self._way_deg() if known else math.inf
        self._aligned_from_deg.set(self._base.kernel.now_ns, begin)

    def _way_deg(self) -> float:
        now = np.array([self._base.kernel.now_ns], np.int64)
        return float(self._table.way_deg(now)[0])

    def _estimate_bias(self) -> bytes:
        rest_s = min(self.resting.longest_s(), MOST_REST_S)
        if rest_s < LEAST_REST_S:
            return bytes([UNSUITABLE])
        left = self._raw_bias_dps * math.exp(-rest_s / BIAS_DECAY_S)
        self._bias_dps.set(self._base.kernel.now_ns, left)
        return bytes([COMPLETED]) + self._read_bias()

    def _read_bias(self) -> bytes:
        estimated = self._raw_bias_dps - self._bias_dps.latest
        return struct.pack(">3h", 0, 0, round(1000 * estimated))

    def _position(self, t_ns: Times) -> Values:
        off = self._true_mm[:, None] - self._stored_arm(t_ns)
        # Anticlockwise from east to the unit's forward axis.
        turned = np.radians(90.0 - self._heading_deg(t_ns))
        spread = self._reception.sigma_m(t_ns)
        east, north, up = (
            self._base.noise(axis, 1.0, t_ns) * spread
            for axis in ("east", "north", "up")
        )
        east += (off[0] * np.cos(turned) - off[1] * np.sin(turned)) / 1000.0
        north += (off[0] * np.sin(turned) + off[1] * np.cos(turned)) / 1000.0
        return self._reception.signals(t_ns, east, north, up + off[2] / 1000.0)

    def _stored_arm(self, t_ns: Times) -> Floats:
        return np.stack([history.sample(t_ns) for history in self._stored_mm])

    def _heading_deg(self, t_ns: Times) -> Floats:
        start = self._table.angle_deg(np.zeros(1, np.int64))
        return HEADING_DEG - (self._table.angle_deg(t_ns) - start)

    def _imu(self, t_ns: Times) -> Values:
        shaken = self.resting.touched(t_ns)
        gyros = [
            self._base.noise(axis, 0.03, t_ns)
            + shaken * self._base.noise(f"shaken {axis}", SHAKEN_DPS, t_ns)
            for axis in ("gx", "gy", "gz")
        ]
        turning = self._table.speed_dps(t_ns)
        return {
            "INSU_Gx": gyros[0],
            "INSU_Gy": gyros[1],
            "INSU_Gz": gyros[2] + turning + self._bias_dps.sample(t_ns),
            "INSU_Ax": self._base.noise("ax", 0.006, t_ns),
            "INSU_Ay": self._base.noise("ay", 0.006, t_ns),
            "INSU_Az": 9.797 + self._base.noise("az", 0.006, t_ns),
            "INSU_ImuTemp": 34.5,
        }

    def _attitude(self, t_ns: Times) -> Values:
        heading = self._heading_deg(t_ns) + self._base.noise("heading", 0.03, t_ns)
        return {
            "INSU_Roll": 0.12 + self._base.noise("roll", 0.01, t_ns),
            "INSU_Pitch": -0.31 + self._base.noise("tilt", 0.01, t_ns),
            "INSU_Heading": heading % 360.0,
            "INSU_AlignState": self._align_state(t_ns),
        }

    def _align_state(self, t_ns: Times) -> Floats:
        way = self._table.way_deg(t_ns) - self._aligned_from_deg.sample(t_ns)
        state = np.select(
            [way >= READY_AFTER_DEG, way >= FINE_AFTER_DEG], [READY, FINE], COARSE
        )
        return np.where(self._reception.fixed(t_ns), state, np.minimum(state, FINE))

    def _lever_arm(self, t_ns: Times) -> Values:
        names = ("INSU_LaX", "INSU_LaY", "INSU_LaZ")
        return dict(zip(names, self._stored_arm(t_ns), strict=True))
