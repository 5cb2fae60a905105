import pytest

from examrunner.criteria.answer_order import AnswerOrder
from examrunner.criteria.answer_table import AnswerTable, TableRow
from examrunner.criteria.references import Reference
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Edit, Timeline
from examrunner.testing.timelines import a_hearing, ns


def heard(field, value):
    edit = Edit(t_ns=ns(5), field=field, value=value)
    form = () if value is None else (edit,)
    return a_hearing(Timeline(duration_ns=ns(100), form=form))


def row(name, right, **more):
    ref = Reference(value=right)
    return TableRow(row=name, ref=ref, tol_abs=5, unit="mm", **more)


TABLE = AnswerTable(field="d", rows=(row("front", 500.0), row("rear", 800.0)))


def test_rows_are_found_by_their_key_not_by_their_order():
    found = TABLE.judge(heard("d", {"rear": "80 cm", "front": "５０３"}))
    assert found.outcome is Outcome.MET
    assert found.details == {"right": 2, "rows": 2}
    assert found.evidence[0].stream == "form.d"


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [
        ({"front": 500, "rear": 700}, 0.5),
        ({"front": 500}, 0.5),
        ({"front": 500, "rear": " "}, 0.5),
        ({"front": 507.5, "rear": 807.5}, 0.5),
        ({"front": 800, "rear": 500}, 0.0),
        ({"left": 500}, 0.0),
        ([500, 800], 0.0),
        ("500", 0.0),
        (None, 0.0),
    ],
)
def test_each_row_earns_for_itself(typed, fraction):
    assert TABLE.judge(heard("d", typed)).fraction == pytest.approx(fraction)


def test_rows_weigh_and_a_missing_unit_may_cost():
    rows = (row("a", 1.0, weight=3, unit_missing="half"), row("b", 1.0))
    found = AnswerTable(field="d", rows=rows).judge(heard("d", {"a": 1}))
    assert found.fraction == pytest.approx(3 / 8)


def test_a_row_whose_right_value_was_not_recorded_is_missing():
    rows = (TableRow(row="a", ref=Reference(fib="r_hl"), tol_abs=1),)
    with pytest.raises(MissingError):
        AnswerTable(field="d", rows=rows).judge(heard("d", {"a": 1}))


def test_the_reason_names_table_and_row():
    words = both(TABLE.judge(heard("d", {"front": 500})).reason)
    assert "d.front" in words["en"]
    assert "d.rear" in words["zh"]


STEPS = AnswerOrder(field="steps", key=("off", "measure", "repair", "clear"))


@pytest.mark.parametrize(
    ("given", "fraction"),
    [
        (["off", "measure", "repair", "clear"], 1),
        ("Off > measure -> repair，clear", 1),
        (["measure", "off", "repair", "clear"], 5 / 6),
        (["clear", "repair", "measure", "off"], 0),
        ([["off", "measure"], "repair", "clear"], 5.5 / 6),
        (["off", "measure", "repair"], 0.5),
        (["off", "coffee", "measure", "repair", "clear"], 1),
        (["off", "measure", "repair", "clear", "off"], 1),
        ([["off", "measure", "repair", "clear"]], 0.5),
        (7, 0),
        (None, 0),
    ],
)
def test_pairs_the_wrong_way_round_cost(given, fraction):
    assert STEPS.judge(heard("steps", given)).fraction == pytest.approx(fraction)


def test_steps_of_equal_rank_may_be_in_any_order():
    rule = AnswerOrder(field="s", key=("off", ("coat", "gloves"), "measure"))
    for middle in (["coat", "gloves"], ["gloves", "coat"], [["gloves", "coat"]]):
        assert rule.judge(heard("s", ["off", *middle, "measure"])).fraction == 1
    assert rule.judge(heard("s", ["coat", "off", "gloves", "measure"])).fraction == 0.8


def test_a_partly_right_order_is_partly_met_and_a_blank_one_is_blank():
    found = STEPS.judge(heard("steps", ["measure", "off", "repair", "clear"]))
    assert found.outcome is Outcome.PARTLY_MET
    assert "1 of 6" in both(found.reason)["en"]
    assert STEPS.judge(heard("steps", " ")).reason.key == "answer_order.blank"
