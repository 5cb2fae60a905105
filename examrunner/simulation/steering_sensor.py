"""The steering-angle sensor: where it is mounted, which zero it has stored."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.did_format import parse_did_format
from examrunner.simulation.chassis_plant import ChassisPlant
from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

OFFSET_DEG: Final = 4.7
"""Raw angle with the wheels straight, where a variant says nothing."""
STORE_ZERO: Final = 0x0201
STORING_NS: Final = 300 * NS_PER_MS
STILL_MPS: Final = 0.05
STILL_DPS: Final = 2.0
LARGEST_ZERO_DEG: Final = 45.0
DONE, CONDITIONS, OUT_OF_RANGE = b"\x02", b"\x04", b"\x05"
MISSING_CALIBRATION: Final = 0x446054
ZERO_IMPLAUSIBLE: Final = 0x446028
"""In the steering: its own angle and the sensor's differ."""
LARGEST_DIFFERENCE_DEG: Final = 3.0

Times = NDArray[np.int64]


class SteeringSensor:
    """Raw angle = rack angle + mounting; shown = raw - stored zero.

    The sensor tests at power-up whether it is calibrated, the steering tests at
    power-up whether the sensor's zero fits its own angle.

    Args:
        base: The rig.
        plant: Moves the rack.
        speed_mps: How fast the vehicle moves.
        differing: What a variant says about the sensor: ``offset_deg``.
    """

    def __init__(
        self,
        base: SimulatedRig,
        plant: ChassisPlant,
        speed_mps: Callable[[], float],
        differing: Mapping[str, float],
    ) -> None:
        self._base = base
        self._plant = plant
        self._speed_mps = speed_mps
        self.mounted_deg: History[float] = History(
            differing.get("offset_deg", OFFSET_DEG)
        )
        self.zero_deg: History[float] = History(self.mounted_deg.latest)
        self.calibrated: History[int] = History(1)

    def start(self) -> None:
        """Begin to test; the control units have to exist by now."""
        for name, test in (("SAS", self._test_sensor), ("EPS", self._test_steering)):
            self._base.electrics.nodes[name].watchers.append(test)

    def signals(self, t_ns: Times) -> Mapping[str, Value]:
        """Values of SAS_Angle."""
        now = self._plant.sample(t_ns, ("angle_deg", "rate_dps"))
        zero = self.zero_deg.sample(t_ns)
        return {
            "SAS_Cal": self.calibrated.sample(t_ns),
            "SAS_Trim": 1.0,
            "SAS_Ang": now["angle_deg"] + self.mounted_deg.sample(t_ns) - zero,
            "SAS_Rate": np.abs(now["rate_dps"]),
            "SAS_Zero": zero,
            "SAS_Vref": 5.0,
        }

    def behaviour(self) -> Behaviour:
        """Its diagnostic server."""
        angle = parse_did_format("s16 0.1 deg")
        return Behaviour(
            read={
                0x0201: lambda: angle.encode([self._raw_deg() - self.zero_deg.latest]),
                0x0202: lambda: angle.encode([self.zero_deg.latest]),
            },
            routines={STORE_ZERO: Routine(lasting_ns=STORING_NS, run=self._store)},
            prompted=frozenset({MISSING_CALIBRATION}),
        )

    def set_zero(self, zero_deg: float, *, calibrated: bool) -> None:
        """Replace what is stored; sensor and steering start again with it."""
        self._keep(zero_deg, calibrated=calibrated)
        for name in ("SAS", "EPS"):
            self._base.electrics.nodes[name].reboot()

    def turn(self, by_deg: float) -> None:
        """Turn the sensor on its shaft."""
        now_ns = self._base.kernel.now_ns
        self.mounted_deg.set(now_ns, self.mounted_deg.latest + by_deg)

    def _keep(self, zero_deg: float, *, calibrated: bool) -> None:
        now_ns = self._base.kernel.now_ns
        self.zero_deg.set(now_ns, zero_deg)
        self.calibrated.set(now_ns, int(calibrated))

    def _raw_deg(self) -> float:
        self._plant.advance(self._base.kernel.now_ns)
        return self._plant.latest("angle_deg") + self.mounted_deg.latest

    def _store(self) -> bytes:
        """The zero routine: what is raw now is zero from now on."""
        raw_deg = self._raw_deg()
        turning = abs(self._plant.latest("rate_dps")) >= STILL_DPS
        if turning or abs(self._speed_mps()) >= STILL_MPS:
            return CONDITIONS
        if abs(raw_deg) > LARGEST_ZERO_DEG:
            return OUT_OF_RANGE
        self._keep(raw_deg, calibrated=True)
        return DONE

    def _test_sensor(self) -> None:
        unit = self._base.units.get("SAS")
        if unit is not None and unit.awake():
            missing = not self.calibrated.latest
            unit.memory.test(MISSING_CALIBRATION, failing=missing)

    def _test_steering(self) -> None:
        unit = self._base.units.get("EPS")
        if unit is not None and unit.awake():
            difference = abs(self.mounted_deg.latest - self.zero_deg.latest)
            wrong = self.calibrated.latest and difference > LARGEST_DIFFERENCE_DEG
            unit.memory.test(ZERO_IMPLAUSIBLE, failing=bool(wrong))
