"""Choices of the answer form against the key."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from examrunner.criteria.answers import answer_to, submissions
from examrunner.criteria.exam_time import running
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    moment,
    span_of,
)
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, Edit

Scoring = Literal["single", "jaccard", "right_minus_wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChoice:
    """One choice, or a set of them, against a key.

    Without ``attempts`` the last saved state counts. With them, every state counts that
    was handed in and differs from those before, and so does the last one; of these, one
    too soon after the last that counted does not.

    Attributes:
        field: Field of the answer form.
        key: Right option, or all options of the right set.
        also: Further options that are as right as the key.
        half: Options of a single choice that earn half.
        scoring: ``single``; of a set the ``jaccard`` index or ``right_minus_wrong``.
        attempts: Factor of the first right submission by its number, then 0.
        min_interval_s: A submission so soon after the last one is not counted.
    """

    field: str
    key: str | tuple[str, ...]
    also: str | tuple[str, ...] = ()
    half: str | tuple[str, ...] = ()
    scoring: Scoring = "single"
    attempts: tuple[float, ...] = ()
    min_interval_s: float = 60.0

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return accepting(self._asked(), self.also, self.half)

    def _asked(self) -> Sentence:
        values: dict[str, object] = {"field": self.field}
        if self.scoring != "single":
            key = f"answer_choice.scoring.{self.scoring}"
            values["scoring"] = Sentence(key=key)
            return Sentence(key="answer_choice.rule_multi", values=values)
        if not self.attempts:
            return Sentence(key="answer_choice.rule", values=values)
        values["factors"] = ", ".join(f"{factor:g}" for factor in self.attempts)
        return Sentence(key="answer_choice.rule_attempts", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        if not self.attempts:
            edit = answer_to(hearing, self.field)
            return self._blank(hearing) if edit is None else self._last(edit)
        counted = self._counted(submissions(hearing, self.field))
        for number, edit in enumerate(counted):
            if self._share(edit.value) > 0:
                return self._attempt(edit, number + 1, self._factor(number))
        if not counted:
            return self._blank(hearing)
        return self._attempt(counted[-1], len(counted), 0.0)

    def _last(self, edit: Edit) -> Judgement:
        share = round(self._share(edit.value), 6)
        return self._judged(edit, share, "answer_choice.last", {})

    def _attempt(self, edit: Edit, number: int, factor: float) -> Judgement:
        share = round(self._share(edit.value) * factor, 6)
        key = "answer_choice.reason" if share > 0 else "answer_choice.wrong"
        if factor == 0 and self._share(edit.value) > 0:
            key = "answer_choice.late"
        return self._judged(edit, share, key, {"attempt": number})

    def _judged(
        self, edit: Edit, share: float, key: str, numbers: Mapping[str, int]
    ) -> Judgement:
        values = {
            "field": self.field,
            "chosen": ", ".join(_chosen(edit.value)),
            "share": share,
            "moment": moment(edit.t_ns),
            **numbers,
        }
        return graded(
            share,
            Sentence(key=key, values=values),
            measured=Measured(value=share),
            evidence=[evidence_at(f"form.{self.field}", edit.t_ns)],
            details={name: float(number) for name, number in numbers.items()},
        )

    def _blank(self, hearing: Hearing) -> Judgement:
        window = running(hearing.clock)
        values = {"field": self.field, "span": span_of(window)}
        reason = Sentence(key="answer_choice.blank", values=values)
        return graded(0.0, reason, evidence=[evidence_of("form", window)])

    def _counted(self, handed: Sequence[Edit]) -> list[Edit]:
        """What counts as an attempt; the first submission always does."""
        counted: list[Edit] = []
        for edit in handed:
            apart = math.inf if not counted else edit.t_ns - counted[-1].t_ns
            again = any(edit.value == each.value for each in counted)
            if apart >= self.min_interval_s * NS_PER_S and not again:
                counted.append(edit)
        return counted

    def _factor(self, number: int) -> float:
        return self.attempts[number] if number < len(self.attempts) else 0.0

    def _share(self, value: object) -> float:
        chosen, key = set(_chosen(value)), set(_options(self.key))
        if self.scoring == "single":
            return self._single(chosen, key)
        if not key:
            return 0.0
        right, wrong = len(chosen & key), len(chosen - key)
        if self.scoring == "jaccard":
            return right / len(chosen | key)
        return max(0.0, (right - wrong) / len(key))

    def _single(self, chosen: set[str], key: set[str]) -> float:
        if len(chosen) != 1:
            return 0.0
        if chosen <= key | set(_options(self.also)):
            return 1.0
        return 0.5 if chosen <= set(_options(self.half)) else 0.0


def accepting(
    rule: Sentence, also: str | tuple[str, ...], half: str | tuple[str, ...] = ()
) -> Sentence:
    """A rule with what else earns everything, or half."""
    for key, options in (("also", _options(also)), ("half", _options(half))):
        if options:
            values = {"rule": rule, "options": ", ".join(options)}
            rule = Sentence(key=f"answer_choice.{key}", values=values)
    return rule


def _options(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _chosen(value: object) -> list[str]:
    listed = value if isinstance(value, list | tuple) else [value]
    return [str(item).strip() for item in listed]
