"""Windows that hold only while something is so, and windows before their anchor."""

import pytest

from examrunner.criteria.asking import ask
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.signal_stat import SignalStat
from examrunner.criteria.windows import Window, sentence
from examrunner.criteria.wording import say
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

FAST = SignalStat(
    signal="M.Speed",
    stat="mean",
    min=5.0,
    window=Window(while_=Predicate(signal="M.Speed", min=4.0)),
)


def judged(*lost: tuple[str, float, float], gap: tuple[float, float] = (0, 0)):
    """Ten seconds of standing, with a run at 5 m/s from 4 to 6 s."""
    times = [0.1 * k for k in range(100) if not gap[0] <= 0.1 * k < gap[1]]
    speeds = [(t, 5.0 if 4 <= t < 6 else 0.0) for t in times]
    timeline = Timeline(
        duration_ns=ns(10),
        signals={"M.Speed": a_series("M.Speed", speeds)},
        messages={"M": a_message("M", times)},
        health=losses(*lost),
    )
    return ask(FAST, a_hearing(timeline))


def test_only_the_time_in_which_it_holds_is_measured():
    assert judged().outcome is Outcome.MET


def test_a_window_that_never_held_on_a_silent_bus_is_not_met():
    assert judged(gap=(3.8, 6.2)).outcome is Outcome.NOT_MET


def test_a_window_that_the_recorder_lost_waits_for_an_examiner():
    found = judged(("CH1", 3.8, 6.2), gap=(3.8, 6.2))
    assert found.outcome is Outcome.NOT_MEASURED


def test_a_short_loss_elsewhere_does_not_excuse_a_run_that_never_was():
    found = judged(("CH1", 1.0, 1.1), gap=(3.8, 6.2))
    assert found.outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (Window(offset_s=-2, for_s=2), "2 s, beginning 2 s before the start"),
        (Window(offset_s=2, for_s=3), "3 s, beginning 2 s after the start"),
        (Window(offset_s=-5), "from the start (-5 s) to the stop"),
        (Window(), "the whole exam"),
    ],
)
def test_a_shifted_window_says_so(window, words):
    assert say(sentence(window), "en") == words
