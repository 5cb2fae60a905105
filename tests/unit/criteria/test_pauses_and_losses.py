"""What a pause cuts out and what a loss of an instant leaves."""

import numpy as np
import pytest

from examrunner.criteria.event_dwell import EventDwell
from examrunner.criteria.events import Event
from examrunner.criteria.msg_timeout import MsgTimeout
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.model.timeline import Op, Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

ON = Predicate(signal="M.S", equals=1)
WHOLE = Scale(full=12, zero=12, more_is_better=True)


def held(pauses=(), ops=(), **further):
    series = a_series("M.S", [(0.1 * n, 1.0) for n in range(300)], hold_s=0.3)
    timeline = Timeline(duration_ns=ns(30), signals={"M.S": series}, ops=tuple(ops))
    hearing = a_hearing(timeline, start_s=2, stop_s=28, pauses=pauses)
    return EventDwell(predicate=ON, score=WHOLE, **further).judge(hearing)


def test_a_pause_neither_counts_nor_breaks_what_lasts() -> None:
    found = held([(10, 20)])
    assert found.measured is not None
    assert found.measured.value == pytest.approx(16)
    assert found.fraction == 1
    assert found.evidence[0].from_s == pytest.approx(2)
    assert found.evidence[0].to_s == pytest.approx(28)


def test_an_event_before_a_pause_still_breaks_what_lasts() -> None:
    plug = Op(t_ns=ns(9), name="plug")
    found = held([(10, 20)], [plug], broken_by=(Event(ops="plug"),))
    assert found.measured is not None
    assert found.measured.value == pytest.approx(9)


def dropped_out(*lost: tuple[str, float, float]) -> float:
    times = np.arange(0, 100, 0.02)
    message = a_message("M", times[(times < 3) | (times >= 5)])
    timeline = Timeline(
        duration_ns=ns(100), messages={"M": message}, health=losses(*lost)
    )
    found = MsgTimeout(message="M").judge(a_hearing(timeline))
    return found.details["count"]


def test_an_instant_that_the_recorder_lost_does_not_hide_a_drop_out() -> None:
    assert dropped_out() == 1
    assert dropped_out(("CH1", 4, 4.001)) == 1
    assert dropped_out(("CH1", 3.05, 4.95)) == 0
    assert dropped_out(("CH2", 3.05, 4.95)) == 1
