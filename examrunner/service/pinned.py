"""Rubrics, cases and schemes as an exam pinned them."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from examrunner.content.rubrics import parse_rubric
from examrunner.content.schemes import parse_scheme
from examrunner.grading import grade
from examrunner.model.case import Case
from examrunner.model.decision import Decision
from examrunner.model.digests import digest_of
from examrunner.model.grade import Result, Scheme
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests
from examrunner.reports.score_messages import score_message
from examrunner.scoring import settle
from examrunner.service.judgement_json import from_json
from examrunner.wire import ScoreMessage


@lru_cache(maxsize=64)
def rubric_of(content: bytes) -> Rubric:
    """The rubric in a pinned file.

    Raises:
        ContentError: If this version of the software cannot use it.
    """
    return parse_rubric(content, Path("rubric.yaml"))


@lru_cache(maxsize=16)
def pinned_scheme(content: bytes) -> Scheme:
    """The scheme in a pinned file.

    Raises:
        ContentError: If this version of the software cannot use it.
    """
    return parse_scheme(content, Path("scheme.yaml"))


def case_of(content: bytes) -> Case:
    """The case in a pinned file."""
    return Case(**json.loads(content), digest=digest_of(content))


def settle_pinned(
    rubric: bytes, judged: Mapping[str, Any], decisions: Sequence[Decision]
) -> ScoreMessage:
    """The score that follows from stored judgements and what people said."""
    parsed = rubric_of(rubric)
    score = settle(
        parsed,
        {name: from_json(one) for name, one in judged["judgements"].items()},
        decisions,
        digests=Digests(**judged["digests"]),
        software=judged["software"],
    )
    return score_message(score, parsed)


def grade_pinned(
    candidate: str, results: Sequence[Result], scheme: bytes
) -> dict[str, object]:
    """What a candidate earned, as the scheme's part of a grade message."""
    parsed = pinned_scheme(scheme)
    earned = grade(candidate, results, parsed)
    title = {level.id: level.title for level in parsed.levels}.get(earned.level)
    return {
        "course": earned.course,
        "course_grade": _text(earned.course_grade),
        "points": _text(earned.points),
        "passed": earned.passed,
        "level": earned.level,
        "level_title": {"zh": title.zh, "en": title.en} if title else None,
        "reasons": [{"zh": one.zh, "en": one.en} for one in earned.reasons],
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
