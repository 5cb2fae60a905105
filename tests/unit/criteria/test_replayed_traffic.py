"""Traffic that was there before, as its marks show."""

from collections.abc import Sequence

import numpy as np
import pytest

from examrunner.criteria.replayed_traffic import ReplayedTraffic
from examrunner.criteria.wording import say
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Timeline
from examrunner.model.traces import Earlier, NoiseTrace
from examrunner.testing.timelines import a_hearing, ns

FRESH = range(1, 90)


def a_trace(marks: Sequence[int], first_s: float = 1.0, name: str = "M.S"):
    times = np.array([ns(first_s + 0.5 * n) for n in range(len(marks))], np.int64)
    return NoiseTrace(
        name=name, t_ns=times, end_ns=times + ns(1), marks=np.array(marks, np.uint64)
    )


def judged(*traces: NoiseTrace, earlier: Sequence[Earlier] = (), **clock: float):
    timeline = Timeline(duration_ns=ns(100), noise=traces)
    hearing = a_hearing(timeline, earlier=earlier, **clock)
    return ReplayedTraffic().judge(hearing)


def test_noise_that_is_always_new_is_met() -> None:
    found = judged(a_trace(FRESH), a_trace(FRESH, name="M.Other"))
    assert found.outcome is Outcome.MET
    assert "2 noisy signals" in say(found.reason, "en")


def test_a_loop_is_seen_with_its_seconds_and_where_it_comes_from() -> None:
    found = judged(a_trace([*FRESH, 20, 21, 22, 23]))
    assert found.outcome is Outcome.NOT_MET
    assert found.evidence[0].stream == "M.S"
    assert found.evidence[0].from_s == pytest.approx(45.5)
    assert found.evidence[0].to_s == pytest.approx(48.0)
    assert found.measured is not None
    assert found.measured.value == pytest.approx(2.5)
    assert "before in this recording (at 10.5 s)" in say(found.reason, "en")


def test_one_mark_alone_may_be_chance() -> None:
    assert judged(a_trace([*FRESH, 20])).outcome is Outcome.MET


def test_yesterdays_noise_is_named_after_its_recording() -> None:
    known = {"M.S": np.array([5, 6, 7], np.uint64)}
    earlier = Earlier(digest="0123456789abcdef", noise=known)
    found = judged(a_trace(FRESH), earlier=[earlier])
    assert found.outcome is Outcome.NOT_MET
    assert "0123456789ab" in say(found.reason, "en")
    assert "0123456789ab" in say(found.reason, "zh")


def test_other_signals_of_yesterday_do_not_matter() -> None:
    known = {"M.Other": np.array([5, 6, 7], np.uint64), "M.S": np.array([], np.uint64)}
    earlier = Earlier(digest="0123", noise=known)
    assert judged(a_trace(FRESH), earlier=[earlier]).outcome is Outcome.MET


def test_what_the_rig_sent_before_the_exam_may_not_come_in_it() -> None:
    trace = a_trace([*FRESH, 1, 2, 3])
    assert judged(trace, start_s=3.0).outcome is Outcome.NOT_MET
    assert judged(trace, stop_s=40.0).outcome is Outcome.MET


def test_without_noise_it_is_not_measured() -> None:
    with pytest.raises(MissingError, match="noise"):
        judged()
    with pytest.raises(MissingError, match="noise"):
        judged(a_trace(FRESH), start_s=90.0)
