"""Typed numbers against numbers that are known or were recorded."""

from dataclasses import dataclass

from examrunner.criteria.answered_numbers import (
    DECIMALS,
    AnsweredNumber,
    NumberItem,
    cell,
    item_rule,
)
from examrunner.criteria.answers import answer_to
from examrunner.criteria.exam_time import running
from examrunner.criteria.verdicts import evidence_of, graded
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerNumber:
    """Each typed number earns its share by its distance from the right value.

    Attributes:
        items: The numbers.
    """

    items: tuple[NumberItem, ...]

    def rule(self) -> Sentence:
        """The question as a sentence."""
        parts = tuple(item_rule(item) for item in self.items)
        values = {"items": Sentence(key="list", values={"parts": parts})}
        return Sentence(key="answer_number.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        found = [
            AnsweredNumber.to(hearing, item, _answer(hearing, item))
            for item in self.items
        ]
        total = sum(item.weight for item in self.items)
        fraction = sum(each.fraction * each.item.weight for each in found) / total
        parts = tuple(each.reason for each in found)
        evidence = [each.evidence for each in found if each.evidence is not None]
        first = found[0]
        measured = None
        if len(found) == 1 and first.typed is not None:
            measured = Measured(
                value=round(first.typed, DECIMALS), unit=first.item.unit
            )
        return graded(
            fraction,
            Sentence(key="list", values={"parts": parts}),
            measured=measured,
            evidence=evidence or [evidence_of("form", running(hearing.clock))],
        )


def _answer(hearing: Hearing, item: NumberItem) -> Edit | None:
    edit = answer_to(hearing, item.field)
    return cell(edit, item.row) if item.row else edit
