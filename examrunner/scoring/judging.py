"""judge: every criterion of a rubric asked about one timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from examrunner.criteria.asking import ask
from examrunner.criteria.verdicts import absent, graded, left_open
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence
from examrunner.model.rubric import Criterion, CriticalLimit, Rubric
from examrunner.model.timeline import Timeline
from examrunner.model.traces import Earlier
from examrunner.scoring.clocks import exam_clock
from examrunner.scoring.holds import held_as
from examrunner.scoring.integrity import integrity
from examrunner.scoring.ordering import asked_in_order
from examrunner.scoring.variants import bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A criterion with what surrounds it in a rubric."""

    criterion: Criterion
    when: tuple[str, ...] = ()
    on_missing: str = "review"
    critical: CriticalLimit | None = None


def judge(
    timeline: Timeline,
    rubric: Rubric,
    case: Case,
    known: Mapping[str, Judgement] | None = None,
    earlier: Sequence[Earlier] = (),
) -> Mapping[str, Judgement]:
    """Judgements by criterion id, veto code and deduction id.

    Total: what fails inside a criterion becomes its outcome ``error``.

    Args:
        timeline: What was recorded.
        rubric: What is asked.
        case: Secrets of the attempt.
        known: Judgements from a cache, which are not computed again.
        earlier: Earlier recordings that this one must not repeat.

    Raises:
        ContentError: If criteria refer to each other in a circle.
    """
    questions = questions_of(rubric)
    order = asked_in_order(
        {id_: q.criterion for id_, q in questions.items()}, rubric.id
    )
    hearing = Hearing(
        timeline=held_as(timeline, rubric.holds),
        clock=exam_clock(timeline),
        case=case,
        earlier=tuple(earlier),
    )
    found = dict(known or {})
    for id_ in order:
        if id_ not in found:
            found[id_] = _answered(questions[id_], replace(hearing, judged=dict(found)))
    return {id_: found[id_] for id_ in questions} | dict(integrity(hearing))


def questions_of(rubric: Rubric) -> dict[str, Question]:
    """Everything that a rubric asks, by id."""
    lines = {
        line.id: Question(
            criterion=line.criterion,
            when=line.when,
            on_missing=line.on_missing,
            critical=line.critical_limit,
        )
        for line in rubric.lines()
    }
    vetoes = {
        veto.code: Question(criterion=veto.criterion, when=veto.when)
        for veto in rubric.vetoes
    }
    deductions = {
        each.id: Question(criterion=each.criterion) for each in rubric.deductions
    }
    return lines | vetoes | deductions


def _answered(question: Question, hearing: Hearing) -> Judgement:
    case = hearing.case
    if question.when and case.variant not in question.when:
        values = {"variant": case.variant or "-"}
        reason = Sentence(key="not_applicable", values=values)
        return left_open(Outcome.NOT_APPLICABLE, reason)
    try:
        found = ask(bound(question.criterion, case), hearing)
    except MissingError as missing:
        return _missing(question.on_missing, absent(missing))
    except Exception as error:  # noqa: BLE001 - a bug in one criterion must not cost an exam
        values = {"what": f"{type(error).__name__}: {error}"[:200]}
        return left_open(Outcome.ERROR, Sentence(key="error", values=values))
    return replace(found, critical=_is_critical(question.critical, found))


def _missing(on_missing: str, what: Sentence) -> Judgement:
    values = {"what": what}
    if on_missing == "review":
        return left_open(Outcome.NOT_MEASURED, Sentence(key="missing", values=values))
    reason = Sentence(key="missing.fail", values=values)
    if on_missing == "na":
        return left_open(Outcome.NOT_APPLICABLE, reason)
    return graded(float(on_missing == "pass"), reason)


def _is_critical(limit: CriticalLimit | None, found: Judgement) -> bool:
    if limit is None or found.fraction is None:
        return False
    if limit.rule == "f_is_zero":
        return found.fraction == 0
    if limit.value is None:
        return found.critical
    if found.measured is None:
        return found.fraction == 0
    if limit.rule == "value_above":
        return found.measured.value > limit.value
    return found.measured.value < limit.value
