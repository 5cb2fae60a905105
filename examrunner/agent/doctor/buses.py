"""CAN channels: bit rate, silence of the adapter, every message at its cycle."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.agent.doctor.findings import Finding, fail, ok, warn
from examrunner.agent.doctor.sentences import say
from examrunner.content.search import SearchPath
from examrunner.decode.databases import load_database
from examrunner.decode.noise import CANDIDATES_TOOL
from examrunner.drivers.links import CanLink, ListenOnly
from examrunner.model.frames import ERROR, EXTENDED, REMOTE, Frames
from examrunner.model.station import Channel

LISTEN_S: Final = 3.0
SILENT_S: Final = 4.0
"""After so long without a frame nothing more is waited for."""
CYCLES: Final = 4
"""How many cycles of its slowest message a bus is listened to."""
PATIENCE: Final = 5.0
"""How many times longer than it should take a bus is listened to."""
OFF_CYCLE: Final = 0.2
"""Largest share by which the middle cycle of a message may be off."""
BATCH: Final = 1_000
WAIT_S: Final = 0.2
NAMED: Final = 6
"""Messages that are named in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One message that a healthy rig sends by itself.

    Attributes:
        name: In the database.
        can_id: Identifier without flag bits.
        extended: Whether it has 29 bits.
        cycle_s: Its cycle.
    """

    name: str
    can_id: int
    extended: bool
    cycle_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How one identifier came.

    Attributes:
        count: Frames.
        cycle_s: Middle time between two of them; None with fewer than three.
    """

    count: int
    cycle_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusFacts:
    """What was measured on one channel.

    Attributes:
        frames: Data frames heard.
        errors: Error frames heard.
        span_s: From the first frame to the last, by the adapter's stamps.
        heard: Rhythm by identifier and whether it has 29 bits.
        silence: What is proved of listen-only.
        reports_errors: Whether error frames would be received.
        bitrate_bps: As read back; None if it cannot be.
    """

    frames: int
    errors: int
    span_s: float
    heard: dict[tuple[int, bool], Rhythm]
    silence: ListenOnly
    reports_errors: bool
    bitrate_bps: int | None


def expected_on(channel: Channel, search: SearchPath) -> tuple[Expected, ...]:
    """Messages with a cycle in the channel's database, but not the candidate's tool.

    Raises:
        ContentError: If the database cannot be used.
    """
    path = search.find("dbc", channel.database)
    database = load_database(path.read_bytes(), path.name)
    return tuple(
        Expected(
            name=plan.name,
            can_id=plan.can_id,
            extended=plan.extended,
            cycle_s=plan.cycle_s,
        )
        for plan in database.messages
        if plan.cycle_s and plan.senders != (CANDIDATES_TOOL,)
    )


def listen(
    link: CanLink,
    expected: Sequence[Expected],
    clock: Callable[[], float] = time.monotonic,
) -> BusFacts:
    """Listens until every message must have come several times.

    Raises:
        RigError: If the adapter is gone.
    """
    silence = link.silence(True)
    slowest_s = max((one.cycle_s for one in expected), default=0.0)
    frames = _heard(link, max(LISTEN_S, CYCLES * slowest_s), clock)
    data = (frames.flags & (ERROR | REMOTE)) == 0
    return BusFacts(
        frames=int(data.sum()),
        errors=int(((frames.flags & ERROR) > 0).sum()),
        span_s=_span_s(frames),
        heard=_rhythms(frames, data),
        silence=silence,
        reports_errors=link.reports_errors(),
        bitrate_bps=link.bitrate_bps(),
    )


def judged(
    channel: Channel, expected: Sequence[Expected], facts: BusFacts
) -> Iterator[Finding]:
    """What the facts of one channel mean."""
    what = f"CAN {channel.name}"
    yield _bitrate(f"{what} bit rate", channel, facts)
    yield _silence(f"{what} listen-only", facts)
    if not facts.frames:
        yield _nothing(what, channel, facts)
        return
    yield _frames(what, facts)
    yield _messages(f"{what} messages", expected, facts)


def _frames(what: str, facts: BusFacts) -> Finding:
    count, span_s = facts.frames, facts.span_s
    if facts.errors:
        said = say(
            "bus.frames_and_errors", frames=count, span=span_s, errors=facts.errors
        )
        return warn(what, said, say("bus.terminators"))
    key = "bus.frames" if facts.reports_errors else "bus.frames_only"
    return ok(what, say(key, frames=count, span=span_s))


