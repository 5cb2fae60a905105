"""Signals have given values at one moment."""

from dataclasses import dataclass

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.losses import lost_for
from examrunner.criteria.predicates import Predicate, compared
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.snapshot import Snapshot, snapshot
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import (
    OnSilent,
    evidence_at,
    graded,
    moment,
    silent,
)
from examrunner.criteria.windows import Anchor, anchor_sentence, moment_of
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence
from examrunner.model.timeline import NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalAt:
    """Every predicate holds at a moment, judged by values that are young enough.

    Attributes:
        all: The predicates.
        at: The moment; at the exam's end the last sample before the stop counts.
        max_age_s: Oldest value that is believed.
        on_silent: What older values mean.
    """

    all: tuple[Predicate, ...]
    at: Anchor = "exam.end"
    max_age_s: float = 0.5
    on_silent: OnSilent = "fail"

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(
            key="signal_at.rule",
            values={
                "predicate": predicate_sentence(Predicate(all=self.all)),
                "at": anchor_sentence(self.at),
                "max_age_s": self.max_age_s,
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        at_ns = moment_of(hearing, self.at)
        if self.at == "exam.end":
            at_ns -= 1
        predicate = Predicate(all=self.all)
        seen = snapshot(hearing.timeline, predicate, at_ns, self.max_age_s)
        if seen.holds is None:
            return self._stale(hearing, seen, at_ns)
        return graded(
            float(seen.holds),
            Sentence(
                key="signal_at.reason",
                values={
                    "seen": seen.seen,
                    "predicate": predicate_sentence(predicate),
                    "moment": moment(at_ns),
                },
            ),
            evidence=[evidence_at(leaf.track, at_ns) for leaf in compared(predicate)],
        )

    def _stale(self, hearing: Hearing, seen: Snapshot, at_ns: int) -> Judgement:
        age_ns = round(self.max_age_s * NS_PER_S)
        recent = Spans.of([(max(0, at_ns - age_ns), at_ns + 1)])
        for leaf in compared(Predicate(all=self.all)):
            lost = (lost_for(hearing, leaf.track) & recent).total_ns
            if lost > MOST_UNKNOWN * recent.total_ns:
                return recorder_lost(leaf.track, recent, lost)
        values = {
            "seen": seen.seen,
            "max_age_s": self.max_age_s,
            "moment": moment(at_ns),
        }
        reason = Sentence(key="signal_at.stale", values=values)
        return silent(self.on_silent, reason, evidence_at(self.all[0].track, at_ns))
