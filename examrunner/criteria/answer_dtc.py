"""A typed trouble code against the key."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria.answer_choice import accepting
from examrunner.criteria.answers import answer_to
from examrunner.criteria.dtc_texts import TypedDtc, read_dtc
from examrunner.criteria.exam_time import running
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    moment,
    span_of,
)
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Edit

BASE_ONLY: Final = 0.5
"""Share for the right code with a wrong or missing failure type byte."""
MOST_SHOWN: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDtc:
    """The typed trouble code is the right one; without its last byte it earns half.

    Attributes:
        field: Field of the answer form.
        key: Right code, as ``C0460-54`` or ``0x446054``; ``$variant.dtc`` for a secret.
            A key without failure type byte asks for none.
        also: Further codes that are as right as the key.
    """

    field: str
    key: str
    also: str | tuple[str, ...] = ()

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"field": self.field, "half": BASE_ONLY}
        return accepting(Sentence(key="answer_dtc.rule", values=values), self.also)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        accepted = self._accepted()
        edit = answer_to(hearing, self.field)
        if edit is None:
            return self._blank(hearing)
        typed = read_dtc(edit.value)
        if typed is None:
            return self._judged(edit, 0.0, "answer_dtc.unreadable")
        share = max(_share(typed, right) for right in accepted)
        return self._judged(edit, share, _KEYS[share])

    def _accepted(self) -> list[TypedDtc]:
        also = (self.also,) if isinstance(self.also, str) else self.also
        found = [(text, read_dtc(text)) for text in (self.key, *also)]
        for text, code in found:
            if code is None:
                raise MissingError("trouble_code", name=text)
        return [code for _, code in found if code is not None]

    def _judged(self, edit: Edit, share: float, key: str) -> Judgement:
        values = {
            "field": self.field,
            "typed": str(edit.value)[:MOST_SHOWN],
            "share": share,
            "moment": moment(edit.t_ns),
        }
        return graded(
            share,
            Sentence(key=key, values=values),
            measured=Measured(value=share),
            evidence=[evidence_at(f"form.{self.field}", edit.t_ns)],
        )

    def _blank(self, hearing: Hearing) -> Judgement:
        window = running(hearing.clock)
        values = {"field": self.field, "span": span_of(window)}
        reason = Sentence(key="answer_dtc.blank", values=values)
        return graded(0.0, reason, evidence=[evidence_of("form", window)])


_KEYS: Final = {
    1.0: "answer_dtc.right",
    BASE_ONLY: "answer_dtc.base_only",
    0.0: "answer_dtc.wrong",
}


def _share(typed: TypedDtc, right: TypedDtc) -> float:
    if typed.base != right.base:
        return 0.0
    asks_none = right.failure_type is None
    return 1.0 if asks_none or typed.failure_type == right.failure_type else BASE_ONLY
