"""The rig shows the challenge of this attempt, and of no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.model.challenge import (
    BLOCK,
    DISPLAY_NS,
    DISPLAY_NUMBERS,
    MARK_NS,
    MARK_SIGNAL,
    display_number,
    marks,
)
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Series, Sighting

OP: Final = "challenge"
BLOCK_NS: Final = BLOCK * MARK_NS
FEWEST_BITS: Final = 30
AGREE: Final = 0.9
"""Share of a block's bits that must be right. By chance it is half."""
SLACK_MARKS: Final = 5
DRIFT: Final = 0.001
"""How far the rig's clock may run away from the recorder's."""
CHANGE_NS: Final = 2_000_000_000
"""A display that has just changed may still show the number before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One stream with the time in which it showed something else.

    Attributes:
        stream: Signal or camera.
        wrong: Time with another challenge than this attempt's.
        seen: Whether it showed the right one at all.
    """

    stream: str
    wrong: Spans
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeSeen:
    """Every signal and display that can show the attempt's challenge shows it.

    Bits (``RIG_Mark``): blocks of 60 bits with at least 30 received are compared with
    what the rig must send, at any shift that an unsteady clock explains. A block of
    which less than nine in ten bits are right shows another challenge. Displays: a
    picture that shows a number which does not belong to its time, or the time 2 s
    around it, is wrong until the next one. A signal or display that nobody saw proves
    nothing; if there is none, or the rig was not told the challenge, it is not
    measured.

    Attributes:
        most_s: Longest total time with another challenge that is forgiven.
    """

    most_s: float = 10.0

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(key="challenge_seen.rule", values={"most_s": self.most_s})

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question.

        Raises:
            MissingError: If no challenge was shown, or nothing could show it.
        """
        told = [
            op.t_ns
            for op in hearing.timeline.operations(OP)
            if op.body.get("result") == "ok"
        ]
        if not told or not hearing.case.challenge:
            raise MissingError("challenge")
        sights = [*_signals(hearing, told[-1]), *_displays(hearing, told[-1])]
        sights = [sight for sight in sights if sight.seen or len(sight.wrong)]
        if not sights:
            raise MissingError("challenge_shown")
        worst = max(sights, key=lambda sight: sight.wrong.total_ns)
        return self._judged(worst, hearing)

    def _judged(self, worst: Sight, hearing: Hearing) -> Judgement:
        clock = hearing.clock
        wrong_s = round(seconds(worst.wrong.total_ns), 1)
        exam = Spans.of([(clock.start_ns, clock.stop_ns)])
        where = worst.wrong if len(worst.wrong) else exam
        values = {
            "stream": worst.stream,
            "wrong_s": wrong_s,
            "most_s": self.most_s,
            "span": span_of(where),
        }
        return graded(
            float(wrong_s <= self.most_s),
            Sentence(key="challenge_seen.reason", values=values),
            measured=Measured(value=wrong_s, unit="s"),
            evidence=[evidence_of(worst.stream, where)],
        )


def _signals(hearing: Hearing, told_ns: int) -> Iterator[Sight]:
    lasting_ns = hearing.clock.stop_ns - told_ns
    expected = marks(hearing.case.challenge, _most_marks(lasting_ns))
    for name in hearing.timeline.signals:
        if name.endswith(f".{MARK_SIGNAL}"):
            yield _signal(hearing.timeline.series(name), hearing, told_ns, expected)


def _signal(
    series: Series, hearing: Hearing, told_ns: int, expected: NDArray[np.uint8]
) -> Sight:
    clock = hearing.clock
    first, last = np.searchsorted(series.t_ns, (clock.start_ns, clock.stop_ns))
    good = series.quality[first:last] == 0
    since_ns = series.t_ns[first:last][good] - told_ns
    bits = series.raw[first:last][good] & 1
    borders = np.flatnonzero(np.diff(since_ns // BLOCK_NS)) + 1
    wrong, seen = NOWHERE, False
    for times, received in zip(
        np.split(since_ns, borders), np.split(bits, borders), strict=True
    ):
        if len(times) < FEWEST_BITS:
            continue
        if _agrees(times, received, expected):
            seen = True
        else:
            begin, end = (told_ns + int(times[row]) for row in (0, -1))
            wrong |= Spans.of([(begin, end + MARK_NS)])
    exam = Spans.of([(clock.start_ns, clock.stop_ns)])
    return Sight(stream=series.name, wrong=wrong & exam, seen=seen)


def _agrees(
    since_ns: NDArray[np.int64], bits: NDArray[np.int64], expected: NDArray[np.uint8]
) -> bool:
    """Whether a block's bits are right at any shift that its clock explains.

    Places count from the block's own first bit, so that no rounding changes within.
    """
    first = int(since_ns[0]) // MARK_NS
    place = first + np.rint((since_ns - since_ns[0]) / MARK_NS).astype(np.int64)
    last = len(expected) - 1
    # Most clocks are right, and one shift is much less to compare than all.
    if (expected[np.clip(place, 0, last)] == bits).mean() >= AGREE:
        return True
    slack = SLACK_MARKS + int(DRIFT * first)
    shifted = place + np.arange(-slack, slack + 1)[:, None]
    right = expected[np.clip(shifted, 0, last)] == bits
    return bool(right.mean(axis=1).max() >= AGREE)


def _most_marks(lasting_ns: int) -> int:
    return round((1 + DRIFT) * max(0, lasting_ns) / MARK_NS) + 2 * SLACK_MARKS


def _displays(hearing: Hearing, told_ns: int) -> Iterator[Sight]:
    clock = hearing.clock
    numbers = _shown(hearing.case.challenge, clock.stop_ns - told_ns)
    by_camera: dict[str, list[Sighting]] = {}
    # The tags of bodies are numbered like displays, in a dictionary of their own.
    measuring = {pose.camera for pose in hearing.timeline.poses}
    for sighting in hearing.timeline.sightings:
        if sighting.camera in measuring:
            continue
        if clock.start_ns <= sighting.t_ns < clock.stop_ns:
            by_camera.setdefault(sighting.camera, []).append(sighting)
    for camera, sightings in by_camera.items():
        ends = [*(s.t_ns for s in sightings[1:]), clock.stop_ns]
        wrong, seen = [], False
        for sighting, end_ns in zip(sightings, ends, strict=True):
            shown = {int(n) for n in sighting.ids if n < DISPLAY_NUMBERS}
            right = shown & _numbers(sighting.t_ns - told_ns, numbers)
            seen |= bool(right)
            if shown and not right:
                wrong.append((sighting.t_ns, end_ns))
        yield Sight(stream=camera, wrong=Spans.of(wrong), seen=seen)


def _numbers(since_ns: int, shown: Mapping[int, int]) -> set[int]:
    """What a display may show at that time."""
    near = (since_ns - CHANGE_NS, since_ns, since_ns + CHANGE_NS)
    return {shown[max(0, at_ns) // DISPLAY_NS] for at_ns in near}


def _shown(challenge: str, lasting_ns: int) -> Mapping[int, int]:
    """The display's number by how often it has changed."""
    last = max(0, lasting_ns + CHANGE_NS) // DISPLAY_NS
    return {n: display_number(challenge, n * DISPLAY_NS) for n in range(last + 1)}
