"""When nobody does anything."""

from itertools import pairwise

import numpy as np

from examrunner.archive.reading import Recording
from examrunner.decode.timeline import build_timeline
from examrunner.model.station import Rig

CANDIDATES_TOOL = ("TOOL",)
PROTECTION_BYTES = 2


def quietest_ns(recording: Recording, rig: Rig) -> int:
    """The middle of the longest stretch of the exam without action or command."""
    timeline = build_timeline(recording, rig)
    marks = {op.name: op.t_ns for op in timeline.ops if op.name in {"start", "stop"}}
    busy = {marks["start"], marks["stop"]}
    busy |= {edit.t_ns for edit in timeline.form} | {op.t_ns for op in timeline.ops}
    for exchange in timeline.exchanges:
        busy.add(exchange.from_ns)
        busy.add(exchange.answer.to_ns if exchange.answer else exchange.to_ns)
    for name in timeline.messages:
        message = timeline.message(name)
        if message.senders == CANDIDATES_TOOL:
            said = message.frames.data[:, PROTECTION_BYTES:]
            changed = np.flatnonzero((said[1:] != said[:-1]).any(axis=1)) + 1
            busy |= set(message.frames.t_ns[changed].tolist())
            busy |= set(message.frames.t_ns[:1].tolist())
            busy |= set(message.frames.t_ns[-1:].tolist())
    inside = sorted(t for t in busy if marks["start"] <= t <= marks["stop"])
    _, first, last = max((b - a, a, b) for a, b in pairwise(inside))
    return (first + last) // 2
