import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.exam_time import exam_ns, recording_ns, running
from examrunner.criteria.spans import Spans
from examrunner.model.hearing import ExamClock


def sets(spans):
    return {
        t
        for a, b in zip(spans.start_ns.tolist(), spans.end_ns.tolist(), strict=True)
        for t in range(a, b)
    }


@st.composite
def some_spans(draw):
    edges = draw(st.lists(st.integers(0, 60), unique=True, max_size=12))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    return Spans.of(list(zip(edges[::2], edges[1::2], strict=True)))


@given(some_spans(), some_spans())
def test_spans_combine_as_sets_do(one, other):
    assert sets(one & other) == sets(one) & sets(other)
    assert sets(one | other) == sets(one) | sets(other)
    assert sets(one - other) == sets(one) - sets(other)


@given(some_spans(), st.integers(-5, 70), st.integers(0, 40))
def test_overlap_counts_the_moments_inside(spans, start, length):
    overlap = spans.overlap_ns(np.array([start]), np.array([start + length]))[0]
    assert overlap == len(sets(spans) & set(range(start, start + length)))


@given(some_spans(), st.integers(-5, 70))
def test_a_span_holds_its_start_and_not_its_end(spans, t):
    assert bool(spans.holds(np.array([t]))[0]) == (t in sets(spans))


def test_exam_time_stands_still_in_a_pause_and_is_found_again_after_it():
    clock = ExamClock(start_ns=100, stop_ns=1000, pauses_ns=((200, 300),))

    assert running(clock).total_ns == 800
    assert exam_ns(clock, 150) == 50
    assert exam_ns(clock, 250) == exam_ns(clock, 300) == 100
    assert recording_ns(clock, 100) == 300
    assert recording_ns(clock, 50) == 150
    assert recording_ns(clock, 900) == 1100
