"""What only a person can see: levels that examiners give."""

from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

from examrunner.criteria.exam_time import running
from examrunner.criteria.verdicts import evidence_of, left_open, span_of
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence
from examrunner.model.text import Text

LEVELS: Final = 4
MEDIAN_FROM: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminerMark:
    """Examiners give levels 0 to 3; until they did, the criterion is open.

    Attributes:
        text: What is looked at.
        levels: What each of the four levels looks like, from 0 to 3.
        scale: Share of the points of each level.
        examiners: How many have to give a level.
        rejudge_if_spread: Difference of levels from which they have to look again.
    """

    text: Text
    levels: tuple[Text, Text, Text, Text]
    scale: tuple[float, float, float, float] = (0.0, 0.4, 0.75, 1.0)
    examiners: int = 1
    rejudge_if_spread: int = 2

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"text": self.text, "examiners": self.examiners}
        parts = tuple(
            Sentence(
                key="judgement.level",
                values={"level": level, "share": 100 * share, "text": text},
            )
            for level, (share, text) in enumerate(
                zip(self.scale, self.levels, strict=True)
            )
        )
        values["levels"] = Sentence(key="list", values={"parts": parts})
        return Sentence(key="judgement.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Leave the question to examiners."""
        window = running(hearing.clock)
        values = {"text": self.text, "span": span_of(window)}
        reason = Sentence(key="judgement.pending", values=values)
        return left_open(
            Outcome.NEEDS_REVIEW, reason, evidence=[evidence_of("ops", window)]
        )

    def open_reason(self, given: tuple[int, ...], by: str) -> Sentence:
        """Why these levels do not decide."""
        values = {
            "levels": ", ".join(map(str, given)),
            "by": by,
            "given": len(given),
            "examiners": self.examiners,
        }
        fewer = len(given) < self.examiners
        return Sentence(
            key="judgement.fewer" if fewer else "judgement.spread", values=values
        )

    def fraction(self, given: tuple[int, ...]) -> float | None:
        """Share of the points by the levels given; None while it stays open."""
        if len(given) < self.examiners:
            return None
        if max(given) - min(given) >= self.rejudge_if_spread:
            return None
        shares = [self.scale[level] for level in given]
        return median(shares) if len(shares) >= MEDIAN_FROM else fmean(shares)
