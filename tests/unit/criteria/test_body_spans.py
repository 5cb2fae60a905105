import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.answer_table import AnswerTable, TableRow
from examrunner.criteria.body_spans import BodySpan
from examrunner.criteria.events import Event
from examrunner.criteria.references import Reference
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.placement import Placement
from examrunner.model.timeline import Edit, Op, Timeline
from examrunner.testing.timelines import a_body_pose, a_hearing, ns

START = Event(ops="routine")
SPAN = BodySpan(
    body="mat", reference="roof_plate", from_mm=(2700, 800), to_mm=(-800, 1000),
    before=START,
)  # fmt: skip


def heard(placement, *, typed=None, ops=("routine",), times=(1, 2, 3)):
    poses = []
    for t_s in times:
        poses.append(a_body_pose(t_s, "roof_plate"))
        if placement is not None:
            poses.append(a_body_pose(t_s, "mat", placement))
    value = {"d1": typed}
    form = () if typed is None else (Edit(t_ns=ns(50), field="d", value=value),)
    return a_hearing(
        Timeline(
            duration_ns=ns(100),
            poses=poses,
            form=form,
            ops=tuple(Op(t_ns=ns(20), name=name) for name in ops),
        )
    )


def test_a_mat_that_lies_straight_has_the_distance_of_the_drawing():
    found = SPAN.length_mm(heard(Placement(at_mm=(5000.0, 0.0, 0.0))))
    assert found == pytest.approx(np.hypot(1500, 200))


@given(st.floats(4500, 5500), st.floats(-80, 80), st.floats(-3, 3))
def test_the_distance_is_that_of_the_turned_and_shifted_mark(x, y, yaw):
    placement = Placement(at_mm=(x, y, 5.0), yaw_deg=yaw)
    mark = placement.place(np.array([[-800.0, 1000.0, 0.0]]))[0]
    found = SPAN.length_mm(heard(placement))
    assert found == pytest.approx(np.hypot(mark[0] - 2700, mark[1] - 800), abs=0.01)


@pytest.mark.parametrize(
    ("typed", "fraction"), [("1513", 1.0), ("1518", 1.0), ("1521", 0.46), ("1600", 0.0)]
)
def test_a_typed_distance_is_compared_with_it(typed, fraction):
    rows = (TableRow(row="d1", ref=Reference(span=SPAN), tol_abs=5, unit="mm"),)
    rule = AnswerTable(field="d", rows=rows)
    straight = Placement(at_mm=(5000.0, 0.0, 0.0))
    found = rule.judge(heard(straight, typed=typed))
    assert found.fraction == pytest.approx(fraction, abs=0.02)
    assert "(2700, 800) mm of roof_plate" in both(rule.rule())["en"]


def test_without_the_moment_the_candidate_measured_nothing():
    rows = (TableRow(row="d1", ref=Reference(span=SPAN), tol_abs=5, unit="mm"),)
    straight = Placement(at_mm=(5000.0, 0.0, 0.0))
    found = AnswerTable(field="d", rows=rows).judge(
        heard(straight, typed="1513", ops=())
    )
    assert found.outcome is Outcome.NOT_MET


def test_what_the_pictures_do_not_show_is_missing():
    straight = Placement(at_mm=(5000.0, 0.0, 0.0))
    for hearing in (
        heard(None),
        heard(straight, times=(1, 2)),
        heard(straight, times=()),
        heard(straight, times=(30, 31, 32)),
    ):
        with pytest.raises(MissingError):
            SPAN.length_mm(hearing)
