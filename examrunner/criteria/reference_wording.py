"""A reference as words."""

from typing import Final

from examrunner.criteria.body_spans import sentence as span_sentence
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.references import Reference
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.judgement import Sentence

SOURCES: Final = (
    "criterion", "attachment", "field", "signal", "fib", "frame", "crc_of",
)  # fmt: skip


def sentence(reference: Reference, *, stated: bool = False) -> Sentence:
    """A reference as words.

    Args:
        reference: Where the value comes from.
        stated: Whether it is compared with an answer, so that moments are named.
    """
    words = _source_sentence(reference, stated=stated)
    if reference.while_ is not None:
        state = predicate_sentence(reference.while_)
        values = {"reference": words, "while": state}
        words = Sentence(key="reference.while", values=values)
    if not reference.plus:
        return words
    plus = f"{'-' if reference.plus < 0 else '+'} {abs(reference.plus):g}"
    return Sentence(key="reference.plus", values={"reference": words, "plus": plus})


def _source_sentence(reference: Reference, *, stated: bool) -> Sentence:
    if reference.value is not None:
        return Sentence(key="reference.value", values={"value": reference.value})
    if reference.span is not None:
        return span_sentence(reference.span)
    if reference.window is not None:
        values = {
            "name": reference.signal or f"fib.{reference.fib}",
            "window": window_sentence(reference.window),
        }
        return Sentence(key="reference.mean", values=values)
    for source in SOURCES:
        name = getattr(reference, source)
        if name:
            values = {"name": name, "detail": reference.detail or "-"}
            named = "number" if source == "criterion" and reference.detail else source
            words = Sentence(key=f"reference.{named}", values=values)
            return _read_at(reference, words) if stated else words
    return Sentence(key="reference.value", values={"value": "-"})


def _read_at(reference: Reference, words: Sentence) -> Sentence:
    """With the moment at which a signal or a quantity is read."""
    if not (reference.signal or reference.fib):
        return words
    back_s = reference.avg_s or reference.lookback_s
    moment = Sentence(key=f"reference.{'before' if back_s else 'at'}.{reference.at}")
    values = {"reference": words, "moment": moment}
    if not back_s:
        return Sentence(key="reference.then", values=values)
    key = "reference.averaged" if reference.avg_s else "reference.lookback"
    return Sentence(key=key, values=values | {"back_s": back_s})
