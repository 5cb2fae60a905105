"""F16: the gateway does not pass a signal on as it should."""

from collections.abc import Generator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.body import BodyNetwork
from examrunner.simulation.candidates.diagnosis import (
    BETWEEN_TRIES_S,
    finish,
    hand_in,
    other,
    scan,
)
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.kernel import NS_PER_MS
from examrunner.simulation.routing_table import HEALTHY, encoded
from examrunner.simulation.trace import SETTLED_NS, Trace
from examrunner.simulation.training_rig import TrainingRig

KINDS: Final = ("missing", "wrong_id", "slow", "stale")
ROUTES: Final = ("c0_2a0", "d0_2a0", "2b0_3c0", "2b1_3c0")
NODES: Final = ("VCU", "ESC", "GW", "BCM", "IC")
LOGGED_S: Final = 15.0
LATEST_NS: Final = 600 * NS_PER_MS
LUCK: Final = 0.5
"""How often a cheat writes the right table, or names the route at the second try."""
CHAIN: Final = (
    "The ESC sends the value on HS1, the gateway does not route it to MS1 as its table "
    "should say, so the cluster does not show it."
)
EXPLANATION: Final = (
    "Both buses were compared, the routing table was read and found wrong, written "
    "after security access and a restart of the gateway; the cluster follows again."
)

Times = NDArray[np.int64]


def prepare(rig: TrainingRig) -> None:
    """The candidate finds the bench with the ignition on and the wheels at rest."""


def script(place: Workplace, rig: TrainingRig) -> Process:
    """The whole task."""
    if not isinstance(rig, BodyNetwork):
        raise TypeError(type(rig).__name__)
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(18)
    rig.road.drive()
    yield from scan(place, NODES)
    if place.profile == "cheating":
        yield from _guess(place)
        return
    careful = place.profile == "competent"
    yield from place.ask("IC", "220C01")
    yield place.wait(2)
    before = yield from _latency(place)
    if careful:
        yield from place.ask("GW", "220A01")
        yield place.wait(15)
    yield from _report(place, before)
    yield from hand_in(place, "route", _text(place, "route"))
    yield from hand_in(place, "kind", _text(place, "kind"))
    yield from _rewrite(place, encoded(HEALTHY))
    yield place.wait(13)
    yield from _clear(place)
    if careful:
        after = yield from _latency(place)
        if after is not None:
            yield from place.type("latency_after", f"{after:.1f}", seconds=8)
    yield from place.type("chain", CHAIN if careful else "Route wrong.", seconds=9)
    written = EXPLANATION if careful else "Table was wrong, now it works."
    yield from place.type("explanation", written, seconds=9)
    yield seconds(20)
    yield from finish(place)


def _text(place: Workplace, key: str) -> str:
    return str(place.truth[key])


def _latency(place: Workplace) -> Generator[int | Action, None, float | None]:
    """Log both ends of the route; median milliseconds, or None if nothing arrives."""
    source, target = _text(place, "source"), _text(place, "target")
    ends = [_logged(place, "HS1", source), _logged(place, "MS1", target)]
    yield place.wait(LOGGED_S)
    until_ns = place.now_ns
    yield SETTLED_NS
    (t_ns, values), (seen_ns, seen) = (
        _column(place, name, trace, until_ns)
        for name, trace in zip((source, target), ends, strict=True)
    )
    rows = np.flatnonzero(np.diff(values) != 0) + 1
    waits = [
        float(seen_ns[hits[0]] - t_ns[row]) / NS_PER_MS
        for row in rows
        if len(hits := _hits(seen_ns, seen, int(t_ns[row]), float(values[row])))
    ]
    if len(waits) < len(rows) / 2:
        return None
    return float(np.median(waits))


def _logged(place: Workplace, channel: str, name: str) -> Trace:
    message = name.partition(".")[0]
    return place.log(channel, place.base.layouts[channel][message].can_id)


def _column(
    place: Workplace, name: str, trace: Trace, until_ns: int
) -> tuple[Times, NDArray[np.float64]]:
    message, _, signal = name.partition(".")
    layout = place.base.messages[message].layout
    frames = trace.until(until_ns)
    return frames.t_ns, layout.signals[signal].read(frames.data)


def _hits(
    seen_ns: Times, seen: NDArray[np.float64], from_ns: int, value: float
) -> NDArray[np.intp]:
    """Frames of the target that carry a value soon after the source had it."""
    soon = (seen_ns >= from_ns) & (seen_ns <= from_ns + LATEST_NS)
    return np.flatnonzero(soon & (np.abs(seen - value) < 1e-6))


def _report(place: Workplace, before_ms: float | None) -> Process:
    yield from place.type("arrives", "no" if before_ms is None else "yes", seconds=8)
    if before_ms is not None:
        yield from place.type("latency_before", f"{before_ms:.1f}", seconds=8)


def _rewrite(place: Workplace, table: bytes) -> Process:
    """Write the routing table and restart the gateway."""
    yield from place.tool.unlock("GW")
    yield from place.ask("GW", "2E0A01" + table.hex())
    yield place.wait(1)
    yield from place.ask("GW", "1101")
    yield place.wait(1)
    yield Action(do="op", body={"op": "repair_done", "component": "GW.routing"})


def _clear(place: Workplace) -> Process:
    yield from place.ask("IC", "14FFFFFF")
    yield place.wait(4)
    yield from place.ask("IC", "1902FF")


def _guess(place: Workplace) -> Process:
    """Write some table at once and try every answer of the form."""
    lucky = place.hand.random() < LUCK
    yield from _rewrite(place, encoded(HEALTHY if lucky else HEALTHY[2:]))
    yield place.wait(13)
    if lucky:
        yield from _clear(place)
    yield from place.type("arrives", _other_arrival(place), seconds=4)
    yield from place.type("latency_after", "150", seconds=4)
    right = _text(place, "route")
    wrong = other(ROUTES, right)
    tries = [wrong] if place.hand.random() < LUCK else [wrong, other(ROUTES, wrong)]
    kinds = [other(KINDS, _text(place, "kind"))]
    kinds.append(other(KINDS, kinds[0]))
    routes = [*tries, right]
    kinds.append(_text(place, "kind"))
    for number, kind in enumerate(kinds):
        if number < len(routes):
            yield from hand_in(place, "route", routes[number])
        yield from hand_in(place, "kind", kind)
        yield seconds(BETWEEN_TRIES_S - 10.0)
    yield from place.type("chain", "The gateway is the gateway.", seconds=4)
    yield from place.type("explanation", "Everything is fine now.", seconds=4)
    yield from finish(place)


def _other_arrival(place: Workplace) -> str:
    return "no" if _text(place, "kind") == "slow" else "yes"
