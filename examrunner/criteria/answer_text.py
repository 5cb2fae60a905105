"""A written answer by the keywords that it has to hold."""

from dataclasses import dataclass

from examrunner.criteria.answers import answer_to
from examrunner.criteria.exam_time import running
from examrunner.criteria.keywords import says
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    left_open,
    moment,
    span_of,
)
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Outcome, Sentence
from examrunner.model.timeline import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordGroup:
    """One thing that has to be said; both conditions hold where both are given.

    Attributes:
        id: What the thing is called on result sheets.
        any: Ways to say it, Chinese and English; one is enough.
        all: Keywords that are all needed.
        weight: Share of the group among the groups.
    """

    id: str
    any: str | tuple[str, ...] = ()
    all: str | tuple[str, ...] = ()
    weight: float = 1.0

    def said_in(self, text: str) -> bool:
        """Whether a text says it."""
        one, every = _listed(self.any), _listed(self.all)
        if not one and not every:
            return False
        said = not one or any(says(text, keyword) for keyword in one)
        return said and all(says(text, keyword) for keyword in every)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerText:
    """Each group of keywords that is said earns its share.

    Only a complete answer is awarded by the machine; what it did not find an examiner
    reads, because there are more ways to say a thing than a rubric lists.

    Attributes:
        field: Field of the answer form.
        groups: What has to be said.
    """

    field: str
    groups: tuple[KeywordGroup, ...]

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"field": self.field, "groups": self._names(self.groups)}
        return Sentence(key="answer_text.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        edit = answer_to(hearing, self.field)
        if edit is None:
            return self._blank(hearing)
        text = edit.value if isinstance(edit.value, str) else ""
        said = tuple(group for group in self.groups if group.said_in(text))
        share = self._share(said)
        reason = self._reason(edit, said, share)
        evidence = [evidence_at(f"form.{self.field}", edit.t_ns)]
        measured = Measured(value=share)
        if len(said) == len(self.groups):
            return graded(share, reason, measured=measured, evidence=evidence)
        return left_open(
            Outcome.NEEDS_REVIEW, reason, measured=measured, evidence=evidence
        )

    def _share(self, said: tuple[KeywordGroup, ...]) -> float:
        total = sum(group.weight for group in self.groups)
        return round(sum(group.weight for group in said) / total, 6) if total else 0.0

    def _reason(
        self, edit: Edit, said: tuple[KeywordGroup, ...], share: float
    ) -> Sentence:
        missing = tuple(group for group in self.groups if group not in said)
        values = {
            "field": self.field,
            "said": self._names(said),
            "missing": self._names(missing),
            "share": share,
            "moment": moment(edit.t_ns),
        }
        key = "answer_text.missing" if missing else "answer_text.complete"
        return Sentence(key=key, values=values)

    def _blank(self, hearing: Hearing) -> Judgement:
        window = running(hearing.clock)
        values = {"field": self.field, "span": span_of(window)}
        reason = Sentence(key="answer_text.blank", values=values)
        return graded(0.0, reason, evidence=[evidence_of("form", window)])

    @staticmethod
    def _names(groups: tuple[KeywordGroup, ...]) -> str:
        return ", ".join(group.id for group in groups) or "-"


def _listed(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
