"""What an examiner saw or did not see."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria.exam_time import running
from examrunner.criteria.verdicts import evidence_of, left_open, span_of
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence
from examrunner.model.text import Text

NO: Final = 0
YES: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminerCheck:
    """An examiner says yes (level 1) or no (level 0); not seen leaves it open.

    Attributes:
        text: What is looked at.
    """

    text: Text

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(key="examiner_check.rule", values={"text": self.text})

    def judge(self, hearing: Hearing) -> Judgement:
        """Leave the question to an examiner."""
        window = running(hearing.clock)
        values = {"text": self.text, "span": span_of(window)}
        reason = Sentence(key="examiner_check.pending", values=values)
        return left_open(
            Outcome.NEEDS_REVIEW, reason, evidence=[evidence_of("ops", window)]
        )

    def open_reason(self, _given: tuple[int, ...], by: str) -> Sentence:
        """Why these answers do not decide."""
        return Sentence(key="examiner_check.disagree", values={"by": by})

    def fraction(self, given: tuple[int, ...]) -> float | None:
        """Share of the points; None while examiners disagree or said neither."""
        if set(given) == {YES}:
            return 1.0
        return 0.0 if set(given) == {NO} else None
