import pytest

from examrunner.criteria.answer_order import AnswerOrder
from examrunner.criteria.composite import Composite
from examrunner.criteria.event_count import EventCount
from examrunner.criteria.events import Event

PLUGGED = EventCount(event=Event(ops="plug"))


@pytest.mark.parametrize(("k", "fits"), [(0, False), (1, True), (2, True), (3, False)])
def test_no_more_can_be_asked_for_than_there_are(k, fits):
    asked = Composite(combine="k_of_n", of=(PLUGGED, PLUGGED), k=k)
    assert (asked.problem() == "") is fits
    assert Composite(combine="all", of=(PLUGGED, PLUGGED), k=k).problem() == ""


@pytest.mark.parametrize(
    ("key", "fits"), [(("a",), False), (("a", "b"), True), ("$variant.order", True)]
)
def test_an_order_has_at_least_two_places(key, fits):
    assert (AnswerOrder(field="steps", key=key).problem() == "") is fits
