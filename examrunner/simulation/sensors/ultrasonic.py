"""Ultrasonic sensors in the bumpers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.placement import Placement
from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

ECU: Final = "USSC"
OK, NO_ECHO, BLIND = 0, 1, 2
"""States as the database names them."""
ROOM_MM: Final = (
    2480, 2655, 2650, 2415, 1480, 1490, 890, 905, 910, 885, 2200, 2190,
)  # fmt: skip
"""What each sensor sees of the hall while nothing is put before it."""
PLATE: Final = "plate"
BUMPER_MM: Final = 3600.0
"""Where the front sensors sit, ahead of the rear axle."""
ACROSS_MM: Final = (680.0, 230.0, -230.0, -680.0)
"""Where the four front sensors sit across the bumper, left is positive."""
ERRORS_MM: Final = (35.0, -20.0, 0.0, 15.0)
"""How much too far the four front sensors show."""
ASSUMED_C: Final = 7
"""Air temperature that the control unit was left with."""
HALL_C: Final = 23.0
PER_KELVIN: Final = 0.0017
NOISE_MM: Final = 3.0
BLIND_MM: Final = 200.0

TEMPERATURE_DID: Final = 0x0505
DISTANCES_DID: Final = 0x0510
FIRST_OFFSET_DID: Final = 0x0511
SELF_TEST: Final = 0x0501
UNCALIBRATED: Final = 0x5C0054
FIRST_OPEN: Final = 0x5C0113
NO_DISTANCE: Final = 0xFFFF

Times = NDArray[np.int64]
Floats = NDArray[np.float64]
Values = Mapping[str, Value]


class Ultrasonic:
    """Twelve sensors and their control unit.

    A sensor shows ``d + error + 0.17 %/K (T - assumed T) d - offset + noise``: its own
    error, the speed of sound at the temperature that the control unit believes in, and
    the offset that somebody stored.

    Args:
        base: The rig.
        differing: What a variant says about this rig: under ``ultrasonic`` the
            ``errors_mm`` of the front sensors and ``assumed_c``.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        given = differing.get("ultrasonic")
        own = given if isinstance(given, Mapping) else {}
        errors: Sequence[float] = own.get("errors_mm", ERRORS_MM)
        count = len(ROOM_MM)
        self._base = base
        self._errors = np.array([*errors, *[0.0] * (count - len(errors))])
        self._start_c = int(own.get("assumed_c", ASSUMED_C))
        self._assumed: History[int] = History(self._start_c)
        self._offsets: list[History[int]] = [History(0) for _ in ROOM_MM]
        self._open: list[History[bool]] = [History(False) for _ in ROOM_MM]
        self._written: set[int] = set()

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"USSC_Distance": self._distances}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        behaviour = Behaviour(
            read={DISTANCES_DID: self._read_distances},
            written=self._take,
            routines={SELF_TEST: Routine(lasting_ns=NS_PER_S, run=self._self_test)},
        )
        return {ECU: behaviour}

    def switch_on(self) -> None:
        """The control unit begins with what it was left with."""
        unit = self._base.units[ECU]
        unit.stored[TEMPERATURE_DID] = self._start_c.to_bytes(1, "big", signed=True)
        unit.memory.observe(UNCALIBRATED, failing=True)

    def open(self, sensor: int, *, broken: bool) -> None:
        """Break or mend the wire of a sensor, 1 to 12."""
        self._open[sensor - 1].set(self._base.kernel.now_ns, broken)
        code = FIRST_OPEN + 0x100 * (sensor - 1)
        memory = self._base.units[ECU].memory
        if code in memory.status:
            memory.observe(code, failing=broken)

    def is_open(self, sensor: int) -> bool:
        """Whether the wire of a sensor is broken."""
        return self._open[sensor - 1].latest

    def _distances(self, t_ns: Times) -> Values:
        shown = self._shown(t_ns, partial(self._base.noise, t_ns=t_ns))
        values: dict[str, Value] = {"USSC_AirTemp": self._assumed.sample(t_ns)}
        for number, (distance, state) in enumerate(shown, 1):
            values[f"USSC_D{number:02d}"] = distance
            values[f"USSC_S{number:02d}"] = state
        return values

    def _shown(
        self, t_ns: Times, noise: Callable[[str, float], Floats]
    ) -> list[tuple[Floats, Times]]:
        """Distance and state of each sensor; NaN without a distance."""
        warmer_k = HALL_C - self._assumed.sample(t_ns)
        before = self._before(t_ns)
        found = []
        for row, opened in enumerate(self._open):
            distance = before[row]
            shown = (
                distance * (1.0 + PER_KELVIN * warmer_k)
                + self._errors[row]
                - self._offsets[row].sample(t_ns)
                + noise(f"USSC{row + 1}", NOISE_MM)
            )
            blind = distance < BLIND_MM
            silent = opened.sample(t_ns) > 0
            state = np.where(silent, NO_ECHO, np.where(blind, BLIND, OK))
            shown = np.where(silent | blind, np.nan, shown)
            found.append((shown, state.astype(np.int64)))
        return found

    def _before(self, t_ns: Times) -> Floats:
        room = np.repeat(np.array(ROOM_MM, np.float64)[:, None], len(t_ns), axis=1)
        bodies, rows = self._base.bodies, slice(0, len(ACROSS_MM))
        for column, at_ns in enumerate(t_ns.tolist()):
            plate = bodies.where(PLATE, at_ns)
            if plate is not None:
                room[rows, column] = _ahead(plate)
        return room

    def display(self) -> list[float]:
        """The twelve distances that a tool shows now, in mm; NaN for none."""
        now = np.array([self._base.kernel.now_ns], np.int64)
        streams = self._base.streams

        def noise(name: str, sigma: float) -> Floats:
            return streams.of("noise on request", name).normal(0.0, sigma, 1)

        return [float(distance[0]) for distance, _ in self._shown(now, noise)]

    def _read_distances(self) -> bytes:
        shown = self.display()
        numbers = [NO_DISTANCE if np.isnan(mm) else round(mm) for mm in shown]
        return b"".join(number.to_bytes(2, "big") for number in numbers)

    def _take(self, did: int, content: bytes) -> None:
        now_ns, value = (
            self._base.kernel.now_ns,
            int.from_bytes(content, "big", signed=True),
        )
        if did == TEMPERATURE_DID:
            self._assumed.set(now_ns, value)
        row = did - FIRST_OFFSET_DID
        if 0 <= row < len(self._offsets):
            self._offsets[row].set(now_ns, value)
            self._written.add(row)
        if self._written.issuperset(range(len(ACROSS_MM))):
            self._base.units[ECU].memory.observe(UNCALIBRATED, failing=False)

    def _self_test(self) -> bytes:
        """Failed with a bit for every open sensor, or ended well."""
        broken = sum(opened.latest << row for row, opened in enumerate(self._open))
        return (b"\x03" if broken else b"\x02") + broken.to_bytes(2, "big")


def _ahead(plate: Placement) -> Floats:
    """Distance (4,) in mm from each front sensor straight ahead to the plate."""
    across = np.array(ACROSS_MM) - plate.at_mm[1]
    # The plate's face is the plane through its origin across its own x axis.
    turned = np.radians(plate.yaw_deg)
    ahead: Floats = plate.at_mm[0] - BUMPER_MM - across * np.tan(turned)
    return ahead
