"""A stream was cut off for too long."""

from dataclasses import dataclass

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.losses import lost_on
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraHealth:
    """No named stream was cut off longer than allowed; named as a veto it is held.

    Attributes:
        streams: Cameras, or CAN channels.
        max_outage_s: Longest outage that is nobody's business.
    """

    streams: tuple[str, ...]
    max_outage_s: float

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"stream": ", ".join(self.streams), "most_s": self.max_outage_s}
        return Sentence(key="camera_health.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        clock = hearing.clock
        exam = Spans.of([(clock.start_ns, clock.stop_ns)])
        lost = {name: lost_on(hearing.timeline, name) & exam for name in self.streams}
        worst = max(lost, key=lambda name: _longest(lost[name]))
        longest = round(seconds(_longest(lost[worst])), 3)
        shown = lost[worst] if longest else exam
        values = {
            "stream": worst,
            "longest_s": longest,
            "most_s": self.max_outage_s,
            "span": span_of(shown),
        }
        return graded(
            float(longest <= self.max_outage_s),
            Sentence(key="camera_health.reason", values=values),
            measured=Measured(value=longest, unit="s"),
            evidence=[evidence_of(worst, shown)],
        )


def _longest(spans: Spans) -> int:
    return int(spans.lengths_ns().max(initial=0))
