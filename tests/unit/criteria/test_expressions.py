import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.expressions import (
    ExpressionError,
    evaluated,
    parse,
    signals_in,
)

COLUMNS = {
    "A.x": np.array([1.0, -2.0]),
    "HS1:B.y_2": np.array([4.0, 5.0]),
    "fib.r_hl": np.array([60.0, 0.0]),
}


def value(text):
    return evaluated(parse(text), COLUMNS, 2)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A.x", [1, -2]),
        ("A.x - 2 * HS1:B.y_2", [-7, -12]),
        ("A.x-2*HS1:B.y_2", [-7, -12]),
        ("(A.x - 2) * HS1:B.y_2", [-4, -20]),
        ("8 - 3 - 2", [3, 3]),
        ("8 / 4 / 2", [1, 1]),
        ("abs(A.x)", [1, 2]),
        ("-A.x", [-1, 2]),
        ("--A.x", [1, -2]),
        ("2 * -A.x", [-2, 4]),
        ("min(A.x, HS1:B.y_2, 0)", [0, -2]),
        ("max(A.x, abs(A.x) - .5)", [1, 1.5]),
        ("1e-3 * fib.r_hl", [0.06, 0]),
        ("((A.x))", [1, -2]),
    ],
)
def test_expressions_mean_what_arithmetic_says(text, values):
    assert value(text) == pytest.approx(values)


def test_a_division_by_zero_has_no_finite_value():
    assert list(np.isfinite(value("A.x / fib.r_hl"))) == [True, False]


def test_signals_are_named_once_in_the_order_of_the_text():
    assert signals_in(parse("B.y + A.x * max(B.y, fib.r_hl) - 3")) == (
        "B.y", "A.x", "fib.r_hl",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ends too early"),
        ("A.x +", "ends too early"),
        ("A.x A.y", "does not expect 'A.y' at character 5"),
        ("(A.x", "ends too early"),
        ("(A.x, A.y)", "does not expect ','"),
        ("A.x ** 2", "does not expect '*'"),
        ("A.x; 2", "cannot read ';'"),
        ("__import__(1)", "'__import__' at character 1 is neither"),
        ("exp(A.x)", "'exp' at character 1 is neither"),
        ("speed", "'speed' at character 1 is neither"),
        ("abs(A.x, A.y)", "'abs' at character 1 has 2 values"),
        ("min(A.x)", "'min' at character 1 has 1 values"),
        ("12abc", "cannot read '1'"),
        ("(" * 60 + "1" + ")" * 60, "nested"),
        ("1+" * 300 + "1", "characters"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text, words):
    with pytest.raises(ExpressionError, match=re.escape(words)):
        parse(text)


def test_the_longest_expression_that_is_allowed_can_be_worked_out():
    assert value("1" + "+1" * 199) == pytest.approx([200, 200])
    assert value("-" * 396 + "A.x") == pytest.approx([1, -2])


numbers = st.integers(1, 99).map(str)
texts = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        inner.map(lambda part: f"abs({part})"),
        st.tuples(inner, inner).map(lambda pair: f"min({pair[0]}, {pair[1]})"),
    ),
    max_leaves=8,
)


@given(texts.filter(lambda text: len(text) <= 400))
def test_arithmetic_agrees_with_that_of_python(text):
    names = {"abs": abs, "min": min, "__builtins__": {}}
    assert value(text)[0] == pytest.approx(eval(text, names))


@given(st.text(alphabet="A.x1+-*/(),abs min", max_size=40))
def test_any_text_is_an_expression_or_is_refused(text):
    try:
        found = parse(text)
    except ExpressionError:
        return
    assert all(name in text for name in signals_in(found))
