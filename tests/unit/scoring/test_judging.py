from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from examrunner.criteria.answer_number import AnswerNumber
from examrunner.criteria.answered_numbers import NumberItem
from examrunner.criteria.examiner_mark import ExaminerMark
from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.references import Reference
from examrunner.criteria.signal_range import Limits, SignalRange
from examrunner.criteria.wording import say
from examrunner.model.case import Case
from examrunner.model.errors import ContentError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome, Sentence
from examrunner.model.rubric import CriticalLimit, Cuts, Group, Line, Rubric, Veto
from examrunner.model.text import Text
from examrunner.model.timeline import ClockStep, Edit, Health, Op, Timeline
from examrunner.scoring import judge
from examrunner.scoring.clocks import exam_clock
from examrunner.testing.timelines import a_series, losses, ns

WORDS = Text(zh="题", en="task")


def a_line(id_, criterion, points="10", **more):
    return Line(
        id=id_,
        kind="k",
        points=Decimal(points),
        title=WORDS,
        criterion=criterion,
        digest="",
        **more,
    )


def a_rubric(*lines):
    points = sum(line.points for line in lines)
    return Rubric(
        id="T01",
        revision=1,
        digest="",
        title=WORDS,
        rig="r",
        limit_s=100,
        post_s=0,
        form=(),
        variants={},
        groups=(Group(id="A", title=WORDS, points=points, lines=lines),),
        cuts=Cuts(passing=Decimal(60), fail_cap=Decimal(59)),
    )


RANGE = SignalRange(all=(Limits(signal="M.S", max=1),))


def test_a_signal_that_was_not_recorded_asks_for_an_examiner_instead_of_zero():
    timeline = Timeline(duration_ns=ns(5))
    found = judge(timeline, a_rubric(a_line("A1", RANGE)), Case())["A1"]
    assert found.outcome is Outcome.NOT_MEASURED
    assert "M.S" in say(found.reason, "en")


@pytest.mark.parametrize(
    ("on_missing", "outcome"),
    [("fail", "not_met"), ("pass", "met"), ("na", "not_applicable")],
)
def test_the_rubric_may_say_what_absence_means(on_missing, outcome):
    line = a_line("A1", RANGE, on_missing=on_missing)
    found = judge(Timeline(duration_ns=ns(5)), a_rubric(line), Case())
    assert found["A1"].outcome == outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """A criterion with a bug."""

    def rule(self) -> Sentence:
        return Sentence(key="list", values={"parts": ()})

    def judge(self, hearing: Hearing) -> Judgement:
        raise ZeroDivisionError(hearing.clock.start_ns)


def test_a_bug_in_one_criterion_costs_no_other_and_is_no_zero():
    series = a_series("M.S", [(0, 0)], hold_s=9)
    timeline = Timeline(duration_ns=ns(5), signals={"M.S": series})
    rubric = a_rubric(a_line("A1", Breaks()), a_line("A2", RANGE))
    found = judge(timeline, rubric, Case())
    assert found["A1"].outcome is Outcome.ERROR
    assert found["A1"].fraction is None
    assert found["A2"].outcome is Outcome.MET


def answer(field, of):
    item = NumberItem(field=field, ref=Reference(criterion=of), tol_abs=1)
    return AnswerNumber(items=(item,))


def test_criteria_are_asked_after_those_that_they_refer_to():
    series = a_series("M.S", [(0, 0)], hold_s=9)
    timeline = Timeline(
        duration_ns=ns(5),
        signals={"M.S": series},
        form=(Edit(t_ns=1, field="x", value=100),),
    )
    rubric = a_rubric(a_line("A1", answer("x", "A2")), a_line("A2", RANGE))
    assert judge(timeline, rubric, Case())["A1"].outcome is Outcome.MET


def test_a_circle_of_criteria_is_refused():
    rubric = a_rubric(a_line("A1", answer("x", "A2")), a_line("A2", answer("x", "A1")))
    with pytest.raises(ContentError, match="circle"):
        judge(Timeline(duration_ns=1), rubric, Case())


def test_a_line_of_another_variant_does_not_apply():
    line = a_line("A1", RANGE, when=("b",))
    found = judge(Timeline(duration_ns=ns(1)), a_rubric(line), Case(variant="a"))
    assert found["A1"].outcome is Outcome.NOT_APPLICABLE


