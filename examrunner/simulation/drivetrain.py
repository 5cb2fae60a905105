"""Gear, park brake and drive on rollers, tick by tick; at rest for most of the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.actuator import Gains

Column = NDArray[np.float64]
Columns = Mapping[str, Column]

PARK, REVERSE, DRIVE = 1, 2, 4
RELEASED, APPLIED, MOVING = 0, 1, 2
CLAMPED_KN: Final = 18.0
CLAMP_STEP_KN: Final = 0.2
TICK_S: Final = 0.010
MASS_KG: Final = 420.0
DRAG_N: Final = 30.0
DRAG_N_PER_MPS: Final = 18.0
PEDAL_N_PER_PCT: Final = 12.0
BRAKE_N_PER_MPA: Final = 1_500.0
CLAMP_N_PER_KN: Final = 400.0
SPEED_MODE: Final = 1

RECORDED: Final = (
    "gear", "parked", "park_force_kn", "speed_mps", "acceleration_mps2", "pedal_pct",
    "travelled_m",
)  # fmt: skip


@dataclass(slots=True)
class Drivetrain:
    """What one tick hands to the next, and the gains of the speed controller.

    Attributes:
        gains: Percent of pedal per m/s, and per m of lag; no Kd.
        lag_pct: What the integral part asks for.
    """

    gains: Gains
    lag_pct: float = 0.0
    gear: float = PARK
    parked: float = APPLIED
    park_force_kn: float = CLAMPED_KN
    speed_mps: float = 0.0
    acceleration_mps2: float = 0.0
    pedal_pct: float = 0.0
    travelled_m: float = 0.0

    def run(self, heard: Columns, active: Column, pressure_mpa: Column) -> Columns:
        """The next ticks as columns (n,).

        Args:
            heard: Commands in force at each tick.
            active: Whether the drive is enabled.
            pressure_mpa: Brake pressure.
        """
        if self._at_rest(heard, active):
            count = len(active)
            return {name: np.full(count, getattr(self, name)) for name in RECORDED}
        columns = np.empty((len(RECORDED), len(active)))
        names = tuple(heard)
        rows = zip(*(heard[name].tolist() for name in names), strict=True)
        for tick, row in enumerate(rows):
            commands = dict(zip(names, row, strict=True))
            self._shift(commands)
            self._drive(commands, bool(active[tick]), float(pressure_mpa[tick]))
            columns[:, tick] = [getattr(self, name) for name in RECORDED]
        return dict(zip(RECORDED, columns, strict=True))

    def _at_rest(self, heard: Columns, active: Column) -> bool:
        commanded = heard["CMD_Gear"].any() or heard["CMD_Park"].any() or active.any()
        clamped = self.park_force_kn in {0.0, CLAMPED_KN} and self.parked != MOVING
        return not commanded and not self.speed_mps and not self.pedal_pct and clamped

    def _shift(self, heard: Mapping[str, float]) -> None:
        if heard["CMD_Gear"] and heard["CMD_GearEn"] and heard["CMD_GearTgt"]:
            self.gear = heard["CMD_GearTgt"]
        apply = self.parked != RELEASED
        if heard["CMD_Park"] and heard["CMD_ParkEn"]:
            apply = heard["CMD_ParkTgt"] == APPLIED
        goal = CLAMPED_KN if apply else 0.0
        lacking = goal - self.park_force_kn
        self.park_force_kn += min(max(lacking, -CLAMP_STEP_KN), CLAMP_STEP_KN)
        if abs(goal - self.park_force_kn) < CLAMP_STEP_KN / 2:
            self.park_force_kn = goal
            self.parked = APPLIED if apply else RELEASED
        else:
            self.parked = MOVING

    def _drive(
        self, heard: Mapping[str, float], active: bool, pressure_mpa: float
    ) -> None:
        """V' = (F - c0 - c1 v) / m."""
        geared = active and self.gear in {DRIVE, REVERSE}
        if not geared:
            self.lag_pct = 0.0
        self.pedal_pct = self._pedal(heard) if geared else 0.0
        before = self.speed_mps
        if not before and not self.pedal_pct:
            self.acceleration_mps2 = 0.0
            return
        braking = BRAKE_N_PER_MPA * max(0.0, pressure_mpa)
        braking += CLAMP_N_PER_KN * self.park_force_kn + DRAG_N
        force = PEDAL_N_PER_PCT * self.pedal_pct - DRAG_N_PER_MPS * before - braking
        self.speed_mps = max(0.0, before + force / MASS_KG * TICK_S)
        self.acceleration_mps2 = (self.speed_mps - before) / TICK_S
        self.travelled_m += self.speed_mps * TICK_S

    def _pedal(self, heard: Mapping[str, float]) -> float:
        """What the mode asks of the motor; the integral rests while it is limited."""
        if heard["CMD_ThrMode"] != SPEED_MODE:
            return min(max(heard["CMD_ThrPedalTgt"], 0.0), 100.0)
        lacking = heard["CMD_ThrSpeedTgt"] - self.speed_mps
        wanted = self.gains.kp * lacking + self.lag_pct
        if 0.0 <= wanted <= 100.0:
            self.lag_pct += self.gains.ki * lacking * TICK_S
        return min(max(wanted, 0.0), 100.0)
