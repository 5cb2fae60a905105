"""F15: a message whose checksum or alive counter is wrong."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.model import e2e
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.candidates.diagnosis import (
    BETWEEN_TRIES_S,
    finish,
    hand_in,
    other,
    scan,
)
from examrunner.simulation.candidates.workplace import Workplace, seconds
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.trace import SETTLED_NS
from examrunner.simulation.training_rig import TrainingRig

KINDS: Final = ("crc_dataid", "crc_sporadic", "counter_frozen", "counter_skip")
NODES: Final = ("VCU", "ESC", "SAS", "GW", "BCM")
LOGGED_S: Final = 60.0
MISCOUNT_PCT: Final = 7.5
"""By how much the careless one is off: half way between all and no points."""
LUCK: Final = 0.5
"""How often a cheat finds the coding by chance."""
RULE: Final = (
    "The alive counter runs from 0 to 14 and 15 is invalid; the CRC covers the "
    "Data ID and bytes 1 to 7."
)
EXPLANATION: Final = (
    "The VCU stored a code for the message. In the log its checksum and counter were "
    "recomputed frame by frame, the sender was coded anew with 2E F1A6, and ten "
    "seconds later every frame was right and the code stayed away."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the log of the faulty message shows.

    Attributes:
        t_s: Exam time of a bad frame.
        payload: Its bytes.
        bad_pct: Share of bad frames.
    """

    t_s: float
    payload: bytes
    bad_pct: float


def prepare(rig: TrainingRig) -> None:
    """The candidate finds the bench with the ignition on."""


def script(place: Workplace, rig: TrainingRig) -> Process:
    """The whole task."""
    begin_ns = place.now_ns
    place.work_area.enter({"coat", "gloves"})
    yield place.wait(18)
    if place.profile == "cheating":
        yield from _guess(place)
        return
    careful = place.profile == "competent"
    yield from scan(place, NODES)
    seen = yield from _look(place, begin_ns)
    yield from _report(place, seen, careful=careful)
    yield from hand_in(place, "message", _text(place, "message"))
    kind = _text(place, "kind")
    if not careful:
        yield from hand_in(place, "kind", other(KINDS, kind))
        yield seconds(BETWEEN_TRIES_S)
    yield from hand_in(place, "kind", kind)
    yield from _recode(place)
    yield place.wait(14)
    yield from _clear(place)
    yield seconds(34)
    rule = RULE if careful else "The counter has to run from 0 to 14."
    yield from place.type("rule", rule, seconds=20)
    explanation = EXPLANATION if careful else "Wrong coding, now it works."
    yield from place.type("explanation", explanation, seconds=20)
    yield from finish(place)


def _text(place: Workplace, key: str) -> str:
    return str(place.truth[key])


def _look(place: Workplace, begin_ns: int) -> Generator[int | Action, None, Seen]:
    """Log the message and find out which frames are bad."""
    layout = place.base.messages[_text(place, "message")].layout
    trace = place.log("HS1", layout.can_id)
    yield place.wait(LOGGED_S)
    logged_to_ns = place.now_ns
    yield SETTLED_NS
    frames = trace.until(logged_to_ns)
    data = frames.data[:, : layout.length]
    counter = (data[:, 1] & 0x0F).astype(np.int64)
    bad = data[:, 0] != e2e.crc_column(layout.data_id or 0, data)
    bad[1:] |= np.diff(counter) % e2e.COUNTER_MODULUS != 1
    bad[0] = False
    # Where every frame is well the first one is quoted, for want of a bad one.
    row = int(np.argmax(bad))
    return Seen(
        t_s=(int(frames.t_ns[row]) - begin_ns) / NS_PER_S,
        payload=data[row].tobytes(),
        bad_pct=100.0 * float(bad[1:].mean()),
    )


def _report(place: Workplace, seen: Seen, *, careful: bool) -> Process:
    """The quoted frame, the checksum that it should have, the share of bad ones."""
    yield from place.type("frame_time", f"{seen.t_s:.3f}", seconds=12)
    yield from place.type("frame_data", seen.payload.hex(" "), seconds=15)
    layout = place.base.messages[_text(place, "message")].layout
    data_id = (layout.data_id or 0) if careful else 0
    expected = e2e.crc_of(data_id, seen.payload)
    yield from place.type("expected_crc", f"0x{expected:02X}", seconds=25)
    wrong = -MISCOUNT_PCT if seen.bad_pct > 50 else MISCOUNT_PCT
    share = seen.bad_pct + (0.0 if careful else wrong)
    yield from place.type("bad_share", f"{share:.1f}", seconds=15)


def _recode(place: Workplace) -> Process:
    node = _text(place, "node")
    yield from place.tool.unlock(node)
    yield from place.ask(node, "2EF1A600")
    yield place.wait(1)
    yield Action(do="op", body={"op": "repair_done", "component": f"{node}.coding"})


def _clear(place: Workplace) -> Process:
    yield from place.ask("VCU", "14FFFFFF")
    yield place.wait(4)
    yield from place.ask("VCU", "1902FF")


def _guess(place: Workplace) -> Process:
    """The trouble code names the message; everything else is made up."""
    yield from scan(place, NODES)
    yield from place.type("frame_time", "12.345", seconds=5)
    yield from place.type("frame_data", "12 34 56 78 9A BC DE F0", seconds=5)
    yield from place.type("expected_crc", "0x12", seconds=4)
    yield from place.type("bad_share", "60", seconds=4)
    yield from hand_in(place, "message", _text(place, "message"))
    right = _text(place, "kind")
    yield from hand_in(place, "kind", other(KINDS, right))
    if place.hand.random() < LUCK:
        yield seconds(BETWEEN_TRIES_S)
        yield from hand_in(place, "kind", right)
    if place.hand.random() < LUCK:
        yield from _recode(place)
        yield place.wait(14)
        yield from _clear(place)
        yield seconds(34)
    yield from place.type("rule", "The message must be correct.", seconds=5)
    yield from place.type("explanation", "Everything is fine now.", seconds=6)
    yield from finish(place)
