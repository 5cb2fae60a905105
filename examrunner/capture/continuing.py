"""Going on with a recording that was cut off: on the same clock, with the gap said.

Wherever capture opens, it writes down which clocks stand for recording time. After a
restart of the program both clocks still run, and recording time goes on as if nothing
had been. After a restart of the PC, or of a rig that owns its time, nobody knows how
long it took: wall time is not trusted with exam time. Recording time then goes on
``UNKNOWN_NS`` after the last thing that was recorded.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.archive.cut import Cut
from examrunner.drivers.links import RigClockLink
from examrunner.model.recording import Event

UNKNOWN_NS: Final = 1_000_000_000
"""How long a gap counts whose length cannot be measured."""
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")

Write = Callable[[int, str, Mapping[str, object]], object]
"""Appends an event: recording time, stream, body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The clocks that run beside recording time, at one moment.

    Attributes:
        boot_id: Names what the monotonic clock counts from; empty where the operating
            system does not say.
        monotonic_ns: This PC's monotonic clock.
        rig_ns: Time of a rig that owns its time; None for any other.
    """

    boot_id: str
    monotonic_ns: int
    rig_ns: int | None = None

    def since_ns(self, before: "Clocks") -> int | None:
        """Time since ``before``; None if no clock has run all the while."""
        if self.rig_ns is not None:
            return None if before.rig_ns is None else self.rig_ns - before.rig_ns
        if not self.boot_id or self.boot_id != before.boot_id:
            return None
        return self.monotonic_ns - before.monotonic_ns


def clocks_now(rig: RigClockLink | None) -> Clocks:
    """The clocks at this moment."""
    boot_id = BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""
    return Clocks(
        boot_id=boot_id,
        monotonic_ns=time.monotonic_ns(),
        rig_ns=None if rig is None else rig.opened_ns,
    )


def start_ns(cut: Cut | None, now: Clocks) -> int:
    """Recording time at which capture opens.

    Args:
        cut: Where the recording was cut off; None of a new one.
        now: The clocks now.
    """
    if cut is None:
        return 0
    for event in reversed(cut.events):
        before = _clocks(event)
        if before is not None:
            since_ns = now.since_ns(before)
            if since_ns is None or event.t_ns + since_ns < cut.last_ns:
                break
            return event.t_ns + since_ns
    return cut.last_ns + UNKNOWN_NS


def same_rig(cut: Cut | None, now: Clocks, started_ns: int) -> bool:
    """Whether a rig that owns its time has gone on since the recording was cut off."""
    if cut is None or now.rig_ns is None:
        return False
    known = [(e.t_ns, c) for e in cut.events if (c := _clocks(e)) is not None]
    return any(c.rig_ns == now.rig_ns - started_ns + t_ns for t_ns, c in known[-1:])


def declare(cut: Cut | None, now: Clocks, started_ns: int, write: Write) -> None:
    """Writes down the clocks and, of a recording that goes on, what it lacks."""
    clocks = {"boot_id": now.boot_id, "monotonic_ns": now.monotonic_ns}
    body = clocks if now.rig_ns is None else {**clocks, "rig_ns": now.rig_ns}
    write(started_ns, "health", {"clocks": body})
    if cut is None:
        return
    since = dict.fromkeys((*cut.pictures, "truth"), cut.last_ns)
    since |= cut.heard_ns
    for stream, from_ns in {**since, **cut.lost}.items():
        gap = {"stream": stream, "lost": None, "from_ns": from_ns, "to_ns": started_ns}
        write(started_ns, "health", {**gap, "cause": "restart"})


def declare_opening(
    channels: Iterable[str], started_ns: int, opened_ns: int, write: Write
) -> None:
    """Of a recording that goes on: no channel was heard until its link was open."""
    if opened_ns == started_ns:  # a rig that owns its time has waited
        return
    for channel in channels:
        gap = {"stream": channel, "from_ns": started_ns, "to_ns": opened_ns}
        write(opened_ns, "health", {**gap, "lost": None, "cause": "restart"})


def _clocks(event: Event) -> Clocks | None:
    said = event.body.get("clocks")
    return Clocks(**said) if isinstance(said, dict) else None
