"""Results under a scheme: certificate and course grade."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from examrunner.grading.components import (
    ComponentGrade,
    Standing,
    grade_component,
    rounded,
)
from examrunner.grading.sentences import component_sentence, whole_sentence
from examrunner.model.grade import Course, Grade, Level, Result, Scheme


def grade(candidate: str, results: Iterable[Result], scheme: Scheme) -> Grade:
    """What a candidate has earned.

    All components must reach their minimum without a veto, and the weighted mean the
    lowest level. While one is missing or undecided the grade is open.

    Args:
        candidate: Candidate code; results of others are left out.
        results: Confirmed results in order of confirmation.
        scheme: The rule.
    """
    own = [result for result in results if result.candidate == candidate]
    parts = [
        grade_component(c, [r for r in own if r.task == c.task], scheme.attempts)
        for c in scheme.components
    ]
    points = _mean(parts)
    level = _level(points, parts, scheme.levels)
    passed = None if points is None else level is not None
    return Grade(
        candidate=candidate,
        scheme=f"{scheme.id}@{scheme.digest}",
        course=scheme.course.id,
        points=points,
        course_grade=course_grade(points, passed, scheme.course),
        level=level.id if level else "",
        passed=passed,
        reasons=(
            *(component_sentence(part) for part in parts),
            whole_sentence(points, level, parts, scheme),
        ),
    )


def course_grade(
    points: Decimal | None, passed: bool | None, course: Course
) -> Decimal | None:
    """The grade that the course takes, to 0.1; None while it is open."""
    if points is None:
        return None
    earned = rounded(_on_scale(points, course.scale))
    if passed or course.failed_at_most is None:
        return earned
    return min(earned, course.failed_at_most)


def _on_scale(points: Decimal, scale: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    for (left, low), (right, high) in pairwise(scale):
        if points <= right:
            return low + (high - low) * (points - left) / (right - left)
    return scale[-1][1]


def _mean(parts: Sequence[ComponentGrade]) -> Decimal | None:
    total, weights = Decimal(0), Decimal(0)
    for part in parts:
        if part.points is None:
            return None
        total += part.component.weight * part.points
        weights += part.component.weight
    return rounded(total / weights)


def _level(
    points: Decimal | None, parts: Sequence[ComponentGrade], levels: Sequence[Level]
) -> Level | None:
    if points is None or any(p.standing is not Standing.REACHED for p in parts):
        return None
    return next((level for level in levels if points >= level.from_points), None)
