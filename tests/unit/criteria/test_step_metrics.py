import math

import numpy as np
import pytest

from examrunner.criteria.spans import Spans
from examrunner.criteria.step_metrics import (
    Response,
    delay,
    overshoot_pct,
    response,
    rise,
    settle,
    sse,
)
from examrunner.criteria.steps import Step, StepShape, steps_in, wanted_targets
from examrunner.model.timeline import Timeline
from examrunner.testing.timelines import a_series, ns

STEP = Step(t_ns=ns(2), end_ns=ns(8), before=10.0, after=20.0)


def every(step_s, until_s, value):
    return [
        (round(n * step_s, 6), value(n * step_s))
        for n in range(round(until_s / step_s))
    ]


def feedback(value, until_s=10, step_s=0.1):
    return a_series("F.S", every(step_s, until_s, value), hold_s=step_s)


def shaped(z, **more):
    t_s = np.arange(len(z)) * 1.0
    given = {"jump": 10.0, "noise": 0.0, "end_s": float(len(z)), **more}
    return Response(t_s=t_s, z=np.array(z, float), **given)


def test_a_response_is_normalised_from_rest_to_target():
    found = response(
        feedback(lambda t: 12.0 if t < 2.95 else 22.0), STEP, y0_s=1, t_max_s=4
    )
    assert found.jump == 8.0
    assert found.noise == 0.0
    assert found.end_s == 4.0
    assert (found.t_s[0], len(found.t_s)) == (0.0, 40)
    assert found.t_s[-1] == pytest.approx(3.9)
    assert found.z[0] == 0.0
    assert found.z[-1] == 1.25


def test_a_response_ends_when_the_command_leaves_the_target():
    found = response(feedback(lambda t: 10.0), STEP, y0_s=1, t_max_s=60)
    assert found.end_s == 6.0


def test_the_rest_before_a_step_is_its_median():
    noisy = feedback(lambda t: 10.0 if round(t, 6) != 1.5 else 10.2)
    found = response(noisy, STEP, y0_s=1, t_max_s=4)
    assert found.jump == 10.0
    assert found.noise == pytest.approx(0.06)


@pytest.mark.parametrize(("swing", "rests"), [(0.09, True), (0.11, False)])
def test_a_feedback_rests_while_it_moves_by_less_than_a_hundredth(swing, rests):
    moving = feedback(lambda t: 10 + (swing if round(t * 10) % 2 else -swing))
    found = response(moving, STEP, y0_s=1, t_max_s=4)
    assert (found is not None) == rests


def test_a_fall_is_a_step_as_well():
    down = Step(t_ns=ns(2), end_ns=ns(8), before=20.0, after=10.0)
    steady = response(feedback(lambda t: 20.0), down, y0_s=1, t_max_s=4)
    assert steady.jump == -10.0
    moving = feedback(lambda t: 20 + (0.05 if round(t * 10) % 2 else -0.05))
    assert response(moving, down, y0_s=1, t_max_s=4) is not None


def test_no_response_without_a_jump_or_without_samples_on_both_sides():
    assert response(feedback(lambda t: 20.0), STEP, y0_s=1, t_max_s=4) is None
    two = feedback(lambda t: 10.0)
    assert response(two, STEP, y0_s=0.2, t_max_s=4) is not None
    assert response(two, STEP, y0_s=0.1, t_max_s=4) is None
    assert response(two, STEP, y0_s=1, t_max_s=0.2) is not None
    assert response(two, STEP, y0_s=1, t_max_s=0.1) is None


def test_delay_ends_where_the_level_is_crossed_between_two_samples():
    assert delay(shaped([0, 0, 0.2, 1]), 0.05) == pytest.approx(1.25)
    assert delay(shaped([0.5, 1, 1]), 0.05) == 0.0
    assert delay(shaped([0.0, 0.05, 1]), 0.05) == 1.0
    assert math.isnan(delay(shaped([0, 0, 0]), 0.05))


def test_delay_waits_until_the_feedback_leaves_three_times_its_noise():
    found = shaped([0, 0.1, 0.3, 1.0], noise=0.5, jump=-10.0)
    assert delay(found, 0.05) == pytest.approx(1.25)
    assert delay(found, 0.2) == pytest.approx(1.5)


def test_rise_is_the_time_between_two_levels():
    assert rise(shaped([0, 0.25, 0.5, 0.75, 1.0]), 0.1, 0.9) == pytest.approx(3.2)


