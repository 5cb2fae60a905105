import numpy as np
import pytest

from examrunner.criteria.answer_number import AnswerNumber
from examrunner.criteria.answer_table import AnswerTable, TableRow
from examrunner.criteria.answered_numbers import NumberItem
from examrunner.criteria.events import Event, happenings
from examrunner.criteria.events import sentence as event_sentence
from examrunner.criteria.references import Reference
from examrunner.criteria.spans import Spans
from examrunner.criteria.windows import Window
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Edit, Quality, Series, Timeline
from examrunner.testing.timelines import a_hearing, ns


def a_distance(*samples):
    values = np.array([np.nan if v is None else v for _, v in samples], np.float64)
    unknown = np.isnan(values) * int(Quality.NOT_AVAILABLE)
    return Series(
        name="U.D",
        unit="mm",
        t_ns=np.array([ns(t) for t, _ in samples], np.int64),
        values=values,
        raw=np.zeros(len(values), np.int64),
        quality=unknown.astype(np.uint8),
        hold_s=1.0,
    )


def heard(typed, *samples, field="d"):
    form = () if typed is None else (Edit(t_ns=ns(90), field=field, value=typed),)
    signals = {"U.D": a_distance(*samples)} if samples else {}
    return a_hearing(Timeline(duration_ns=ns(100), signals=signals, form=form))


WHEN = Window(from_="exam.start", offset_s=10, for_s=10)
MEAN = Reference(signal="U.D", window=WHEN)
STEADY = [(t, 500.0 if t < 15 else 510.0) for t in range(0, 60)]
SILENT = [(t, None) for t in range(0, 60)]


def rule(ref=MEAN, **more):
    return AnswerNumber(items=(NumberItem(field="d", ref=ref, tol_abs=5, **more),))


@pytest.mark.parametrize(
    ("typed", "fraction"), [("505", 1.0), ("510", 1.0), ("512.5", 0.5), ("516", 0.0)]
)
def test_the_reference_is_the_mean_over_its_window(typed, fraction):
    found = rule().judge(heard(typed, *STEADY))
    assert found.fraction == pytest.approx(fraction)
    assert "mean of U.D over" in both(rule().rule())["en"]


def test_a_reference_may_be_counted_from_elsewhere():
    ref = Reference(signal="U.D", window=WHEN, plus=-400)
    assert rule(ref).judge(heard("105", *STEADY)).outcome is Outcome.MET


def test_a_window_that_never_opened_was_not_measured_by_the_candidate():
    never = Window(from_=Event(ops="plug"), to="exam.end")
    ref = Reference(signal="U.D", window=never)
    found = rule(ref, absent=("no echo",)).judge(heard("505", *STEADY))
    assert found.outcome is Outcome.NOT_MET
    assert "nothing was done" in both(found.reason)["en"]


@pytest.mark.parametrize("typed", ["no echo", "NO ECHO", " Ｎo  echo", "无回波"])
def test_words_are_right_where_there_was_nothing_to_read(typed):
    asked = rule(absent=("no echo", "无回波"))
    assert asked.judge(heard(typed, *SILENT)).outcome is Outcome.MET


@pytest.mark.parametrize("typed", ["505", "echo", "0"])
def test_anything_else_is_wrong_there(typed):
    found = rule(absent=("no echo",)).judge(heard(typed, *SILENT))
    assert found.outcome is Outcome.NOT_MET
    assert "nothing to read" in both(found.reason)["en"]


def test_the_words_are_wrong_where_there_was_a_value():
    found = rule(absent=("no echo",)).judge(heard("no echo", *STEADY))
    assert found.outcome is Outcome.NOT_MET


def test_a_bus_that_was_not_recorded_then_leaves_the_answer_open():
    asked = rule(absent=("no echo",))
    with pytest.raises(MissingError):
        asked.judge(heard("no echo", (50, 500.0)))
    with pytest.raises(MissingError):
        asked.judge(heard("no echo"))
    with pytest.raises(MissingError):
        rule().judge(heard("505", *SILENT))


def test_a_number_may_stand_in_the_row_of_a_table():
    asked = rule(row="left")
    assert asked.judge(heard({"left": "505"}, *STEADY)).outcome is Outcome.MET
    assert asked.judge(heard({"right": "505"}, *STEADY)).outcome is Outcome.NOT_MET
    assert asked.judge(heard("505", *STEADY)).outcome is Outcome.NOT_MET
    assert "d.left" in both(asked.rule())["en"]


def test_a_row_of_a_table_may_be_absent_too():
    rows = (TableRow(row="left", ref=MEAN, tol_abs=5, absent=("-",)),)
    found = AnswerTable(field="d", rows=rows).judge(heard({"left": "-"}, *SILENT))
    assert found.outcome is Outcome.MET


LIMITS = (500, 600)
WHOLE = Spans.of([(0, ns(100))])


@pytest.mark.parametrize(
    ("samples", "entered", "left"),
    [
        ([(1, 550.0), (2, 560.0)], [1], [3]),
        ([(1, 400.0), (2, 500.0), (3, 700.0), (4, 600.0)], [2, 4], [3, 5]),
        ([(1, None), (2, 520.0), (3, None)], [2], [3]),
        ([(1, 520.0), (8, 520.0)], [1, 8], [2, 9]),
        ([(1, 400.0), (2, 700.0)], [], []),
        ([(99.5, 520.0)], [99.5], []),
    ],
)
def test_a_signal_enters_and_leaves_limits(samples, entered, left):
    timeline = Timeline(duration_ns=ns(100), signals={"U.D": a_distance(*samples)})
    for event, times in (
        (Event(signal="U.D", enters=LIMITS), entered),
        (Event(signal="U.D", leaves=LIMITS), left),
    ):
        found = happenings(timeline, event, WHOLE)
        assert found.tolist() == [ns(t) for t in times]


def test_entering_and_leaving_are_said_in_words():
    enters, leaves = (
        both(event_sentence(Event(signal="U.D", **{way: LIMITS})))["en"]
        for way in ("enters", "leaves")
    )
    assert enters == "U.D comes within 500 to 600"
    assert leaves == "U.D leaves 500 to 600"
