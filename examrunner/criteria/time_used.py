"""How long the candidate took."""

from dataclasses import dataclass

from examrunner.criteria.answers import answer_to
from examrunner.criteria.exam_time import exam_ns, running
from examrunner.criteria.scales import Scale
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeUsed:
    """Exam time until the stop; earns nothing while work is missing.

    Attributes:
        full_s: Time that earns everything.
        zero_s: Time that earns nothing.
        requires_fields: Fields that have to be filled in; content puts the mandatory
            ones of the form here if the rubric names none.
    """

    full_s: float
    zero_s: float
    requires_fields: tuple[str, ...] | None = None

    def rule(self) -> Sentence:
        """The question as a sentence."""
        scale = Scale(full=self.full_s, zero=self.zero_s)
        return Sentence(key="time_used.rule", values={"scale": scale.sentence("s")})

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        clock = hearing.clock
        used = round(exam_ns(clock, clock.stop_ns) / NS_PER_S, 1)
        blank = [
            field
            for field in self.requires_fields or ()
            if answer_to(hearing, field) is None
        ]
        scale = Scale(full=self.full_s, zero=self.zero_s)
        window = running(clock)
        reason = Sentence(
            key="time_used.missing" if blank else "time_used.reason",
            values={
                "used_s": used,
                "scale": scale.sentence("s"),
                "fields": ", ".join(blank),
                "span": span_of(window),
            },
        )
        return graded(
            0.0 if blank else scale.fraction(used),
            reason,
            measured=Measured(value=used, unit="s"),
            evidence=[evidence_of("ops", window)],
        )
