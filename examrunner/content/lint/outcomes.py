"""What the worked examples show about a rubric."""

from collections.abc import Iterator, Sequence

from examrunner.content.lint.task import Asked, Task, Worked
from examrunner.model.errors import ContentError
from examrunner.model.judgement import Outcome
from examrunner.model.score import CriterionScore, Verdict

CHEATING = "cheating"
MAKE_IT_COST = (
    "Make a criterion that it fails critical, or let a veto or an evidence gate see it."
)


def cheats_that_pass(task: Task, examples: Sequence[Worked]) -> Iterator[ContentError]:
    """A cheating example passes, or could with nothing held against it."""
    del task
    for worked in examples:
        if worked.example.profile != CHEATING:
            continue
        verdict = worked.score.verdict
        points = _points(worked)
        if verdict is Verdict.PASS:
            problem = f"this cheating example passes with {points}."
            yield worked.document.fail(problem, MAKE_IT_COST, ("profile",))
        elif verdict is Verdict.UNDECIDED and not _is_held(worked):
            problem = f"this cheating example could pass: {points}, no veto is held."
            yield worked.document.fail(problem, MAKE_IT_COST, ("profile",))


def _points(worked: Worked) -> str:
    low, high = (float(p) for p in (worked.score.points.low, worked.score.points.high))
    return f"{low:g} points" if low == high else f"{low:g} to {high:g} points"


def _is_held(worked: Worked) -> bool:
    return any(
        each.kind == "veto" and each.outcome is Outcome.NEEDS_REVIEW
        for each in worked.score.criteria
    )


def points_that_nobody_earns(
    task: Task, examples: Sequence[Worked]
) -> Iterator[ContentError]:
    """No example earns a single point of a criterion."""
    for line in task.rubric.lines():
        found = _scores(line.id, examples)
        if line.points and found and not any(each.points.low > 0 for each in found):
            yield task.fail(
                _asked(task, line.id),
                f"no example earns any of its {line.points:f} points.",
                "Let an example earn them, or see whether anybody can.",
                "points",
            )


def _scores(id_: str, examples: Sequence[Worked]) -> list[CriterionScore]:
    found = (each for worked in examples for each in worked.score.criteria)
    return [each for each in found if each.id == id_]


def _asked(task: Task, id_: str) -> Asked:
    return next(each for each in task.asked if each.id == id_)


def unexercised(task: Task, examples: Sequence[Worked]) -> Iterator[ContentError]:
    """No example shows a criterion, veto or deduction at work."""
    expected = {id_ for worked in examples for id_ in worked.example.expect}
    lines = {line.id for line in task.rubric.lines()}
    for id_ in dict.fromkeys(each.id for each in task.asked):
        if id_ not in expected:
            says = "says how it comes out" if id_ in lines else "raises it"
            yield task.fail(
                _asked(task, id_),
                f"no example {says}.",
                "Add it to the 'expect' of an example that does.",
                "",
            )


def one_sided_critical(
    task: Task, examples: Sequence[Worked]
) -> Iterator[ContentError]:
    """A critical limit is only ever broken, or never, or measures nothing."""
    for line in task.rubric.lines():
        if line.critical_limit is None:
            continue
        found = [each.machine for each in _scores(line.id, examples)]
        sure = [each for each in found if each.fraction is not None]
        asked = _asked(task, line.id)
        if line.critical_limit.value is not None and not any(m.measured for m in sure):
            yield task.fail(
                asked,
                "the critical limit is about a measured value, and none is measured.",
                "Use 'critical: f_is_zero'.",
                "critical",
            )
            continue
        for broken, word in ((True, "breaks"), (False, "keeps")):
            if not any(each.critical is broken for each in sure):
                yield task.fail(
                    asked,
                    f"no example {word} the critical limit.",
                    "Write one; a limit needs an example on both of its sides.",
                    "critical",
                )
