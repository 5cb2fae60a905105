from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.holding import held
from examrunner.criteria.predicates import Predicate, evaluate
from examrunner.model.errors import MissingError
from examrunner.model.timeline import Quality, Timeline
from examrunner.testing.timelines import a_series, ns


def spans(found):
    return [
        (a / 1e9, b / 1e9)
        for a, b in zip(found.start_ns.tolist(), found.end_ns.tolist(), strict=True)
    ]


def each(samples):
    """The time of every sample by itself."""
    one = np.eye(len(samples), dtype=bool)
    return [span for mask in one for span in spans(samples.where(mask))]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2)), max_size=12),
    st.lists(st.sampled_from([0, 0, 1, 2, 4]), min_size=12, max_size=12),
    st.integers(-5, 30),
    st.integers(1, 30),
    st.integers(1, 9),
)
def test_holding_agrees_with_asking_at_every_moment(samples, bits, start, length, hold):
    samples = sorted(samples, key=lambda pair: pair[0])
    series = replace(
        a_series("M.S", samples, quality=bits[: len(samples)], hold_s=hold * 1e-9),
        t_ns=np.array([t for t, _ in samples], np.int64),
    )
    found = held(series, start, start + length)
    mask = series.values[found.rows] == 1
    known, ones = set(), set()
    for moment in range(start, start + length):
        before = [n for n, (t, _) in enumerate(samples) if t <= moment and bits[n] != 4]
        last = before[-1] if before else None
        if last is None or bits[last] or moment >= samples[last][0] + hold:
            continue
        known.add(moment)
        if samples[last][1] == 1:
            ones.add(moment)

    def moments(all_spans):
        pairs = zip(all_spans.start_ns, all_spans.end_ns, strict=True)
        return {t for a, b in pairs for t in range(a, b)}

    assert moments(found.known()) == known
    assert moments(found.where(mask)) == ones


def test_a_value_holds_until_the_next_sample_but_not_longer_than_its_hold_time():
    series = a_series("M.S", [(0, 1), (0.05, 2), (1, 3)], hold_s=0.1)
    found = held(series, 0, ns(2))
    assert each(found) == [(0, 0.05), (0.05, 0.15), (1, 1.1)]


def test_a_value_from_before_the_window_applies_at_its_opening():
    series = a_series("M.S", [(0.95, 1)], hold_s=0.1)
    assert each(held(series, ns(1), ns(2))) == [(1, 1.05)]
    assert each(held(series, ns(1.05), ns(2))) == []


def test_a_frame_with_a_bad_checksum_is_as_if_it_had_not_come():
    bad = [0, Quality.BAD_CRC, 0]
    series = a_series("M.S", [(0, 1), (0.05, 9), (0.1, 2)], hold_s=1, quality=bad)
    assert each(held(series, 0, ns(0.2))) == [(0, 0.1), (0.1, 0.2)]
    assert len(held(series, 0, ns(0.2), require_e2e=False).rows) == 3


def test_a_sender_that_says_not_available_ends_the_value():
    bits = [0, Quality.NOT_AVAILABLE, 0]
    series = a_series("M.S", [(0, 1), (0.05, 9), (0.1, 2)], hold_s=1, quality=bits)
    assert each(held(series, 0, ns(0.2))) == [(0, 0.05), (0.1, 0.2)]


def test_without_any_hold_time_nothing_is_assumed():
    series = a_series("M.S", [(0, 1)], hold_s=None)
    with pytest.raises(MissingError):
        held(series, 0, ns(1))


def timeline():
    text = {0: "OFF", 1: "ON"}
    return Timeline(
        duration_ns=ns(4),
        signals={
            "M.A": a_series("M.A", [(0, 0), (1, 1), (2, 0)], hold_s=1, choices=text),
            "M.B": a_series("M.B", [(0, 5), (1.5, 7)], hold_s=4),
        },
    )


def test_predicates_know_true_false_and_unknown():
    on = Predicate(signal="M.A", equals="ON")
    truth = evaluate(timeline(), on, 0, ns(4))
    assert spans(truth.true) == [(1, 2)]
    assert spans(truth.known) == [(0, 3)]
    negated = evaluate(timeline(), Predicate(not_=on), 0, ns(4))
    assert spans(negated.true) == [(0, 1), (2, 3)]
    assert spans(negated.known) == [(0, 3)]


def test_a_part_that_is_false_decides_all_and_one_that_is_true_decides_any():
    on = Predicate(signal="M.A", equals="ON")
    large = Predicate(signal="M.B", min=6)
    both = evaluate(timeline(), Predicate(all=(on, large)), 0, ns(4))
    assert spans(both.true) == [(1.5, 2)]
    assert spans(both.known) == [(0, 3)]
    either = evaluate(timeline(), Predicate(any=(on, large)), 0, ns(4))
    assert spans(either.true) == [(1, 4)]
    assert np.array_equal(either.known.start_ns, [0])


def test_a_text_that_the_signal_does_not_have_is_missing_not_false():
    with pytest.raises(MissingError):
        evaluate(timeline(), Predicate(signal="M.A", equals="MAYBE"), 0, ns(4))
