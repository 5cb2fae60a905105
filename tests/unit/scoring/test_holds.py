from examrunner.model.timeline import Timeline
from examrunner.scoring.holds import held_as
from examrunner.testing.timelines import a_series, ns

SERIES = {
    "M.A": a_series("M.A", [(0, 1)], hold_s=0.1),
    "M.B": a_series("M.B", [(0, 2)], hold_s=0.2),
}
TIMELINE = Timeline(duration_ns=ns(5), signals=SERIES)


def test_a_rubric_gives_a_signal_its_own_hold_time_and_leaves_the_others():
    held = held_as(TIMELINE, {"M.A": 3.0})
    assert {name: each.hold_s for name, each in held.signals.items()} == {
        "M.A": 3.0,
        "M.B": 0.2,
    }
    assert len(held.signals) == 2
    assert held.signals["M.A"].values is SERIES["M.A"].values
    assert held.duration_ns == TIMELINE.duration_ns


def test_a_rubric_without_hold_times_leaves_the_timeline_as_it_is():
    assert held_as(TIMELINE, {}) is TIMELINE


def test_a_hold_time_for_a_signal_that_was_not_recorded_makes_none():
    assert "M.C" not in held_as(TIMELINE, {"M.C": 1.0}).signals
