"""The by-wire chassis: what its actuators do with the commands they hear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.actuator import STEP_S, Actuator, Gains, Servo
from examrunner.simulation.bench_status import BenchStatus
from examrunner.simulation.commands import CommandLog, CommandSender
from examrunner.simulation.kernel import NS_PER_MS
from examrunner.simulation.layouts import MessageLayout
from examrunner.simulation.randomness import Streams

TICK_NS: Final = 10 * NS_PER_MS
KEPT_TICKS: Final = 2_000

FACTORY_KP: Final = 1.20

MANUAL, AUTO, EMERGENCY, STANDBY = 0, 1, 2, 3
PARK, DRIVE, REVERSE = 1, 4, 2

COMMANDS: Final = {
    "CMD_Throttle": ("CMD_ThrEn", "CMD_ThrMode", "CMD_ThrPedalTgt", "CMD_ThrSpeedTgt"),
    "CMD_Brake": ("CMD_BrkEn", "CMD_BrkMode", "CMD_BrkPedalTgt", "CMD_BrkPressTgt"),
    "CMD_Steer": ("CMD_StrEn", "CMD_StrAngTgt", "CMD_StrRateTgt"),
    "CMD_Gear": ("CMD_GearEn", "CMD_GearTgt"),
    "CMD_Park": ("CMD_ParkEn", "CMD_ParkTgt"),
    "CMD_Mode": ("CMD_DriveModeReq", "CMD_TurnReq"),
}
TIMEOUTS_NS: Final = {
    "CMD_Throttle": 100 * NS_PER_MS,
    "CMD_Brake": 100 * NS_PER_MS,
    "CMD_Steer": 100 * NS_PER_MS,
    "CMD_Gear": 150 * NS_PER_MS,
    "CMD_Park": 150 * NS_PER_MS,
    "CMD_Mode": 300 * NS_PER_MS,
}

Row = Mapping[str, float]


@dataclass(slots=True)
class _State:
    """What one tick hands to the next."""

    mode: int = MANUAL
    steer: int = MANUAL
    brake: int = MANUAL
    drive: int = MANUAL
    overdue: int = 0
    gear: int = PARK
    park_force_kn: float = 18.0
    parked: int = 1
    speed_mps: float = 0.0
    acceleration_mps2: float = 0.0
    pedal_pct: float = 0.0
    turn: int = 0
    travelled_m: float = 0.0


RECORDED: Final = (
    "mode",
    "steer",
    "brake",
    "drive",
    "overdue",
    "gear",
    "park_force_kn",
    "parked",
    "speed_mps",
    "acceleration_mps2",
    "pedal_pct",
    "turn",
    "travelled_m",
    "angle_deg",
    "rate_dps",
    "pressure_mpa",
)


class ChassisPlant:
    """Steering, brake and drive in ticks of 10 ms.

    Args:
        layouts: Messages of the chassis database.
        bench: E-stop and interlocks.
        streams: Of the rig: each rig has its own dead time and bandwidth.
        steering: What a variant says about the steering: ``bandwidth_per_s``,
            ``dead_time_s``, ``kp``.
    """

    def __init__(
        self,
        layouts: Mapping[str, MessageLayout],
        bench: BenchStatus,
        streams: Streams,
        steering: Mapping[str, float],
    ) -> None:
        self.commands = {name: CommandLog(layouts[name]) for name in COMMANDS}
        self.senders: list[CommandSender] = []
        self._bench = bench
        self.steering = _steering(streams, steering)
        self.brake = _brake(streams)
        self._state = _State()
        self._first = 0
        self._next = 0
        self._columns: dict[str, list[float]] = {name: [] for name in RECORDED}

    def advance(self, t_ns: int) -> None:
        """Compute all ticks before ``t_ns``."""
        for sender in self.senders:
            sender.prepare(t_ns)
        last = -(-t_ns // TICK_NS)
        if last <= self._next:
            return
        times = np.arange(self._next, last, dtype=np.int64) * TICK_NS
        for heard in self._heard(times):
            self._record(heard)
        self._next = last
        self._forget()

    def sample(
        self, t_ns: NDArray[np.int64], names: Sequence[str]
    ) -> Mapping[str, NDArray[np.float64]]:
        """Values at ``t_ns`` (n,), each as the tick before left it."""
        if len(t_ns):
            self.advance(int(t_ns[-1]) + 1)
        rows = np.maximum(t_ns // TICK_NS - self._first, 0)
        return {name: np.array(self._columns[name])[rows] for name in names}

    def latest(self, name: str) -> float:
        """The newest value of a column."""
        column = self._columns[name]
        return column[-1] if column else 0.0

    def _heard(self, times: NDArray[np.int64]) -> list[Row]:
        columns: dict[str, list[float]] = {
            "stopped": self._bench.switches["RIG_EStop"].sample(times).tolist()
        }
        for name, signals in COMMANDS.items():
            log = self.commands[name]
            fresh, values = log.at(times, signals, TIMEOUTS_NS[name])
            columns[name] = fresh.tolist()
            for signal, column in values.items():
                columns[signal] = column.tolist()
            log.forget(int(times[-1]))
        keys = tuple(columns)
        return [
            dict(zip(keys, row, strict=True))
            for row in zip(*columns.values(), strict=True)
        ]

    def _record(self, heard: Row) -> None:
        state = self._state
        _modes(state, heard)
        _gear_and_park(state, heard)
        _drive(state, heard, self.brake.position)
        steering = heard["CMD_StrAngTgt"] if state.steer == AUTO else None
        limit = heard["CMD_StrRateTgt"]
        wanted = self.steering.servo.rate_limit
        self.steering.rate_limit = min(limit, wanted) if limit > 0 else wanted
        columns = self._columns
        columns["angle_deg"].append(self.steering.position)
        columns["rate_dps"].append(self.steering.speed)
        columns["pressure_mpa"].append(max(0.0, self.brake.position))
        for name in RECORDED[:13]:
            columns[name].append(getattr(state, name))
        self.steering.tick(steering)
        self.brake.tick(_pressure(state, heard))

    def _forget(self) -> None:
        spare = self._next - self._first - 2 * KEPT_TICKS
        if spare > 0:
            for column in self._columns.values():
                del column[:spare]
            self._first += spare


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


def _brake(streams: Streams) -> Actuator:
    unit = streams.of("brake unit")
    servo = Servo(
        bandwidth_per_s=12.0 * float(unit.uniform(0.9, 1.1)),
        dead_steps=round(40 * float(unit.uniform(0.9, 1.1))),
        rate_limit=25.0,
        output_limit=40.0,
        stop=20.0,
    )
    return Actuator(servo, Gains(kp=4.0))


def _modes(state: _State, heard: Row) -> None:
    wanted = bool(heard["CMD_Mode"]) and heard["CMD_DriveModeReq"] == AUTO
    if heard["stopped"]:
        state.mode = EMERGENCY
    else:
        state.mode = AUTO if wanted else MANUAL
    auto = state.mode == AUTO
    state.turn = int(heard["CMD_TurnReq"]) if heard["CMD_Mode"] else 0
    state.overdue = 0
    for bit, actuator, command, enable in (
        (1, "drive", "CMD_Throttle", "CMD_ThrEn"),
        (2, "brake", "CMD_Brake", "CMD_BrkEn"),
        (4, "steer", "CMD_Steer", "CMD_StrEn"),
    ):
        enabled = heard[enable] == 1
        active = auto and enabled and bool(heard[command])
        setattr(state, actuator, AUTO if active else STANDBY if auto else MANUAL)
        if auto and enabled and not heard[command]:
            state.overdue |= bit


def _gear_and_park(state: _State, heard: Row) -> None:
    if heard["CMD_Gear"] and heard["CMD_GearEn"] and heard["CMD_GearTgt"]:
        state.gear = int(heard["CMD_GearTgt"])
    apply = state.parked != 0
    if heard["CMD_Park"] and heard["CMD_ParkEn"]:
        apply = heard["CMD_ParkTgt"] == 1
    goal = 18.0 if apply else 0.0
    step = min(max(goal - state.park_force_kn, -0.2), 0.2)
    state.park_force_kn += step
    settled = abs(goal - state.park_force_kn) < 0.05
    state.parked = (1 if apply else 0) if settled else 2


def _drive(state: _State, heard: Row, pressure_mpa: float) -> None:
    """V' = (F - c0 - c1 v) / m on rollers."""
    active = state.drive == AUTO and state.gear in {DRIVE, REVERSE}
    speed_mode = heard["CMD_ThrMode"] == 1
    if active and speed_mode:
        lacking = heard["CMD_ThrSpeedTgt"] - state.speed_mps
        state.pedal_pct = min(max(40.0 * lacking, 0.0), 100.0)
    else:
        state.pedal_pct = heard["CMD_ThrPedalTgt"] if active else 0.0
    if not state.speed_mps and not state.pedal_pct:
        state.acceleration_mps2 = 0.0
        return
    braking = 1_500.0 * max(0.0, pressure_mpa) + 400.0 * state.park_force_kn
    force = 12.0 * state.pedal_pct - 30.0 - 18.0 * state.speed_mps - braking
    before = state.speed_mps
    state.speed_mps = max(0.0, before + force / 420.0 * 0.010)
    state.acceleration_mps2 = (state.speed_mps - before) / 0.010
    state.travelled_m += state.speed_mps * 0.010


def _pressure(state: _State, heard: Row) -> float | None:
    if state.brake != AUTO:
        return 0.0
    if heard["CMD_BrkMode"] == 1:
        return heard["CMD_BrkPressTgt"]
    return 0.08 * heard["CMD_BrkPedalTgt"]