def test_secrets_are_filled_in_when_the_question_is_asked():
    item = NumberItem(
        field="u",
        ref=Reference(fib="${variant.node}.supply_v", at="edit"),
        tol_abs=0.2,
    )
    timeline = Timeline(
        duration_ns=ns(5),
        truth={"ESC.supply_v": a_series("fib.x", [(0, 12)], hold_s=9)},
        form=(Edit(t_ns=ns(2), field="u", value=12.1),),
    )
    rubric = a_rubric(a_line("A1", AnswerNumber(items=(item,))))
    known = judge(timeline, rubric, Case(truth={"node": "ESC"}))["A1"]
    assert known.outcome is Outcome.MET
    unknown = judge(timeline, rubric, Case())["A1"]
    assert unknown.outcome is Outcome.NOT_MEASURED


def test_a_critical_limit_of_the_measured_value_is_seen():
    series = a_series("M.S", [(t / 10, 0 if t < 40 else 5) for t in range(50)])
    timeline = Timeline(duration_ns=ns(5), signals={"M.S": series})
    for rule, value, broken in [
        ("value_below", 90.0, True),
        ("value_below", 70.0, False),
        ("value_above", 70.0, True),
        ("f_is_zero", None, True),
    ]:
        limit = CriticalLimit(rule=rule, value=value)
        line = a_line("A1", RANGE, critical=True, critical_limit=limit)
        assert judge(timeline, a_rubric(line), Case())["A1"].critical == broken


def test_judging_twice_gives_equal_judgements():
    series = a_series("M.S", [(t / 10, t % 3) for t in range(50)])
    timeline = Timeline(duration_ns=ns(5), signals={"M.S": series})
    rubric = a_rubric(a_line("A1", RANGE))
    assert judge(timeline, rubric, Case()) == judge(timeline, rubric, Case())


def test_what_a_cache_knows_is_not_asked_again():
    rubric = a_rubric(a_line("A1", Breaks()))
    mark = ExaminerMark(text=WORDS, levels=(WORDS,) * 4)
    known = judge(Timeline(duration_ns=1), a_rubric(a_line("A1", mark)), Case())
    assert judge(Timeline(duration_ns=1), rubric, Case(), known) == known


def test_the_clock_runs_from_start_to_stop_and_a_pause_without_end_lasts():
    ops = [("start", 2), ("pause", 4), ("resume", 5), ("pause", 8), ("stop", 9)]
    timeline = Timeline(
        duration_ns=ns(10), ops=tuple(Op(t_ns=ns(t), name=name) for name, t in ops)
    )
    clock = exam_clock(timeline)
    assert (clock.start_ns, clock.stop_ns) == (ns(2), ns(9))
    assert clock.pauses_ns == ((ns(4), ns(5)), (ns(8), ns(9)))


def test_an_imported_recording_counts_from_its_first_frame_to_its_end():
    clock = exam_clock(Timeline(duration_ns=ns(10)))
    assert (clock.start_ns, clock.stop_ns, clock.pauses_ns) == (0, ns(10), ())


def test_recorder_losses_and_clock_steps_are_noted_unasked():
    health = Health(
        losses=losses(("CH1", 1, 2)).losses,
        clock_steps=(ClockStep(t_ns=ns(3), by_s=0.2),),
    )
    found = judge(Timeline(duration_ns=ns(5), health=health), a_rubric(), Case())
    assert set(found) == {"integrity.loss.CH1", "integrity.clock_step.0"}


def test_a_veto_of_another_variant_is_not_asked():
    veto = Veto(
        code="V1",
        title=WORDS,
        criterion=Forbidden(states=(Predicate(signal="M.S", min=1),)),
        digest="",
        when=("brake",),
    )
    rubric = replace(a_rubric(a_line("A1", RANGE)), vetoes=(veto,))
    timeline = Timeline(duration_ns=ns(5))
    found = judge(timeline, rubric, Case(variant="drive"))["V1"]
    assert found.outcome is Outcome.NOT_APPLICABLE
    found = judge(timeline, rubric, Case(variant="brake"))["V1"]
    assert found.outcome is Outcome.NOT_MEASURED
