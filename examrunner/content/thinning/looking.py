"""Where the criteria of a rubric look: windows of signals, and quoted frames."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from examrunner.content.criterion_parts import parts, texts
from examrunner.criteria.answered_numbers import NumberItem
from examrunner.criteria.exam_time import recording_ns
from examrunner.criteria.pose_items import PoseItem
from examrunner.criteria.quoted_frames import payload_in
from examrunner.criteria.references import Reference
from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.criteria.target_pose import TargetPose
from examrunner.criteria.typed_numbers import read_number
from examrunner.criteria.windows import (
    WHOLE_EXAM,
    NotOpenedError,
    Window,
    moment_of,
    opened,
)
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.rubric import Criterion, Rubric
from examrunner.model.timeline import NS_PER_S, Messages, Timeline
from examrunner.scoring.clocks import exam_clock
from examrunner.scoring.judging import questions_of
from examrunner.scoring.variants import bound

MOST_QUOTED: Final = 50
"""Frames with a quoted payload that are kept, those nearest to the stated time."""
EDGE_S: Final = 0.5
"""What is kept on both sides, so that a value before the window holds in it."""


def asked_of(rubric: Rubric, case: Case) -> tuple[Criterion, ...]:
    """Every question of the case's variant, its secrets filled in."""
    return tuple(
        bound(each.criterion, case)
        for each in questions_of(rubric).values()
        if not each.when or case.variant in each.when
    )


def looked_at(
    timeline: Timeline, case: Case, asked: tuple[Criterion, ...]
) -> Mapping[str, Spans]:
    """The windows, shorter than the exam, in which signals are looked at."""
    hearing = Hearing(timeline=timeline, clock=exam_clock(timeline), case=case)
    found: dict[str, Spans] = {}
    for part in (part for each in asked for part in parts(each)):
        for signal, spans in _windows(hearing, part):
            edge_ns = round(EDGE_S * NS_PER_S)
            wide = Spans.joined(spans.start_ns - edge_ns, spans.end_ns + edge_ns)
            found[signal] = found.get(signal, NOWHERE) | wide
    return found


def _windows(hearing: Hearing, part: object) -> Iterator[tuple[str, Spans]]:
    if isinstance(part, TargetPose):
        for item in part.items:
            yield from _before(hearing, part, item)
        return
    window = getattr(part, "window", None)
    names = [n for key in ("signal", "feedback") for n in texts(getattr(part, key, ()))]
    if not isinstance(window, Window) or window == WHOLE_EXAM:
        return
    try:
        spans = opened(hearing, window)
    except (NotOpenedError, MissingError):
        return
    for name in names:
        yield name, spans


def _before(
    hearing: Hearing, part: TargetPose, item: PoseItem
) -> Iterator[tuple[str, Spans]]:
    if not item.signal:
        return
    try:
        at_ns = moment_of(hearing, part.at)
    except (NotOpenedError, MissingError):
        return
    start_ns = at_ns - round(item.signal_s * NS_PER_S)
    yield item.signal, Spans.of([(start_ns, at_ns)])


def quoted_rows(
    timeline: Timeline, message: Messages, asked: tuple[Criterion, ...]
) -> list[int]:
    """Rows of the frames that the candidate quotes by their payload."""
    named = [part for each in asked for part in parts(each)]
    fields = {
        part.data_field
        for part in named
        if isinstance(part, Reference) and message.name in {part.frame, part.crc_of}
    }
    times_ns = _typed_times(timeline, message, named)
    rows: set[int] = set()
    for edit in timeline.form:
        payload = payload_in(edit.value) if edit.field in fields else None
        frames = message.frames
        if payload is None or len(payload) > frames.data.shape[1]:
            continue
        wanted = np.frombuffer(payload, np.uint8)
        same = (frames.data[:, : len(payload)] == wanted).all(axis=1)
        found = np.flatnonzero(same & (frames.length == len(payload)))
        for at_ns in times_ns or [int(frames.t_ns[0])]:
            order = np.argsort(np.abs(frames.t_ns[found] - at_ns), kind="stable")
            rows |= set(found[order[:MOST_QUOTED]].tolist())
    return sorted(rows)


def _typed_times(
    timeline: Timeline, message: Messages, named: list[object]
) -> list[int]:
    """When the candidate says that the quoted frames of a message came."""
    items = [part for part in named if isinstance(part, NumberItem)]
    fields = {item.field for item in items if item.ref.frame == message.name}
    clock = exam_clock(timeline)
    return [
        recording_ns(clock, round(value * NS_PER_S))
        for edit in timeline.form
        if edit.field in fields
        for value in read_number(edit.value, "s").values
    ]
