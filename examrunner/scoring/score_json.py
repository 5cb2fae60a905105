"""A score as the JSON that scripts, pages and examiners read."""

from collections.abc import Mapping
from typing import Any

from examrunner.criteria.wording import both, say
from examrunner.model.judgement import Evidence, Measured, Sentence
from examrunner.model.score import CriterionScore, Flag, Points, Score

Json = dict[str, Any]


def score_json(score: Score, language: str = "en") -> Json:
    """The part of ``score --json`` that the score itself knows.

    Args:
        score: The score.
        language: ``zh`` or ``en``, of ``rule``, ``reason`` and ``text``; the same in
            both languages stands under ``words``.
    """
    return {
        "digests": {
            "recording": score.digests.recording,
            "rubric": score.digests.rubric,
            "case": score.digests.case,
            "databases": dict(score.digests.databases),
        },
        "software": dict(score.software),
        "points": points_json(score.points),
        "verdict": score.verdict.value,
        "criteria": [_criterion(each, language) for each in score.criteria],
        "flags": [_flag(each, language) for each in score.flags],
    }


def points_json(points: Points) -> Mapping[str, str]:
    """Points as decimal texts without trailing zeros."""
    return {
        "low": _decimal(points.low),
        "high": _decimal(points.high),
        "max": _decimal(points.max),
    }


def _decimal(value: object) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _criterion(found: CriterionScore, language: str) -> Json:
    machine = found.machine
    return {
        "id": found.id,
        "kind": found.kind,
        "outcome": found.outcome.value,
        "points": points_json(found.points),
        "fraction": found.fraction,
        "measured": _measured(machine.measured),
        "rule": say(found.rule, language),
        "reason": say(found.reason, language),
        "evidence": [_span(each) for each in machine.evidence],
        "machine": {
            "outcome": machine.outcome.value,
            "fraction": machine.fraction,
            "reason": say(machine.reason, language),
        },
        "critical": machine.critical,
        "words": {"rule": _words(found.rule), "reason": _words(found.reason)},
    }


def _flag(flag: Flag, language: str) -> Json:
    return {
        "kind": flag.kind,
        "text": say(flag.text, language),
        "evidence": [_span(each) for each in flag.evidence],
        "words": {"text": _words(flag.text)},
    }


def _words(sentence: Sentence) -> Json:
    return dict(both(sentence))


def _measured(measured: Measured | None) -> Json | None:
    if measured is None:
        return None
    return {"value": measured.value, "unit": measured.unit}


def _span(evidence: Evidence) -> Json:
    return {
        "stream": evidence.stream,
        "from_s": evidence.from_s,
        "to_s": evidence.to_s,
    }
