"""Wheels on rollers, their sensors, and the ABS that reads them."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.did_format import parse_did_format
from examrunner.simulation.chassis_plant import ChassisPlant
from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.rollers import Roller
from examrunner.simulation.simulated_rig import SimulatedRig

WHEELS: Final = ("FL", "FR", "RL", "RR")
CIRCUMFERENCE_MM: Final = 1985.0
"""Rolling circumference, where a variant says nothing."""
DEVIATIONS: Final = {"FL": 0.000, "FR": 0.002, "RL": -0.001, "RR": 0.001}
"""How much each tyre differs from the four's circumference."""
PULSES_PER_M: Final = 48.0
CIRCUMFERENCE: Final = 0x0705
SPEEDS: Final = 0x0701
IMPLAUSIBLE: Final = {"FL": 0x403164, "FR": 0x403464, "RL": 0x403764, "RR": 0x403A64}
"""The sensor reports another place than its channel's."""
OPEN: Final = {"FL": 0x403113}
SLOWEST_MPS: Final = 0.01
STIMULUS_MPS: Final = 1.0
STIMULUS_NS: Final = NS_PER_S
LOOK_NS: Final = 500 * NS_PER_MS

Times = NDArray[np.int64]
Column = NDArray[np.float64]


class Wheels:
    """Each channel of the ABS reads the sensor that is plugged into it.

    Speed shown = surface speed x tyre's deviation x stored / true circumference. The
    sensors report where they are mounted: as soon as the wheel behind a channel has
    turned for a second, the ABS checks that it is the channel's own.

    Args:
        base: The rig.
        plant: Turns all wheels together.
        differing: What a variant says: ``circumference_mm`` and what is stored of it,
            ``stored_mm``.
    """

    def __init__(
        self,
        base: SimulatedRig,
        plant: ChassisPlant,
        differing: Mapping[str, float],
    ) -> None:
        self._base = base
        self._plant = plant
        self._true_mm = differing.get("circumference_mm", CIRCUMFERENCE_MM)
        stored_mm = differing.get("stored_mm", self._true_mm)
        self._stored = {unit: History(stored_mm) for unit in ("ABS", "VCU")}
        self.rollers = {wheel: Roller() for wheel in WHEELS}
        self.plugged = {wheel: History(1) for wheel in WHEELS}
        self._sensor_of = {w: History(row) for row, w in enumerate(WHEELS)}
        self._turning_since = dict.fromkeys(WHEELS, 0)
        self._tested = dict.fromkeys(WHEELS, False)

    def start(self) -> None:
        """Begin to measure and test; the control units have to exist by now."""
        for name, stored in self._stored.items():
            unit = self._base.units.get(name)
            if unit is not None and CIRCUMFERENCE in unit.formats:
                content = unit.formats[CIRCUMFERENCE].encode([stored.latest])
                unit.stored[CIRCUMFERENCE] = content
        for wheel in WHEELS:
            self._base.gauges[f"{wheel}.roller_mps"] = partial(self._roller, wheel)
            self._base.gauges[f"{wheel}.plug"] = partial(self._connected, wheel)
        self._base.gauges["rollers.turning"] = self._turning
        self._base.kernel.after(LOOK_NS, self._look)

    def drive(self, speeds_mps: Mapping[str, float]) -> None:
        """Set the rollers that are named."""
        for wheel, speed_mps in speeds_mps.items():
            self.rollers[wheel].set(self._base.kernel.now_ns, speed_mps)

    def exchange(self, one: str, other: str) -> None:
        """Plug two sensors into each other's channels."""
        now_ns = self._base.kernel.now_ns
        first, second = self._sensor_of[one].latest, self._sensor_of[other].latest
        self._sensor_of[one].set(now_ns, second)
        self._sensor_of[other].set(now_ns, first)

    def straighten(self) -> None:
        """Plug every sensor into its own channel."""
        for row, wheel in enumerate(WHEELS):
            self._sensor_of[wheel].set(self._base.kernel.now_ns, row)

    def exchanged(self, one: str, other: str) -> bool:
        """Whether two sensors are in each other's channels."""
        return self._sensor_of[one].latest == WHEELS.index(other) and self._sensor_of[
            other
        ].latest == WHEELS.index(one)

    def check(self, wheel: str) -> None:
        """Compare a channel with the sensor behind it."""
        unit = self._base.units.get("ABS")
        if unit is not None and unit.awake():
            own = self._sensor_of[wheel].latest == WHEELS.index(wheel)
            unit.memory.test(IMPLAUSIBLE[wheel], failing=not own)

    def plug(self, wheel: str, *, on: bool) -> None:
        """Open or close the connector of a sensor."""
        self.plugged[wheel].set(self._base.kernel.now_ns, int(on))
        unit = self._base.units.get("ABS")
        if unit is not None and wheel in OPEN:
            unit.memory.observe(OPEN[wheel], failing=not on)

    @property
    def speed_mps(self) -> float:
        """Of the fastest roller."""
        return max(self._roller(wheel) for wheel in WHEELS)

    def shown_mps(self, t_ns: Times) -> Mapping[str, Column]:
        """What the ABS says of each channel; NaN while its connector is open."""
        turned = np.array([self._wheel_mps(wheel, t_ns) for wheel in WHEELS])
        scale = self._stored["ABS"].sample(t_ns) / self._true_mm
        rows = np.arange(len(t_ns))
        shown = {}
        for wheel in WHEELS:
            sensor = self._sensor_of[wheel].sample(t_ns).astype(np.intp)
            plugged = self.plugged[wheel].sample(t_ns) > 0
            shown[wheel] = np.where(plugged, turned[sensor, rows] * scale, np.nan)
        return shown

    def vehicle_mps(self, t_ns: Times) -> Column:
        """What the VCU takes for the vehicle's speed: the mean of the wheels."""
        mean = sum(self._surface_mps(wheel, t_ns) for wheel in WHEELS) / len(WHEELS)
        speed: Column = mean * self._stored["VCU"].sample(t_ns) / self._true_mm
        return speed

    def speeds(self, t_ns: Times) -> Mapping[str, Value]:
        """Values of ABS_WheelSpeed."""
        return {f"ABS_Spd{w}": shown for w, shown in self.shown_mps(t_ns).items()}

    def pulses(self, t_ns: Times) -> Mapping[str, Value]:
        """Values of ABS_WheelPulse."""
        driven = self._plant.sample(t_ns, ("travelled_m",))["travelled_m"]
        ways = [driven + self.rollers[wheel].travelled_m(t_ns) for wheel in WHEELS]
        counts = np.floor(np.array(ways) * PULSES_PER_M) % 4096
        rows = np.arange(len(t_ns))
        return {
            f"ABS_Pls{wheel}": counts[sensor.sample(t_ns).astype(np.intp), rows]
            for wheel, sensor in self._sensor_of.items()
        }

    def behaviour(self) -> Behaviour:
        """The diagnostic server of the ABS."""
        return Behaviour(
            read={SPEEDS: self._read_speeds},
            written=lambda did, content: self.stored("ABS", did, content),
            prompted=frozenset(IMPLAUSIBLE.values()),
        )

    def stored(self, unit: str, did: int, content: bytes) -> None:
        """A control unit was given another circumference."""
        if did == CIRCUMFERENCE:
            number = self._base.units[unit].formats[did].numbers(content)[0]
            self._stored[unit].set(self._base.kernel.now_ns, number)

    def _read_speeds(self) -> bytes:
        now = np.array([self._base.kernel.now_ns])
        shown = [float(each[0]) for each in self.shown_mps(now).values()]
        known = [65.535 if np.isnan(speed) else speed for speed in shown]
        return parse_did_format("4 x u16 0.001 m/s").encode(known)

    def _roller(self, wheel: str) -> float:
        return round(self.rollers[wheel].speed_at(self._base.kernel.now_ns), 3)

    def _turning(self) -> float:
        """How many rollers turn."""
        return float(sum(self._roller(wheel) > SLOWEST_MPS for wheel in WHEELS))

    def _connected(self, wheel: str) -> float:
        return float(self.plugged[wheel].latest)

    def _surface_mps(self, wheel: str, t_ns: Times) -> Column:
        driven = self._plant.sample(t_ns, ("speed_mps",))["speed_mps"]
        return driven + self.rollers[wheel].speed_mps(t_ns)

    def _wheel_mps(self, wheel: str, t_ns: Times) -> Column:
        return self._surface_mps(wheel, t_ns) * (1.0 + DEVIATIONS[wheel])

    def _look(self) -> None:
        """Twice a second: which channels have turned for long enough to be checked."""
        now_ns = self._base.kernel.now_ns
        if self.speed_mps or any(self._turning_since.values()):
            shown = self.shown_mps(np.array([now_ns]))
            for wheel in WHEELS:
                self._follow(wheel, now_ns, turning=shown[wheel][0] > STIMULUS_MPS)
        self._base.kernel.after(LOOK_NS, self._look)

    def _follow(self, wheel: str, now_ns: int, *, turning: bool) -> None:
        if not turning:
            self._turning_since[wheel], self._tested[wheel] = 0, False
            return
        self._turning_since[wheel] = self._turning_since[wheel] or now_ns
        lasting_ns = now_ns - self._turning_since[wheel]
        if lasting_ns >= STIMULUS_NS and not self._tested[wheel]:
            self._tested[wheel] = True
            self.check(wheel)
