"""What somebody who practises is told about each step."""

from collections.abc import Iterator
from typing import Any, Final

from examrunner.model.rubric import Rubric
from examrunner.wire import CriterionMessage, ScoreMessage

NOT_ASKED: Final = "not_applicable"


def feedback_of(score: ScoreMessage, rubric: Rubric) -> dict[str, Any]:
    """A score as its candidate may see it, step by step.

    A line says what it earned, why, and the seconds that show it, as far as the rubric
    lets candidates see it: ``verdict`` leaves out the reason, ``none`` the line. What
    an examiner has yet to judge is open. Vetoes are told where something was seen.
    """
    return {
        "points": score.points.model_dump(),
        "verdict": score.verdict,
        "steps": list(_steps(score, rubric)),
    }


def _steps(score: ScoreMessage, rubric: Rubric) -> Iterator[dict[str, Any]]:
    visible = {line.id: line.visible_to_candidate for line in rubric.lines()}
    for each in score.criteria:
        shown = visible.get(each.id, "full")
        if shown == "none" or each.outcome == NOT_ASKED:
            continue
        step = {
            "id": each.id,
            "title": each.title.model_dump(),
            "outcome": each.outcome,
            "points": each.points.model_dump(),
        }
        yield step | (_why(each) if shown == "full" else {})


def _why(line: CriterionMessage) -> dict[str, Any]:
    return {
        "reason": line.reason.model_dump(),
        "evidence": [each.model_dump() for each in line.evidence],
    }
