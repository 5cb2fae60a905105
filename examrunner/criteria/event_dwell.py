"""Something lasts without interruption."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.board_rest import BoardRest
from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.exam_time import recording_ns, running
from examrunner.criteria.losses import lost_for, lost_on
from examrunner.criteria.predicates import Predicate, any_of, compared, evaluate
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S

SECONDS_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDwell:
    """The longest stretch in which a predicate holds and is known.

    Up to 2 % of a stretch may be lost by the recorder and hide an error frame that
    would break it; where more is lost and decides, an examiner has to look.

    With ``board`` instead of a predicate: the mean over all poses at which stills of a
    board were taken of how long it rested there (``board_rest.BoardRest``).

    Attributes:
        predicate: What has to hold.
        board: Board that has to rest, instead of a predicate.
        score: Seconds to share of the points.
        broken_by: Events that end a stretch.
        window: When to look.
    """

    predicate: Predicate | None = None
    board: BoardRest | None = None
    score: Scale
    broken_by: tuple[Event, ...] = ()
    window: Window = WHOLE_EXAM

    def problem(self) -> str:
        """What is wrong with it as its author wrote it; empty if nothing is."""
        if (self.predicate is None) == (self.board is None):
            return "give either 'predicate' or 'board'"
        return ""

    @property
    def _claim(self) -> Predicate:
        return Predicate() if self.predicate is None else self.predicate

    def rule(self) -> Sentence:
        """The question as a sentence."""
        if self.board is not None:
            values = {"rests": self.board.sentence(), "scale": self.score.sentence("s")}
            return Sentence(key="event_dwell.rule_board", values=values)
        breaks = tuple(event_sentence(event) for event in self.broken_by)
        return Sentence(
            key="event_dwell.rule_breaks" if breaks else "event_dwell.rule",
            values={
                "predicate": predicate_sentence(self._claim),
                "breaks": any_of(breaks),
                "window": window_sentence(self.window),
                "scale": self.score.sentence("s"),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        if self.board is not None:
            return self.board.judge(hearing, self.score)
        window = opened(hearing, self.window)
        truth = evaluate(hearing.timeline, self._claim, *window.hull_ns)
        stretch = self._longest(hearing, truth.true & window, window)
        unheard = self._blind(hearing) & stretch
        if unheard.total_ns > MOST_UNKNOWN * stretch.total_ns:
            sure = self._longest(hearing, (truth.true & window) - unheard, window)
            if self._earned(sure) < self._earned(stretch):
                return recorder_lost(self._errors(), stretch, unheard.total_ns)
            stretch = sure
        longest, fraction = _seconds(stretch), self._earned(stretch)
        track = compared(self._claim)[0].track
        unknown = self._lost(hearing, window - truth.known)
        if fraction < 1 and unknown.total_ns > MOST_UNKNOWN * window.total_ns:
            return recorder_lost(self._lost_track(hearing), window, unknown.total_ns)
        reason = Sentence(
            key="event_dwell.reason",
            values={
                "longest_s": longest,
                "scale": self.score.sentence("s"),
                "predicate": predicate_sentence(self._claim),
                "span": span_of(stretch if len(stretch) else window),
            },
        )
        return graded(
            fraction,
            reason,
            measured=Measured(value=longest, unit="s"),
            evidence=[evidence_of(track, stretch if len(stretch) else window)],
        )

    def _earned(self, stretch: Spans) -> float:
        return self.score.fraction(_seconds(stretch))

    def _lost(self, hearing: Hearing, unknown: Spans) -> Spans:
        """Time in which a value is missing because the recorder lost it."""
        found = NOWHERE
        for leaf in compared(self._claim):
            found |= unknown & lost_for(hearing, leaf.track)
        return found

    def _lost_track(self, hearing: Hearing) -> str:
        """The first track of which the recorder lost something."""
        tracks = [leaf.track for leaf in compared(self._claim)]
        lost = (track for track in tracks if len(lost_for(hearing, track)))
        return next(lost, tracks[0])

    def _errors(self) -> str:
        """The channels of which an error frame breaks a stretch."""
        return ", ".join(event.err for event in self.broken_by if event.err)

    def _blind(self, hearing: Hearing) -> Spans:
        """Time in which an error frame that breaks a stretch would have been missed."""
        found = NOWHERE
        for event in self.broken_by:
            if event.err:
                found |= lost_on(hearing.timeline, event.err)
        return found

    def _longest(self, hearing: Hearing, true: Spans, window: Spans) -> Spans:
        """The longest stretch in exam time: a pause neither counts nor breaks."""
        breaks = [happenings(hearing.timeline, e, window) for e in self.broken_by]
        cuts = np.unique(np.concatenate(breaks)) if breaks else np.zeros(0, np.int64)
        ran = running(hearing.clock)
        joined = Spans.joined(ran.before(true.start_ns), ran.before(true.end_ns))
        inside = ran.before(cuts[true.holds(cuts)])
        starts = np.sort(np.concatenate((joined.start_ns, inside)))
        ends = np.sort(np.concatenate((joined.end_ns, inside)))
        if not len(starts):
            return NOWHERE
        row = int(np.argmax(ends - starts))
        first, last = int(starts[row]), int(ends[row])
        if last <= first:
            return NOWHERE
        begin = recording_ns(hearing.clock, first)
        return Spans.of([(begin, recording_ns(hearing.clock, last - 1) + 1)]) & ran


def _seconds(stretch: Spans) -> float:
    return round(stretch.total_ns / NS_PER_S, SECONDS_DECIMALS)
