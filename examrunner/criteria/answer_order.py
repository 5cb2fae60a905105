"""Steps in the order in which they have to be done."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from examrunner.criteria.answers import answer_to, is_blank
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
from examrunner.model.timeline import Edit

BETWEEN: Final = re.compile(r"->|[>,;、→\n]+")
TIE: Final = 0.5
"""Inversions that two steps at the same place count for."""
MOST_SHOWN: Final = 80
DECIMALS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOrder:
    """One minus the share of pairs that stand the wrong way round (Kendall).

    A pair with a step that was left out stands the wrong way round; two steps at the
    same place are half a wrong pair. Steps that the key does not have are passed over,
    and of a step that is named twice the first place counts.

    Attributes:
        field: Field of the answer form: a list, or text with ``>`` or commas.
        key: Steps in the right order; steps in a list of their own may be in any order
            among themselves.
    """

    field: str
    key: tuple[str | tuple[str, ...], ...] | str

    def problem(self) -> str:
        """What is wrong with it as its author wrote it; empty if nothing is."""
        if not isinstance(self.key, str) and len(self.key) < 2:
            return "an order needs at least two places in 'key'"
        return ""

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(key="answer_order.rule", values={"field": self.field})

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        edit = answer_to(hearing, self.field)
        if edit is None:
            return self._blank(hearing)
        wanted = _places(_split(self.key))
        pairs = [
            (one, other) if wanted[one] < wanted[other] else (other, one)
            for one, other in combinations(wanted, 2)
            if wanted[one] != wanted[other]
        ]
        given = _places(_split(edit.value))
        inversions = sum(_inversion(given, first, then) for first, then in pairs)
        return self._judged(edit, inversions, len(pairs))

    def _judged(self, edit: Edit, inversions: float, most: int) -> Judgement:
        share = round(1 - inversions / most, DECIMALS) if most else 0.0
        values = {
            "field": self.field,
            "given": _shown(edit.value),
            "inversions": inversions,
            "most": most,
            "share": share,
            "moment": moment(edit.t_ns),
        }
        return graded(
            share,
            Sentence(key="answer_order.reason", values=values),
            measured=Measured(value=share),
            evidence=[evidence_at(f"form.{self.field}", edit.t_ns)],
            details={"inversions": inversions, "pairs": float(most)},
        )

    def _blank(self, hearing: Hearing) -> Judgement:
        window = running(hearing.clock)
        values = {"field": self.field, "span": span_of(window)}
        reason = Sentence(key="answer_order.blank", values=values)
        return graded(0.0, reason, evidence=[evidence_of("form", window)])


def _split(value: object) -> list[object]:
    if isinstance(value, str):
        return list(BETWEEN.split(unicodedata.normalize("NFKC", value)))
    return list(value) if isinstance(value, list | tuple) else []


def _places(steps: list[object]) -> Mapping[str, int]:
    """The place of each step; steps in a list of their own share one."""
    found: dict[str, int] = {}
    for place, step in enumerate(steps):
        for each in step if isinstance(step, list | tuple) else [step]:
            if not is_blank(each):
                found.setdefault(_plain(each), place)
    return found


def _plain(step: object) -> str:
    return unicodedata.normalize("NFKC", str(step)).casefold().strip()


def _inversion(given: Mapping[str, int], first: str, then: str) -> float:
    if first not in given or then not in given or given[first] > given[then]:
        return 1.0
    return TIE if given[first] == given[then] else 0.0


def _shown(value: object) -> str:
    steps = (
        " = ".join(map(str, step)) if isinstance(step, list | tuple) else str(step)
        for step in _split(value)
    )
    return " > ".join(step.strip() for step in steps)[:MOST_SHOWN]
