"""A table of typed numbers, row by row."""

from dataclasses import dataclass
from typing import Literal

from examrunner.criteria.answered_numbers import (
    AnsweredNumber,
    NumberItem,
    cell,
    item_rule,
)
from examrunner.criteria.answers import answer_to
from examrunner.criteria.exam_time import running
from examrunner.criteria.references import Reference
from examrunner.criteria.verdicts import evidence_of, graded
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row of the table.

    Attributes:
        row: Key of the row; rows are found by key, never by their order.
        ref: The right value.
        tol_abs: Error that earns everything, in ``unit``.
        tol_rel: The same as a share of the right value; the larger one counts.
        zero_abs: Error from which nothing is earned; twice the tolerance if left out.
        unit: Unit of the right value, assumed where none is typed.
        unit_missing: What a missing unit costs.
        weight: Share of the row among the rows.
        absent: Words that are right where the recording says that there was no value.
    """

    row: str
    ref: Reference
    tol_abs: float = 0.0
    tol_rel: float = 0.0
    zero_abs: float | None = None
    unit: str = ""
    unit_missing: Literal["assume", "half", "zero"] = "assume"
    weight: float = 1.0
    absent: tuple[str, ...] = ()

    def item_of(self, field: str) -> NumberItem:
        """The row as a number of its own."""
        return NumberItem(
            field=field,
            row=self.row,
            ref=self.ref,
            tol_abs=self.tol_abs,
            tol_rel=self.tol_rel,
            zero_abs=self.zero_abs,
            unit=self.unit,
            unit_missing=self.unit_missing,
            weight=self.weight,
            absent=self.absent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTable:
    """Each row earns its share by its distance from the right value.

    Attributes:
        field: Field of the answer form.
        rows: The rows that are judged; others earn and cost nothing.
    """

    field: str
    rows: tuple[TableRow, ...]

    def rule(self) -> Sentence:
        """The question as a sentence."""
        parts = tuple(item_rule(row.item_of(self.field)) for row in self.rows)
        values = {"items": Sentence(key="list", values={"parts": parts})}
        return Sentence(key="answer_number.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        edit = answer_to(hearing, self.field)
        found = [
            AnsweredNumber.to(hearing, row.item_of(self.field), cell(edit, row.row))
            for row in self.rows
        ]
        total = sum(row.weight for row in self.rows)
        earned = sum(each.fraction * each.item.weight for each in found)
        right = sum(each.fraction == 1 for each in found)
        evidence = [each.evidence for each in found if each.evidence is not None][:1]
        parts = tuple(each.reason for each in found)
        return graded(
            earned / total if total else 0.0,
            Sentence(key="list", values={"parts": parts}),
            measured=Measured(value=float(right)),
            evidence=evidence or [evidence_of("form", running(hearing.clock))],
            details={"right": float(right), "rows": float(len(found))},
        )