def _bitrate(what: str, channel: Channel, facts: BusFacts) -> Finding:
    wanted = channel.bitrate_bps
    if facts.bitrate_bps is None:
        if facts.frames and not facts.errors:
            return ok(what, say("bit_rate.proved"))
        return warn(what, say("bit_rate.unknown"), say("bit_rate.see", wanted=wanted))
    if facts.bitrate_bps != wanted:
        return fail(
            what,
            say("bit_rate.wrong", found=facts.bitrate_bps, wanted=wanted),
            say("bit_rate.set", wanted=wanted),
        )
    return ok(what, say("bit_rate.right", wanted=wanted))


def _silence(what: str, facts: BusFacts) -> Finding:
    proof = facts.silence.proof
    if facts.silence.verified:
        return ok(what, say("silence.proved", proof=proof))
    return warn(what, say("silence.unproved", proof=proof), say("silence.adapter"))


def _nothing(what: str, channel: Channel, facts: BusFacts) -> Finding:
    if facts.errors:
        return fail(
            what,
            say("bus.only_errors", errors=facts.errors),
            say("bit_rate.set_then_wiring", wanted=channel.bitrate_bps),
        )
    return fail(what, say("bus.silent"), say("bus.switch_on"))


def _messages(what: str, expected: Sequence[Expected], facts: BusFacts) -> Finding:
    missing = [one.name for one in expected if _is_missing(one, facts)]
    if missing:
        said = say(
            "messages.missing",
            expected=len(expected),
            missing=len(missing),
            names=_listed(missing),
        )
        return fail(what, said, say("messages.supply"))
    off = [late for one in expected if (late := _off_cycle(one, facts))]
    if off:
        said = say("messages.off_cycle", names=_listed(off))
        return fail(what, said, say("messages.restart"))
    return ok(what, say("messages.all", expected=len(expected)))


def _is_missing(one: Expected, facts: BusFacts) -> bool:
    return (one.can_id, one.extended) not in facts.heard


def _off_cycle(one: Expected, facts: BusFacts) -> str:
    rhythm = facts.heard[one.can_id, one.extended]
    # Two frames alone have no middle: then the time that was listened counts.
    cycle_s = facts.span_s / rhythm.count if rhythm.cycle_s is None else rhythm.cycle_s
    if rhythm.cycle_s is None and facts.span_s < CYCLES * one.cycle_s:
        return ""
    if abs(cycle_s - one.cycle_s) <= OFF_CYCLE * one.cycle_s:
        return ""
    return f"{one.name} {cycle_s * 1e3:.0f} / {one.cycle_s * 1e3:.0f} ms"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" … (+{more})" if more > 0 else "")


def _heard(link: CanLink, window_s: float, clock: Callable[[], float]) -> Frames:
    parts: list[Frames] = []
    began_s = clock()
    first_ns: int | None = None
    while clock() - began_s < window_s * PATIENCE:
        part = link.receive(timeout_s=WAIT_S, most=BATCH)
        if len(part):
            parts.append(part)
            first_ns = int(part.t_ns[0]) if first_ns is None else first_ns
            if (int(part.t_ns[-1]) - first_ns) / 1e9 >= window_s:
                break
        elif first_ns is None and clock() - began_s >= SILENT_S:
            break
    return Frames.concatenate(parts) if parts else Frames.empty()


def _span_s(frames: Frames) -> float:
    return float(frames.t_ns.max() - frames.t_ns.min()) / 1e9 if len(frames) else 0.0


def _rhythms(frames: Frames, data: np.ndarray) -> dict[tuple[int, bool], Rhythm]:
    keys = (frames.ids.astype(np.int64) << 1) | ((frames.flags & EXTENDED) > 0)
    found: dict[tuple[int, bool], Rhythm] = {}
    for key in np.unique(keys[data]):
        times = np.sort(frames.t_ns[data & (keys == key)])
        middle = float(np.median(np.diff(times))) / 1e9 if len(times) > 2 else None
        found[int(key) >> 1, bool(key & 1)] = Rhythm(count=len(times), cycle_s=middle)
    return found
