from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest

from examrunner.criteria.verdicts import graded, left_open
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.hearing import ExamClock, Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Outcome, Sentence
from examrunner.model.rubric import (
    CriticalLimit,
    Cuts,
    Deduction,
    Group,
    Line,
    Rubric,
    Veto,
)
from examrunner.model.text import Text
from examrunner.model.timeline import ClockStep, Health, Loss, Op, Timeline
from examrunner.model.traces import Earlier, NoiseTrace, PictureTrace
from examrunner.scoring import judge
from examrunner.scoring.clocks import exam_clock
from examrunner.scoring.integrity.cameras import cameras
from examrunner.scoring.integrity.challenge import challenge
from examrunner.scoring.integrity.recorder import clock_steps, losses
from examrunner.scoring.integrity.unchecked import unchecked
from examrunner.scoring.judging import Question, questions_of
from examrunner.scoring.remembering import remembered
from examrunner.testing.timelines import a_hearing, a_series, ns

WORDS = Text(zh="题", en="task")
REASON = Sentence(key="missing", values={"what": "x"})

NAMED = Sentence(key="missing.signal", values={"name": "M.S"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A criterion that answers what it was told to, and may look at the hearing."""

    answer: object = None
    look: object = None

    def rule(self) -> Sentence:
        return Sentence(key="list", values={"parts": ()})

    def judge(self, hearing: Hearing) -> Judgement:
        if self.look is not None:
            self.look.append(hearing)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def a_line(criterion, id_="A1", **more):
    return Line(
        id=id_,
        kind="k",
        points=Decimal(10),
        title=WORDS,
        criterion=criterion,
        digest="",
        **more,
    )


def a_rubric(*lines, **more):
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
        groups=(Group(id="A", title=WORDS, points=Decimal(10), lines=lines),),
        cuts=Cuts(passing=Decimal(60), fail_cap=Decimal(59)),
        **more,
    )


def answered(criterion, case=None, **more):
    rubric = a_rubric(a_line(criterion, **more))
    return judge(Timeline(duration_ns=ns(5)), rubric, case or Case())["A1"]


@pytest.mark.parametrize(
    ("on_missing", "expected"),
    [
        (
            "review",
            left_open(
                Outcome.NOT_MEASURED, Sentence(key="missing", values={"what": NAMED})
            ),
        ),
        ("fail", graded(0, Sentence(key="missing.fail", values={"what": NAMED}))),
        ("pass", graded(1, Sentence(key="missing.fail", values={"what": NAMED}))),
        (
            "na",
            left_open(
                Outcome.NOT_APPLICABLE,
                Sentence(key="missing.fail", values={"what": NAMED}),
            ),
        ),
    ],
)
def test_what_is_missing_is_named(on_missing, expected):
    found = answered(
        Says(answer=MissingError("signal", name="M.S")), on_missing=on_missing
    )
    assert found == expected


def test_a_mistake_in_a_criterion_is_told_in_two_hundred_letters():
    short = answered(Says(answer=ValueError("odd")))
    reason = Sentence(key="error", values={"what": "ValueError: odd"})
    assert short == left_open(Outcome.ERROR, reason)
    long = answered(Says(answer=ValueError("x" * 500)))
    assert len(long.reason.values["what"]) == 200


@pytest.mark.parametrize(("variant", "shown"), [("drive", "drive"), ("", "-")])
def test_what_belongs_to_another_variant_says_which_one_this_is(variant, shown):
    says = Says(answer=graded(1, REASON))
    found = answered(says, Case(variant=variant), when=("brake", "park"))
    reason = Sentence(key="not_applicable", values={"variant": shown})
    assert found == left_open(Outcome.NOT_APPLICABLE, reason)
    assert answered(says, Case(variant="park"), when=("brake", "park")).fraction == 1


def measuring(fraction, value=None, *, critical=False):
    measured = None if value is None else Measured(value=value)
    return graded(fraction, REASON, measured=measured, critical=critical)


@pytest.mark.parametrize(
    ("rule", "value", "said", "broken"),
    [
        ("f_is_zero", None, measuring(0.0), True),
        ("f_is_zero", None, measuring(0.1), False),
        ("value_above", 5.0, measuring(1, 5.1), True),
        ("value_above", 5.0, measuring(1, 5.0), False),
        ("value_above", 5.0, measuring(1, 4.9), False),
        ("value_below", 5.0, measuring(1, 4.9), True),
        ("value_below", 5.0, measuring(1, 5.0), False),
        ("value_below", 5.0, measuring(1, 5.1), False),
        ("value_below", 5.0, measuring(0.0), True),
        ("value_below", 5.0, measuring(0.1), False),
        ("never_settles", None, measuring(1, critical=True), True),
        ("never_settles", None, measuring(0), False),
        ("f_is_zero", None, left_open(Outcome.NEEDS_REVIEW, REASON), False),
    ],
)
def test_a_critical_limit_is_broken_beyond_it_and_not_at_it(rule, value, said, broken):
    limit = CriticalLimit(rule=rule, value=value)
    found = answered(Says(answer=said), critical=True, critical_limit=limit)
    assert found.critical is broken


def test_without_a_critical_limit_nothing_is_critical():
    assert answered(Says(answer=measuring(0, critical=True))).critical is False


def test_a_criterion_hears_the_timeline_the_clock_the_case_and_earlier_answers():
    heard = []
    first = graded(1, REASON)
    earlier = Earlier(digest="e", noise={}, pictures=())
    series = a_series("M.S", [(0, 0)], hold_s=1)
    timeline = Timeline(
        duration_ns=ns(9), signals={"M.S": series}, ops=(Op(t_ns=ns(2), name="start"),)
    )
    case = Case(variant="drive")
    rubric = a_rubric(
        a_line(Says(answer=first)),
        a_line(Says(answer=first, look=heard), "A2"),
        holds={"M.S": 4.0},
    )
    judge(timeline, rubric, case, earlier=[earlier])
    (hearing,) = heard
    assert hearing.timeline.signals["M.S"].hold_s == 4.0
    assert hearing.clock == ExamClock(start_ns=ns(2), stop_ns=ns(9), pauses_ns=())
    assert hearing.case is case
    assert hearing.earlier == (earlier,)
    assert hearing.judged == {"A1": first}


def test_judgements_come_in_the_order_of_the_sheet_and_then_what_nobody_asked():
    health = Health(clock_steps=(ClockStep(t_ns=1, by_s=1.0),))
    says = Says(answer=graded(1, REASON))
    rubric = a_rubric(a_line(says, "A2"), a_line(says, "A1"))
    found = judge(Timeline(duration_ns=ns(5), health=health), rubric, Case())
    assert list(found) == ["A2", "A1", "integrity.clock_step.0"]


def test_everything_that_a_rubric_asks_is_a_question():
    limit = CriticalLimit(rule="f_is_zero")
    says = Says()
    veto = Veto(code="V1", title=WORDS, criterion=says, digest="", when=("b",))
    taken = Deduction(
        id="P1",
        title=WORDS,
        criterion=says,
        digest="",
        group="A",
        points=Decimal(1),
        cap=Decimal(1),
    )
    line = a_line(says, when=("a",), on_missing="na", critical_limit=limit)
    rubric = a_rubric(line, vetoes=(veto,), deductions=(taken,))
    assert questions_of(rubric) == {
        "A1": Question(criterion=says, when=("a",), on_missing="na", critical=limit),
        "V1": Question(criterion=says, when=("b",)),
        "P1": Question(criterion=says),
    }


def clock(*ops, until=10):
    named = tuple(Op(t_ns=ns(t), name=name) for name, t in ops)
    return exam_clock(Timeline(duration_ns=ns(until), ops=named))


def test_a_stop_counts_from_the_start_on():
    assert clock(("stop", 1), ("start", 2), ("stop", 5)).stop_ns == ns(5)
    assert clock(("start", 2), ("stop", 2)).stop_ns == ns(2)
    assert clock(("start", 2), ("start", 3), ("stop", 7), ("stop", 8)) == ExamClock(
        start_ns=ns(2), stop_ns=ns(7), pauses_ns=()
    )


def test_a_pause_lasts_from_its_first_beginning_to_its_first_end():
    ops = [("pause", 3), ("pause", 4), ("resume", 5), ("resume", 6), ("pause", 7)]
    assert clock(*ops).pauses_ns == ((ns(3), ns(5)), (ns(7), ns(10)))


def test_only_the_part_of_a_pause_that_lies_in_the_exam_counts():
    ops = [("pause", 1), ("start", 2), ("resume", 3), ("pause", 4), ("stop", 6)]
    assert clock(*ops, ("resume", 8)).pauses_ns == ((ns(2), ns(3)), (ns(4), ns(6)))
    assert clock(("pause", 1), ("resume", 2), ("start", 2)).pauses_ns == ()
    assert clock(("pause", 3), ("resume", 3)).pauses_ns == ()


def lost(stream, from_s, to_s):
    return Loss(stream=stream, from_ns=ns(from_s), to_ns=ns(to_s))


def test_a_loss_says_how_much_of_the_exam_is_missing():
    timeline = Timeline(
        duration_ns=ns(10),
        ops=(Op(t_ns=ns(2), name="start"), Op(t_ns=ns(8), name="stop")),
        health=Health(
            losses=(
                lost("CH2", 0, 1),
                lost("CH1", 1, 3),
                lost("CH1", 4, 4.5),
                lost("front", 7, 9),
            )
        ),
    )
    hearing = Hearing(timeline=timeline, clock=exam_clock(timeline), case=Case())
    found = dict(losses(hearing))
    assert list(found) == ["loss.CH1", "loss.front"]
    span = Sentence(key="span", values={"from_s": 2.0, "to_s": 4.5})
    values = {"stream": "CH1", "lost_s": 1.5, "span": span}
    assert found["loss.CH1"] == graded(
        0,
        Sentence(key="flag.loss", values=values),
        evidence=[Evidence(stream="CH1", from_s=2.0, to_s=4.5)],
    )


def test_every_jump_of_the_wall_clock_is_numbered():
    steps = (ClockStep(t_ns=ns(3), by_s=0.2), ClockStep(t_ns=ns(4), by_s=-60.0))
    health = Health(clock_steps=steps)
    found = dict(clock_steps(a_hearing(Timeline(duration_ns=ns(5), health=health))))
    assert list(found) == ["clock_step.0", "clock_step.1"]
    moment = Sentence(key="moment", values={"at_s": 4.0})
    assert found["clock_step.1"] == graded(
        0,
        Sentence(key="flag.clock_step", values={"by_s": -60.0, "moment": moment}),
        evidence=[Evidence(stream="clock", from_s=4.0, to_s=4.0)],
    )


def test_a_check_that_failed_says_how():
    values = {"code": "losses", "why": "ValueError: odd"}
    expected = graded(0, Sentence(key="flag.unchecked", values=values))
    assert dict(unchecked("losses", ValueError("odd"))) == {
        "unchecked.losses": expected
    }
    (long,) = dict(unchecked("losses", ValueError("x" * 500))).values()
    assert len(long.reason.values["why"]) == 200


def a_picture(camera, t_s, *, purpose="thumbnail", brightness=100.0):
    return PictureTrace(
        camera=camera,
        picture=f"{camera}-{t_s}",
        t_ns=ns(t_s),
        purpose=purpose,
        size_px=(4, 3),
        brightness=brightness,
        detail=50.0,
        change=3.0,
        grain=np.zeros(16, np.uint64),
        flat=np.zeros(16, np.uint64),
    )


def test_a_camera_that_was_covered_for_more_than_ten_seconds_is_named():
    pictures = [
        a_picture(camera, t_s, purpose=purpose, brightness=dark if t_s < until else 99)
        for camera, purpose, until, dark in (
            ("work_area", "thumbnail", 11, 0),
            ("front", "thumbnail", 10, 0),
            ("rear", "still", 30, 0),
        )
        for t_s in range(30)
    ]
    timeline = Timeline(duration_ns=ns(30), pictures=pictures)
    found = dict(cameras(a_hearing(timeline)))
    assert list(found) == ["camera_health.work_area"]
    assert found["camera_health.work_area"].outcome is Outcome.NOT_MET


def test_without_a_challenge_nothing_is_suspected():
    assert dict(challenge(a_hearing(Timeline(duration_ns=ns(5))))) == {}


def test_what_is_remembered_of_a_recording_is_its_sorted_noise_and_its_pictures():
    times = np.array([1, 2, 3], np.int64)
    noise = NoiseTrace(
        name="M.S", t_ns=times, end_ns=times, marks=np.array([3, 1, 2], np.uint64)
    )
    picture = a_picture("front", 1)
    timeline = Timeline(duration_ns=9, noise=[noise], pictures=[picture])
    found = remembered("feed", timeline)
    assert found.digest == "feed"
    assert {name: list(marks) for name, marks in found.noise.items()} == {
        "M.S": [1, 2, 3]
    }
    assert found.pictures == (picture,)
