"""The by-wire chassis: what its actuators do with the commands they hear."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.actuator import STEP_S, Actuator, Gains, Servo
from examrunner.simulation.bench_status import BenchStatus
from examrunner.simulation.commands import CommandLog, CommandSender
from examrunner.simulation.drivetrain import Column, Columns, Drivetrain
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS
from examrunner.simulation.layouts import MessageLayout
from examrunner.simulation.randomness import Streams

Times = NDArray[np.int64]

TICK_NS: Final = 10 * NS_PER_MS
FACTORY_KP: Final = 1.20
BRAKE_KP: Final = 4.0
SPEED_KP: Final = 40.0
"""Factory gains: 1/s, 1/s, percent of pedal per m/s."""
MANUAL, AUTO, EMERGENCY, STANDBY = 0.0, 1.0, 2.0, 3.0
PRESSURE_MODE: Final = 1.0
MPA_PER_PEDAL_PCT: Final = 0.08
NOBODY: Final = float("nan")

COMMANDS: Final = {
    "CMD_Throttle": ("CMD_ThrEn", "CMD_ThrMode", "CMD_ThrPedalTgt", "CMD_ThrSpeedTgt"),
    "CMD_Brake": ("CMD_BrkEn", "CMD_BrkMode", "CMD_BrkPedalTgt", "CMD_BrkPressTgt"),
    "CMD_Steer": ("CMD_StrEn", "CMD_StrAngTgt", "CMD_StrRateTgt"),
    "CMD_Gear": ("CMD_GearEn", "CMD_GearTgt"),
    "CMD_Park": ("CMD_ParkEn", "CMD_ParkTgt"),
    "CMD_Mode": ("CMD_DriveModeReq", "CMD_TurnReq"),
}
"""Commands and the signals that the plant reads."""
TIMEOUTS_NS: Final = {
    "CMD_Throttle": 100 * NS_PER_MS,
    "CMD_Brake": 100 * NS_PER_MS,
    "CMD_Steer": 100 * NS_PER_MS,
    "CMD_Gear": 150 * NS_PER_MS,
    "CMD_Park": 150 * NS_PER_MS,
    "CMD_Mode": 300 * NS_PER_MS,
}
ENABLES: Final = (
    ("drive", "CMD_Throttle", "CMD_ThrEn", 1.0),
    ("brake", "CMD_Brake", "CMD_BrkEn", 2.0),
    ("steer", "CMD_Steer", "CMD_StrEn", 4.0),
)
"""Actuator, its command, the enabling signal, its bit in RPT_CtrlTimeout."""


class ChassisPlant:
    """Steering, brake and drive in ticks of 10 ms.

    Args:
        layouts: Messages of the chassis database.
        bench: E-stop and interlocks.
        streams: Of the rig: each rig has its own dead time and bandwidth.
        differing: What a variant says about ``steering`` and ``brake``
            (``bandwidth_per_s``, ``dead_time_s``, ``kp``) and ``drive`` (``kp``).

    Attributes:
        wheel_deg: Where a hand pulls the steering wheel; NaN while nobody does.
    """

    def __init__(
        self,
        layouts: Mapping[str, MessageLayout],
        bench: BenchStatus,
        streams: Streams,
        differing: Mapping[str, Mapping[str, float]],
    ) -> None:
        self.commands = {name: CommandLog(layouts[name]) for name in COMMANDS}
        self.senders: list[CommandSender] = []
        self._bench = bench
        self.steering = _steering(streams, differing["steering"])
        self.brake = _brake(streams, differing["brake"])
        self.wheel_deg: History[float] = History(NOBODY)
        factory_kp = differing["drive"].get("kp", SPEED_KP)
        self.drivetrain = Drivetrain(gains=Gains(kp=factory_kp))
        self._first = 0
        self._next = 0
        self._columns: dict[str, Column] = {}

    def advance(self, t_ns: int) -> None:
        """Compute all ticks before ``t_ns``."""
        for sender in self.senders:
            sender.prepare(t_ns)
        last = -(-t_ns // TICK_NS)
        if last <= self._next:
            return
        times = np.arange(self._next, last, dtype=np.int64) * TICK_NS
        for name, column in self._ticks(self._heard(times)).items():
            known = self._columns.get(name)
            self._columns[name] = (
                column if known is None else np.concatenate([known, column])
            )
        self._next = last

    def sample(self, t_ns: Times, names: Sequence[str]) -> Columns:
        """Values at ``t_ns`` (n,), each as the tick before left it.

        Raises:
            LookupError: If they are forgotten.
        """
        if not len(t_ns):
            return {name: np.zeros(0) for name in names}
        self.advance(int(t_ns[-1]) + 1)
        rows = t_ns // TICK_NS - self._first
        if rows[0] < 0:
            raise LookupError(f"the tick of {t_ns[0]} ns is forgotten")
        return {name: self._columns[name][rows] for name in names}

    def forget(self, before_ns: int) -> None:
        """Drop all ticks before ``before_ns``: nobody will ask for them any more."""
        spare = min(before_ns // TICK_NS, self._next) - self._first
        if spare > 0:
            self._columns = {n: column[spare:] for n, column in self._columns.items()}
            self._first += spare

    def latest(self, name: str) -> float:
        """The newest value of a column; 0 before the first tick."""
        column = self._columns.get(name)
        return float(column[-1]) if column is not None and len(column) else 0.0

    def _heard(self, times: Times) -> Columns:
        """The commands in force at each tick; under its own name, whether it is."""
        stopped = self._bench.switches["RIG_EStop"].sample(times)
        columns: dict[str, Column] = {
            "stopped": stopped,
            "wheel_deg": self.wheel_deg.sample(times),
        }
        for name, signals in COMMANDS.items():
            log = self.commands[name]
            fresh, values = log.at(times, signals, TIMEOUTS_NS[name])
            columns[name] = fresh.astype(np.float64)
            columns.update(values)
            log.forget(int(times[-1]))
        return columns

    def _ticks(self, heard: Columns) -> Columns:
        columns = dict(_modes(heard))
        target = np.where(columns["steer"] == AUTO, heard["CMD_StrAngTgt"], np.nan)
        limit = np.where(heard["CMD_StrRateTgt"] > 0, heard["CMD_StrRateTgt"], np.inf)
        angle, rate = self.steering.run(target, limit, heard["wheel_deg"])
        unlimited = np.full(len(target), np.inf)
        pressure, _ = self.brake.run(_pressure(columns, heard), unlimited)
        columns["angle_deg"], columns["rate_dps"] = angle, rate
        columns["pressure_mpa"] = np.maximum(0.0, pressure)
        columns.update(self.drivetrain.run(heard, columns["drive"] == AUTO, pressure))
        return columns


def _modes(heard: Columns) -> Columns:
    wanted = (heard["CMD_Mode"] > 0) & (heard["CMD_DriveModeReq"] == AUTO)
    mode = np.where(heard["stopped"] > 0, EMERGENCY, np.where(wanted, AUTO, MANUAL))
    auto = mode == AUTO
    columns = {"mode": mode, "turn": heard["CMD_TurnReq"] * heard["CMD_Mode"]}
    overdue = np.zeros(len(mode))
    for actuator, command, enable, bit in ENABLES:
        enabled = auto & (heard[enable] == 1)
        fresh = heard[command] > 0
        idle = np.where(auto, STANDBY, MANUAL)
        columns[actuator] = np.where(enabled & fresh, AUTO, idle)
        overdue += bit * (enabled & ~fresh)
    columns["overdue"] = overdue
    return columns


def _pressure(columns: Columns, heard: Columns) -> Column:
    pedal = MPA_PER_PEDAL_PCT * heard["CMD_BrkPedalTgt"]
    by_pressure = heard["CMD_BrkMode"] == PRESSURE_MODE
    asked = np.where(by_pressure, heard["CMD_BrkPressTgt"], pedal)
    return np.where(columns["brake"] == AUTO, asked, 0.0)


def _steering(streams: Streams, given: Mapping[str, float]) -> Actuator:
    unit = streams.of("steering unit")
    bandwidth = 18.0 * float(unit.uniform(0.9, 1.1))
    dead_s = 0.030 * float(unit.uniform(0.9, 1.1))
    servo = Servo(
        bandwidth_per_s=given.get("bandwidth_per_s", bandwidth),
        dead_steps=round(given.get("dead_time_s", dead_s) / STEP_S),
        rate_limit=250.0,
        output_limit=400.0,
        stop=480.0,
    )
    return Actuator(servo, Gains(kp=given.get("kp", FACTORY_KP)))


def _brake(streams: Streams, given: Mapping[str, float]) -> Actuator:
    unit = streams.of("brake unit")
    bandwidth = 12.0 * float(unit.uniform(0.9, 1.1))
    dead_s = 0.040 * float(unit.uniform(0.9, 1.1))
    servo = Servo(
        bandwidth_per_s=given.get("bandwidth_per_s", bandwidth),
        dead_steps=round(given.get("dead_time_s", dead_s) / STEP_S),
        rate_limit=25.0,
        output_limit=40.0,
        stop=20.0,
    )
    return Actuator(servo, Gains(kp=given.get("kp", BRAKE_KP)))
