import pytest

from examrunner.criteria.answer_number import AnswerNumber
from examrunner.criteria.answered_numbers import NumberItem
from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.references import Reference
from examrunner.model.errors import ContentError
from examrunner.scoring.ordering import asked_in_order


def refers(*others):
    items = [
        NumberItem(field="x", ref=Reference(criterion=other), tol_abs=1)
        for other in others
    ]
    return AnswerNumber(items=tuple(items))


def test_each_comes_once_and_after_all_that_it_refers_to():
    criteria = {
        "A": refers("C", "B"),
        "B": refers("D"),
        "C": refers("D"),
        "D": Forbidden(),
        "E": Forbidden(),
    }
    assert list(asked_in_order(criteria, "T01")) == ["D", "C", "B", "A", "E"]


def test_a_circle_is_shown_from_its_beginning():
    criteria = {"A": refers("B"), "B": refers("C"), "C": refers("B")}
    with pytest.raises(ContentError) as refused:
        asked_in_order(criteria, "T01")
    assert refused.value.problem == "criteria refer in a circle: A > B > C > B."
    assert refused.value.where == "T01"
    assert refused.value.remedy == "Let one of them stand by itself."


def test_a_reference_to_nothing_names_what_there_is():
    with pytest.raises(ContentError) as refused:
        asked_in_order({"B": Forbidden(), "A": refers("C")}, "T01")
    assert refused.value.problem == "criterion A refers to C, which does not exist."
    assert refused.value.where == "T01"
    assert refused.value.remedy == "Valid: A, B."
