"""Single typed numbers against their right values."""

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from examrunner.criteria.answers import is_blank
from examrunner.criteria.reference_values import value_of
from examrunner.criteria.reference_wording import sentence as reference_sentence
from examrunner.criteria.references import (
    NothingMeasuredError,
    NoValueError,
    Reference,
)
from examrunner.criteria.scales import LEAST_EPSILON
from examrunner.criteria.submitted_models import NothingSubmittedError
from examrunner.criteria.typed_numbers import Typed, read_hexadecimal, read_number
from examrunner.criteria.verdicts import evidence_at, moment
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Sentence
from examrunner.model.timeline import Edit

DECIMALS: Final = 6
UNIT_MISSING: Final = {"assume": 1.0, "half": 0.5, "zero": 0.0}
"""What a number without a unit is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberItem:
    """One typed number.

    Attributes:
        field: Field of the answer form.
        ref: The right value.
        tol_abs: Error that earns everything, in ``unit``.
        tol_rel: The same as a share of the right value; the larger one counts.
        zero_abs: Error from which nothing is earned; twice the tolerance if left out.
        unit: Unit of the right value, assumed where none is typed.
        unit_missing: What a missing unit costs.
        notation: ``hex`` for whole numbers written as ``0x3E``, ``3E`` or ``3Eh``.
        weight: Share of the item among the items.
        row: Row of a field that is a table.
        absent: Words, in any letter case, that are right where the recording says
            that there was no value.
    """

    field: str
    ref: Reference
    tol_abs: float = 0.0
    tol_rel: float = 0.0
    zero_abs: float | None = None
    unit: str = ""
    unit_missing: Literal["assume", "half", "zero"] = "assume"
    notation: Literal["decimal", "hex"] = "decimal"
    weight: float = 1.0
    row: str = ""
    absent: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The field, with the row of a table."""
        return f"{self.field}.{self.row}" if self.row else self.field


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredNumber:
    """One item with what was typed for it.

    Attributes:
        item: What is asked.
        fraction: Share of the item's points, 0 to 1.
        reason: What was typed against what is right.
        typed: What was typed, in the item's unit; None if that is no number.
        evidence: When it was typed; None if it was left blank.
    """

    item: NumberItem
    fraction: float
    reason: Sentence
    typed: float | None = None
    evidence: Evidence | None = None

    @classmethod
    def to(
        cls, hearing: Hearing, item: NumberItem, edit: Edit | None
    ) -> "AnsweredNumber":
        """The item with the saved state that counts; None if it is blank.

        Raises:
            MissingError: If the right value was not recorded.
        """
        if edit is None:
            return cls._nothing(item, "answer_number.blank", None)
        typed = _read(item, edit.value)
        if not typed.values and not item.absent:
            return cls._nothing(item, "answer_number.unreadable", edit)
        try:
            # What is right may depend on what was typed, for each of its readings.
            pairs = [
                (value, value_of(hearing, item.ref, edit.field, value))
                for value in typed.values or (math.nan,)
            ]
        except NoValueError:
            if not item.absent:
                raise
            return cls._absent(item, edit)
        except NothingMeasuredError:
            return cls._nothing(item, "answer_number.unmeasured", edit)
        except NothingSubmittedError:
            return cls._nothing(item, "answer_number.no_file", edit)
        if not typed.values:
            return cls._nothing(item, "answer_number.unreadable", edit)
        value, right = min(pairs, key=lambda pair: abs(pair[0] - pair[1]))
        return cls._compared(item, edit, value, right, typed.has_unit)

    @classmethod
    def _compared(
        cls, item: NumberItem, edit: Edit, typed: float, right: float, has_unit: bool
    ) -> "AnsweredNumber":
        tolerance = max(item.tol_abs, item.tol_rel * abs(right))
        zero = 2 * tolerance if item.zero_abs is None else item.zero_abs
        error = round(abs(typed - right), 9)
        fraction = _share(error, tolerance, zero)
        factor = UNIT_MISSING[item.unit_missing] if item.unit and not has_unit else 1.0
        reason = Sentence(
            key="answer_number.reason",
            values={
                "field": item.name,
                "typed": _noted(item, typed),
                "right": _noted(item, right),
                "unit": item.unit,
                "error": round(error, DECIMALS),
                "tolerance": round(tolerance, DECIMALS),
                "moment": moment(edit.t_ns),
            },
        )
        if factor < 1:
            values: dict[str, object] = {"reason": reason, "factor": factor}
            reason = Sentence(key="answer_number.no_unit", values=values)
        return cls(
            item=item,
            fraction=fraction * factor,
            reason=reason,
            typed=typed,
            evidence=evidence_at(f"form.{edit.field}", edit.t_ns),
        )

    @classmethod
    def _absent(cls, item: NumberItem, edit: Edit) -> "AnsweredNumber":
        """What was typed where there was nothing to read."""
        said = _plain(str(edit.value))
        right = said in {_plain(word) for word in item.absent}
        key = "answer_number.absent" if right else "answer_number.not_absent"
        values: dict[str, object] = {
            "field": item.name,
            "typed": str(edit.value)[:40],
            "words": " / ".join(item.absent),
            "ref": reference_sentence(item.ref, stated=True),
        }
        return cls(
            item=item,
            fraction=float(right),
            reason=Sentence(key=key, values=values),
            evidence=evidence_at(f"form.{edit.field}", edit.t_ns),
        )

    @classmethod
    def _nothing(
        cls, item: NumberItem, key: str, edit: Edit | None
    ) -> "AnsweredNumber":
        values: dict[str, object] = {
            "field": item.name,
            "typed": "" if edit is None else str(edit.value)[:40],
            "unit": _in_unit(item),
            "ref": reference_sentence(item.ref, stated=True),
        }
        shown = None if edit is None else evidence_at(f"form.{edit.field}", edit.t_ns)
        return cls(
            item=item,
            fraction=0.0,
            reason=Sentence(key=key, values=values),
            evidence=shown,
        )


def _noted(item: NumberItem, value: float) -> float | str:
    if item.notation == "hex" and value >= 0 and value == int(value):
        return f"0x{int(value):X}"
    return round(value, DECIMALS)


def _in_unit(item: NumberItem) -> Sentence | str:
    if not item.unit:
        return ""
    return Sentence(key="answer_number.unit", values={"unit": item.unit})


def _read(item: NumberItem, value: object) -> Typed:
    if item.notation == "hex":
        return read_hexadecimal(value)
    return read_number(value, item.unit)


def cell(edit: Edit | None, row: str) -> Edit | None:
    """The edit of a table as an edit of one row; None if that is blank."""
    if edit is None or not isinstance(edit.value, Mapping):
        return None
    value = edit.value.get(row)
    return None if is_blank(value) else replace(edit, value=value)


def _plain(text: str) -> str:
    """A word without regard to its letter case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _share(error: float, tolerance: float, zero: float) -> float:
    if error <= tolerance + LEAST_EPSILON:
        return 1.0
    if zero <= tolerance or error >= zero:
        return 0.0
    return (zero - error) / (zero - tolerance)


def item_rule(item: NumberItem) -> Sentence:
    """What is asked, as words."""
    listed = [f"{item.tol_abs:g} {item.unit}".strip()] if item.tol_abs else []
    if item.tol_rel:
        listed.append(f"{100 * item.tol_rel:g} %")
    return Sentence(
        key="answer_number.item",
        values={
            "field": item.name,
            "ref": reference_sentence(item.ref, stated=True),
            "tolerance": " / ".join(listed) or "0",
        },
    )
