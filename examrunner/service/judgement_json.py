"""Judgements as JSON and back, so that points can be recomputed years later."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from examrunner.model.judgement import (
    Evidence,
    Judgement,
    Measured,
    Outcome,
    Sentence,
)
from examrunner.model.text import Text

_NUMBER: Final = "number"
"""Key of a number that JSON cannot write: not a number, or infinite."""


def to_json(judgement: Judgement) -> dict[str, Any]:
    """A judgement as JSON."""
    return {
        "outcome": judgement.outcome.value,
        "reason": _sentence_json(judgement.reason),
        "fraction": judgement.fraction,
        "measured": _measured_json(judgement.measured),
        "evidence": [asdict(one) for one in judgement.evidence],
        "critical": judgement.critical,
        "details": {k: _value_json(v) for k, v in judgement.details.items()},
    }


def from_json(value: Mapping[str, Any]) -> Judgement:
    """The judgement that ``to_json`` was given."""
    return Judgement(
        outcome=Outcome(value["outcome"]),
        reason=_sentence(value["reason"]),
        fraction=value["fraction"],
        measured=_measured(value["measured"]),
        evidence=tuple(Evidence(**one) for one in value["evidence"]),
        critical=value["critical"],
        details={k: _number(_value(v)) for k, v in value["details"].items()},
    )


def _measured_json(measured: Measured | None) -> dict[str, Any] | None:
    if measured is None:
        return None
    return {"value": _value_json(measured.value), "unit": measured.unit}


def _measured(value: Mapping[str, Any] | None) -> Measured | None:
    if value is None:
        return None
    return Measured(value=_number(_value(value["value"])), unit=value["unit"])


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return float(value)
    raise TypeError(f"{value!r} is no number")


def _sentence_json(sentence: Sentence) -> dict[str, Any]:
    values = {name: _value_json(value) for name, value in sentence.values.items()}
    return {"sentence": sentence.key, "values": values}


def _sentence(value: Mapping[str, Any]) -> Sentence:
    values = {name: _value(one) for name, one in value["values"].items()}
    return Sentence(key=value["sentence"], values=values)


def _value_json(value: object) -> object:
    match value:
        case Sentence():
            return _sentence_json(value)
        case Text():
            return {"zh": value.zh, "en": value.en}
        case tuple() | list():
            return [_value_json(one) for one in value]
        case float() if not math.isfinite(value):
            return {_NUMBER: str(value)}
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _value(value: Any) -> object:
    match value:
        case {"sentence": _}:
            return _sentence(value)
        case {"zh": zh, "en": en}:
            return Text(zh=zh, en=en)
        case {"number": text}:
            return float(text)
        case list():
            return tuple(_value(one) for one in value)
        case _:
            return value
