"""Margins of formulas against their definition, and against another monitor."""

import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.criteria.formulas import Bounds, Named, Operation, parsed
from examrunner.criteria.margins import Margin, margin_of
from examrunner.criteria.monitoring import monitored
from examrunner.criteria.spans import Spans

LENGTH = 9
NS = 1e-9
UNARY = ("always", "eventually", "historically", "once")


def margin(low, high=None):
    """A margin that may change at every nanosecond."""
    low = np.array(low, float)
    high = low if high is None else np.array(high, float)
    return Margin(edges_ns=np.arange(len(low) + 1), low=low, high=high)


def at_every_ns(found):
    rows = np.searchsorted(found.edges_ns, np.arange(LENGTH), "right") - 1
    return found.low[rows], found.high[rows]


def by_definition(formula, claims, t):
    """The margin at t, straight from the definition."""
    if isinstance(formula, Named):
        return claims[formula.name][t]
    parts = formula.parts

    def of(part, at):
        return by_definition(part, claims, at)

    match formula.operator:
        case "not":
            return -of(parts[0], t)
        case "and":
            return min(of(parts[0], t), of(parts[1], t))
        case "or":
            return max(of(parts[0], t), of(parts[1], t))
        case "implies":
            return max(-of(parts[0], t), of(parts[1], t))
    bounds = formula.bounds or Bounds(from_s=0, to_s=LENGTH * NS)
    near, far = round(bounds.from_s / NS), round(bounds.to_s / NS)
    back = formula.operator in {"historically", "once", "since"}
    sign = -1 if back else 1
    looked = [t + sign * k for k in range(near, far + 1) if 0 <= t + sign * k < LENGTH]
    match formula.operator:
        case "always" | "historically":
            return min((of(parts[0], u) for u in looked), default=np.inf)
        case "eventually" | "once":
            return max((of(parts[0], u) for u in looked), default=-np.inf)
    found = -np.inf
    for u in looked:
        between = range(u + 1, t + 1) if back else range(t, u)
        held = min((of(parts[0], v) for v in between), default=np.inf)
        found = max(found, min(of(parts[1], u), held))
    return found


@st.composite
def bounds(draw):
    if draw(st.booleans()):
        return None
    near = draw(st.integers(0, LENGTH))
    return Bounds(from_s=near * NS, to_s=(near + draw(st.integers(0, LENGTH))) * NS)


formulas = st.recursive(
    st.sampled_from([Named(name="a"), Named(name="b")]),
    lambda inner: st.one_of(
        st.builds(
            lambda op, part, limits: Operation(
                operator=op, parts=(part,), bounds=limits
            ),
            st.sampled_from(UNARY),
            inner,
            bounds(),
        ),
        st.builds(lambda part: Operation(operator="not", parts=(part,)), inner),
        st.builds(
            lambda op, one, two: Operation(operator=op, parts=(one, two)),
            st.sampled_from(["and", "or", "implies"]),
            inner,
            inner,
        ),
        st.builds(
            lambda op, one, two, limits: Operation(
                operator=op, parts=(one, two), bounds=limits
            ),
            st.sampled_from(["until", "since"]),
            inner,
            inner,
            bounds(),
        ),
    ),
    max_leaves=5,
)
columns = st.lists(st.integers(-4, 4).map(float), min_size=LENGTH, max_size=LENGTH)


@settings(max_examples=400)
@given(formulas, columns, columns)
def test_every_operator_is_what_its_definition_says(formula, a, b):
    low, high = at_every_ns(monitored(formula, {"a": margin(a), "b": margin(b)}))
    wanted = [by_definition(formula, {"a": a, "b": b}, t) for t in range(LENGTH)]
    assert low.tolist() == wanted
    assert high.tolist() == wanted


@settings(max_examples=200)
@given(formulas, columns, columns, st.integers(0, 2**LENGTH - 1), columns)
def test_whatever_was_lost_the_margin_lies_between_its_ends(formula, a, b, mask, guess):
    """Any value that the lost time may have had gives a margin within the interval."""
    lost = np.array([bool(mask >> t & 1) for t in range(LENGTH)])
    known = margin(np.where(lost, -np.inf, a), np.where(lost, np.inf, a))
    low, high = at_every_ns(monitored(formula, {"a": known, "b": margin(b)}))
    truth = {"a": np.where(lost, guess, a).tolist(), "b": b}
    for t in range(LENGTH):
        assert low[t] <= by_definition(formula, truth, t) <= high[t]


@given(formulas, columns, columns)
def test_samples_that_say_nothing_new_change_nothing(formula, a, b):
    """A value that is sent again while it holds is no news."""
    dense = margin_of(0, LENGTH, np.arange(LENGTH), np.arange(LENGTH) + 1, np.array(a))
    assert at_every_ns(dense)[0].tolist() == a
    for first, second in pairwise(dense.low.tolist()):
        assert first != second
    one = monitored(formula, {"a": dense, "b": margin(b)})
    other = monitored(formula, {"a": margin(a), "b": margin(b)})
    assert at_every_ns(one)[0].tolist() == at_every_ns(other)[0].tolist()


def test_cut_out_time_does_not_exist():
    spans = Spans.of([(0, 3), (5, 9)])
    found = margin([0, 1, 2, 3, 4, 5, 6, 7, 8]).cut(spans)
    assert found.edges_ns.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert found.low.tolist() == [0, 1, 2, 5, 6, 7, 8]


FOR_RTAMT = [
    ("always a", "always(a >= 0)"),
    ("always[0, 3] a", "always[0,3](a >= 0)"),
    ("eventually[1, 4] b", "eventually[1,4](b >= 0)"),
    ("always[0, 4] eventually[0, 3] a", "always[0,4](eventually[0,3](a >= 0))"),
    ("a until[0, 4] b", "(a >= 0) until[0,4] (b >= 0)"),
    ("a until[2, 4] b", "(a >= 0) until[2,4] (b >= 0)"),
    ("not a implies eventually b", "(not(a >= 0)) implies (eventually(b >= 0))"),
    ("always[0, 4] once[0, 2] a", "always[0,4](once[0,2](a >= 0))"),
    (
        "eventually[3, 5] historically[0, 2] b",
        "eventually[3,5](historically[0,2](b >= 0))",
    ),
    (
        "eventually[4, 5] (a since[0, 3] b)",
        "eventually[4,5]((a >= 0) since[0,3] (b >= 0))",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def rtamt():
    with warnings.catch_warnings():
        # Its parser runtime imports a part of typing that Python 3.12 dropped.
        warnings.simplefilter("ignore")
        return pytest.importorskip("rtamt")


@pytest.mark.parametrize(
    ("ours", "theirs"), FOR_RTAMT, ids=[one[0] for one in FOR_RTAMT]
)
def test_another_monitor_finds_the_same_margins(rtamt, ours, theirs):
    """On whole seconds its discrete time and our continuous one are the same."""
    generator = np.random.default_rng(20260901)
    for _ in range(20):
        a, b = generator.integers(-9, 10, (2, 12)).astype(float)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            monitor = rtamt.StlDiscreteTimeSpecification()
            for name in ("a", "b"):
                monitor.declare_var(name, "float")
            monitor.spec = theirs
            monitor.parse()
            told = monitor.evaluate(
                {"time": list(range(12)), "a": a.tolist(), "b": b.tolist()}
            )
        seconds = np.arange(13) * 10**9
        claims = {
            "a": Margin(edges_ns=seconds, low=a, high=a),
            "b": Margin(edges_ns=seconds, low=b, high=b),
        }
        assert monitored(parsed(ours), claims).low[0] == told[0][1]
