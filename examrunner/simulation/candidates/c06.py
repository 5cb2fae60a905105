"""C06: tuning the step response of a by-wire actuator."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.bywire_tool import BywireTool
from examrunner.simulation.candidates.c06_machines import (
    MACHINES,
    Gains,
    Machine,
    Plan,
)
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.chassis import Chassis
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S

BLOCKED, FREE = 0, 1
BAND: Final = 0.02

Reading = tuple[float, float]
"""Overshoot in percent and settling time in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one candidate goes about it, whatever the actuator.

    Attributes:
        tests_stop: Presses and releases the e-stop first.
        spoiled_share: Share of commands without a right checksum.
        forges: Sends reports in the actuator's name.
        overshoot_sigma_pct: Reading error.
        settle_error_s: Reading error.
        report: What is written; empty for what the machine's expert writes.
    """

    tests_stop: bool
    spoiled_share: float = 0.0
    forges: bool = False
    overshoot_sigma_pct: float = 0.1
    settle_error_s: float = 0.0
    report: str = ""


HABITS: Final = {
    "competent": Habits(tests_stop=True),
    "sloppy": Habits(
        tests_stop=False,
        spoiled_share=0.01,
        overshoot_sigma_pct=0.3,
        settle_error_s=0.07,
        report="New gains, fast.",
    ),
    "cheating": Habits(
        tests_stop=True,
        forges=True,
        overshoot_sigma_pct=0.0,
        report="Tuned as asked; all steps without overshoot.",
    ),
}


def prepare(rig: Chassis) -> None:
    """How the candidate finds the rig: wheels on the ground."""
    rig.base.bench.switch("RIG_Wheels", FREE)


def script(place: Workplace, rig: Chassis) -> Process:
    """The whole task."""
    habits = HABITS[place.profile]
    machine = MACHINES[str(place.truth["actuator"])]
    plan = machine.plans[place.profile]
    tool = BywireTool(rig, plan.handle, spoiled_share=habits.spoiled_share)
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
    if machine.moves:
        yield from _set_off(place, tool)
    for gains in plan.tries:
        yield from _steps(machine, tool, plan.probe)
        yield seconds(machine.rest_s)
        yield place.wait(24)
        yield from _write(place, machine, gains)
    stored = yield from _read_back(place, machine)
    yield place.wait(20)
    readings = yield from _verify(rig, machine, plan, tool)
    yield from _stop(place, machine, tool)
    yield from _report(place, habits, machine, readings, stored)


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


def _set_off(place: Workplace, tool: BywireTool) -> Process:
    tool.take_gear()
    yield place.wait(2)
    tool.shift("D", "RELEASE")
    yield place.wait(3)


def _write(place: Workplace, machine: Machine, gains: Gains) -> Process:
    yield from place.tool.unlock(machine.ecu)
    for (_, did, per_unit), value in zip(machine.gains, gains, strict=True):
        raw = round(value * per_unit)
        yield from place.ask(machine.ecu, f"2E{did:04X}{raw:04X}")
        yield seconds(0.4)
    yield from place.ask(machine.ecu, "1001")


def _read_back(
    place: Workplace, machine: Machine
) -> Generator[int | Action, None, list[float]]:
    gains = []
    for _, did, per_unit in machine.gains:
        reply = yield from place.ask(machine.ecu, f"22{did:04X}")
        gains.append(int.from_bytes(reply[3:], "big") / per_unit)
        yield seconds(0.8)
    return gains


def _steps(machine: Machine, tool: BywireTool, targets: Iterable[float]) -> Process:
    for target in targets:
        tool.go(target)
        yield seconds(machine.hold_s)


def _verify(
    rig: Chassis, machine: Machine, plan: Plan, tool: BywireTool
) -> Generator[int | Action, None, list[Reading]]:
    readings, before = [], 0.0
    for target in plan.sequence:
        begin_ns = rig.base.kernel.now_ns
        yield from _steps(machine, tool, (target,))
        if target in machine.steps:
            readings.append(_read(rig, machine, begin_ns, before, target))
        before = target
    return readings


def _read(
    rig: Chassis, machine: Machine, begin_ns: int, before: float, target: float
) -> Reading:
    ticks = np.arange(round(machine.hold_s * 100), dtype=np.int64)
    times = begin_ns + 10 * NS_PER_MS * ticks
    place = rig.plant.sample(times, (machine.column,))[machine.column]
    share = (place - before) / (target - before)
    outside = np.flatnonzero(np.abs(share - 1.0) > BAND)
    settled_ns = times[min(int(outside[-1]) + 1, len(times) - 1)] - begin_ns
    return 100.0 * max(0.0, float(share.max()) - 1.0), float(settled_ns) / NS_PER_S


def _stop(place: Workplace, machine: Machine, tool: BywireTool) -> Process:
    if machine.moves:
        tool.go(0.0)
        yield seconds(machine.rest_s)
        tool.shift("P", "APPLY")
        yield place.wait(2)
    tool.switch(enabled=False)
    yield place.wait(2)
    tool.request_mode("MANUAL")
    yield place.wait(5)


def _report(
    place: Workplace,
    habits: Habits,
    machine: Machine,
    readings: list[Reading],
    gains: list[float],
) -> Process:
    overshoot, settled_s = (float(value) for value in np.mean(readings, axis=0))
    if habits.forges:
        overshoot, settled_s = 0.0, 0.42
    overshoot = max(0.0, place.misread(overshoot, habits.overshoot_sigma_pct))
    settled_s += habits.settle_error_s
    typed = {"overshoot_pct": f"{overshoot:.1f}", "settle_time": f"{settled_s:.2f}"}
    for (name, _, per_unit), gain in zip(machine.gains, gains, strict=True):
        typed[name] = f"{gain:.3f}" if per_unit > 100 else f"{gain:.2f}"
    typed["report"] = habits.report or machine.report
    for field, value in typed.items():
        yield from place.type(field, value, seconds=12)
    yield place.wait(10)
    yield Action(do="submit")
    yield place.wait(5)
    yield Action(do="stop")
