"""C06: tuning the step response of a by-wire steering."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.steering_tool import SteeringTool
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.chassis import Chassis
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S

BLOCKED, FREE = 0, 1
HOLD_S: Final = 3.4
"""How long every angle is held."""
BAND: Final = 0.02

Gains = tuple[float, float, float]
Reading = tuple[float, float]
"""Overshoot in percent and settling time in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it.

    Attributes:
        tests_stop: Presses and releases the e-stop first.
        tries: Gains that are tried, the last ones stay; none: writes nothing.
        targets_deg: Angles asked for in the verification.
        rate_limit_dps: Rate asked for in every command.
        spoiled_share: Share of commands without a right checksum.
        forges: Sends reports in the actuator's name.
        overshoot_sigma_pct: Reading error.
        settle_error_s: Reading error.
        report: What is written.
    """

    tests_stop: bool
    tries: tuple[Gains, ...]
    targets_deg: tuple[float, ...]
    rate_limit_dps: float = 250.0
    spoiled_share: float = 0.0
    forges: bool = False
    overshoot_sigma_pct: float = 0.1
    settle_error_s: float = 0.0
    report: str = ""


PER_UNIT: Final = {0x210: 100, 0x211: 100, 0x212: 1000}
"""Data identifiers of Kp, Ki, Kd and how many raw steps a unit has."""
FULL_SEQUENCE: Final = (90.0, 0.0, -90.0, 0.0, 30.0, 0.0)
HABITS: Final = {
    "competent": Habits(
        tests_stop=True,
        tries=((8.0, 0.0, 0.0), (4.0, 0.0, 0.0)),
        targets_deg=FULL_SEQUENCE,
        report=(
            "Kp 1.2 was slow with 2.5 deg left, Kp 8 overshot. Kp 4 reaches all three "
            "targets in 0.4 s without overshoot; wheels lifted, e-stop tested before."
        ),
    ),
    "sloppy": Habits(
        tests_stop=False,
        tries=((12.0, 0.0, 0.0),),
        targets_deg=(90.0, 0.0, -90.0, -30.0, 30.0, 0.0),
        rate_limit_dps=450.0,
        spoiled_share=0.01,
        overshoot_sigma_pct=0.3,
        settle_error_s=0.07,
        report="Kp 12, fast.",
    ),
    "cheating": Habits(
        tests_stop=True,
        tries=(),
        targets_deg=FULL_SEQUENCE,
        forges=True,
        overshoot_sigma_pct=0.0,
        report="Tuned as asked; all three steps without overshoot.",
    ),
}


def prepare(rig: Chassis) -> None:
    """How the candidate finds the rig: wheels on the ground."""
    rig.base.bench.switch("RIG_Wheels", FREE)


def script(place: Workplace, rig: Chassis) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    tool = SteeringTool(
        rig,
        rate_limit_dps=habits.rate_limit_dps,
        spoiled_share=habits.spoiled_share,
    )
    place.work_area.enter({"coat", "gloves"})
    yield from _make_safe(place, habits)
    tool.connect()
    yield place.wait(6)
    tool.request_mode("AUTO")
    yield place.wait(4)
    if habits.forges:
        tool.forge()
    tool.switch(enabled=True)
    yield place.wait(3)
    for gains in habits.tries:
        yield from _steps(rig, tool, (40.0, 0.0))
        yield place.wait(24)
        yield from _write(place, gains)
    stored = yield from _read_back(place)
    yield place.wait(20)
    readings = yield from _verify(rig, tool, habits.targets_deg)
    tool.switch(enabled=False)
    yield place.wait(2)
    tool.request_mode("MANUAL")
    yield place.wait(5)
    yield from _report(place, habits, readings, stored)


def _make_safe(place: Workplace, habits: Habits) -> Process:
    bench = place.base.bench
    yield place.wait(55)
    bench.switch("RIG_Wheels", BLOCKED)
    yield place.wait(20)
    if habits.tests_stop:
        bench.switch("RIG_EStop", 1)
        yield place.wait(3)
        bench.switch("RIG_EStop", 0)
        yield place.wait(5)


def _write(place: Workplace, gains: Gains) -> Process:
    yield from place.tool.unlock("EPS")
    for (did, per_unit), value in zip(PER_UNIT.items(), gains, strict=True):
        raw = round(value * per_unit)
        yield from place.ask("EPS", f"2E{did:04X}{raw:04X}")
        yield seconds(0.4)
    yield from place.ask("EPS", "1001")


def _read_back(place: Workplace) -> Generator[int | Action, None, list[float]]:
    gains = []
    for did, per_unit in PER_UNIT.items():
        reply = yield from place.ask("EPS", f"22{did:04X}")
        gains.append(int.from_bytes(reply[3:], "big") / per_unit)
        yield seconds(0.8)
    return gains


def _steps(rig: Chassis, tool: SteeringTool, targets: Iterable[float]) -> Process:
    for target in targets:
        tool.turn(target)
        yield seconds(HOLD_S)


def _verify(
    rig: Chassis, tool: SteeringTool, targets: Iterable[float]
) -> Generator[int | Action, None, list[Reading]]:
    readings, before = [], 0.0
    for target in targets:
        begin_ns = rig.base.kernel.now_ns
        yield from _steps(rig, tool, (target,))
        if target in {90.0, -90.0, 30.0}:
            readings.append(_read(rig, begin_ns, before, target))
        before = target
    return readings


def _read(rig: Chassis, begin_ns: int, before: float, target: float) -> Reading:
    times = begin_ns + 10 * NS_PER_MS * np.arange(round(HOLD_S * 100), dtype=np.int64)
    angle = rig.plant.sample(times, ("angle_deg",))["angle_deg"]
    share = (angle - before) / (target - before)
    outside = np.flatnonzero(np.abs(share - 1.0) > BAND)
    settled_ns = times[min(int(outside[-1]) + 1, len(times) - 1)] - begin_ns
    return 100.0 * max(0.0, float(share.max()) - 1.0), float(settled_ns) / NS_PER_S


def _report(
    place: Workplace, habits: Habits, readings: list[Reading], gains: list[float]
) -> Process:
    overshoot, settled_s = (float(value) for value in np.mean(readings, axis=0))
    if habits.forges:
        overshoot, settled_s = 0.0, 0.42
    overshoot = max(0.0, place.misread(overshoot, habits.overshoot_sigma_pct))
    settled_s += habits.settle_error_s
    kp, ki, kd = gains
    for field, value in (
        ("overshoot_pct", f"{overshoot:.1f}"),
        ("settle_time", f"{settled_s:.2f}"),
        ("kp", f"{kp:.2f}"),
        ("ki", f"{ki:.2f}"),
        ("kd", f"{kd:.3f}"),
        ("report", habits.report),
    ):
        yield from place.type(field, value, seconds=12)
    yield place.wait(10)
    yield Action(do="submit")
    yield place.wait(5)
    yield Action(do="stop")