def test_overshoot_is_a_percentage_and_never_negative():
    assert overshoot_pct(shaped([0, 1.25, 1])) == 25.0
    assert overshoot_pct(shaped([0, 0.5, 0.9])) == 0.0


def test_a_response_settles_with_the_first_sample_of_its_last_stay():
    assert settle(shaped([0, 0.5, 1.05, 0.95, 1]), 0.05, 2) == 2.0
    assert settle(shaped([0, 1, 0.5, 1.04, 1]), 0.05, 2) == 3.0
    assert settle(shaped([1, 1, 1]), 0.05, 2) == 0.0


def test_a_response_that_stays_too_short_never_settles():
    assert settle(shaped([0, 0, 0, 1, 1]), 0.05, 2) == 3.0
    assert math.isnan(settle(shaped([0, 0, 0, 1, 1]), 0.05, 2.1))
    assert math.isnan(settle(shaped([0, 1, 1, 1, 0]), 0.05, 0))


def test_the_error_that_remains_is_the_last_stretchs_mean():
    assert sse(shaped([0, 9, 1.1, 1.3], jump=-10.0), 2) == pytest.approx(2.0)
    assert sse(shaped([0, 9, 0.9, 0.7]), 2) == pytest.approx(2.0)
    assert math.isnan(sse(shaped([0, 1], end_s=9.0), 2))


SHAPE = StepShape(signal="C.S", min_jump=5, edge_s=1.0, hold_s=2.0, tol=0.5)


def steps(samples, shape=SHAPE, window=(0, 100), **more):
    timeline = Timeline(
        duration_ns=ns(100), signals={"C.S": a_series("C.S", samples, **more)}
    )
    spans = Spans.of([(ns(window[0]), ns(window[1]))])
    return steps_in(timeline, shape, spans)


def at(step):
    return step.t_ns / 1e9, step.end_ns / 1e9, step.before, step.after


HELD = {"hold_s": 3}


def test_a_step_leaves_one_value_and_stays_at_another():
    found = steps([(0, 0), (2, 0), (4, 5), (6, 5), (8, 0)], **HELD)
    assert [at(step) for step in found] == [(4, 8, 0, 5), (8, 11, 5, 0)]


def test_a_step_may_take_an_edge_and_begins_with_it():
    found = steps([(0, 0), (2, 1), (2.5, 3), (3, 5), (5, 5)], **HELD)
    assert [at(step) for step in found] == [(2, 8, 0, 5)]
    slow = steps([(0, 0), (2, 1), (3.1, 5), (5, 5)], **HELD)
    assert slow == ()


def test_a_step_is_as_large_as_it_must_be_or_larger_and_holds_as_long():
    assert len(steps([(0, 0), (2, 5)], **HELD)) == 1
    assert len(steps([(0, 0), (2, 4.9)], **HELD)) == 0
    assert len(steps([(0, 0), (2, 5)], hold_s=2)) == 1
    assert len(steps([(0, 0), (1.5, 5)], hold_s=1.9)) == 0


def test_small_movement_around_the_new_value_does_not_end_the_stay():
    found = steps([(0, 0), (2, 5), (3, 5.5), (4, 4.5), (5, 5.6)], **HELD)
    assert [at(step) for step in found] == [(2, 5, 0, 5)]


def test_a_gap_in_the_command_ends_the_stay():
    found = steps([(0, 0), (2, 5), (9, 5)], **HELD)
    assert [at(step) for step in found] == [(2, 5, 0, 5)]


def test_only_steps_that_begin_in_the_window_count():
    samples = [(0, 0), (2, 5), (5, 0), (8, 5)]
    assert len(steps(samples, **HELD)) == 3
    assert [at(each)[0] for each in steps(samples, window=(3, 8), **HELD)] == [5]


def test_a_command_that_was_silent_has_no_steps():
    assert steps([(50, 0)], window=(0, 10)) == ()


def test_samples_with_a_bad_checksum_count_only_where_the_rubric_says_so():
    from dataclasses import replace

    from examrunner.model.timeline import Quality

    bad = [0, int(Quality.BAD_CRC), 0]
    samples = [(0, 0), (2, 9), (4, 0)]
    assert steps(samples, quality=bad, hold_s=2) == ()
    trusting = replace(SHAPE, require_e2e=False)
    assert len(steps(samples, shape=trusting, quality=bad, hold_s=2)) == 2


def test_targets_that_nobody_filled_in_are_none():
    assert wanted_targets("$variant.targets") == ()
    assert wanted_targets([1, 2]) == (1, 2)
