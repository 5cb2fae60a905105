import pytest

from examrunner.criteria.formulas import (
    Bounds,
    FormulaError,
    Named,
    Operation,
    names_in,
    parsed,
)

A, B, C = Named(name="a"), Named(name="b"), Named(name="c")


def op(operator, *parts, bounds=None):
    return Operation(operator=operator, parts=parts, bounds=bounds)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("a", A),
        ("not a and b or c", op("or", op("and", op("not", A), B), C)),
        ("a implies b implies c", op("implies", A, op("implies", B, C))),
        ("always a implies b", op("implies", op("always", A), B)),
        ("always (a implies b)", op("always", op("implies", A, B))),
        (
            "always[0, 2.5] eventually[1,3] a",
            op(
                "always",
                op("eventually", A, bounds=Bounds(from_s=1, to_s=3)),
                bounds=Bounds(from_s=0, to_s=2.5),
            ),
        ),
        (
            "a until[0, 5] b and c",
            op("and", op("until", A, B, bounds=Bounds(from_s=0, to_s=5)), C),
        ),
        ("not a since b", op("since", op("not", A), B)),
        ("historically once a", op("historically", op("once", A))),
    ],
)
def test_a_formula_is_read_by_its_grammar(text, formula):
    assert parsed(text) == formula


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "ends too early"),
        ("a and", "ends too early"),
        ("a b", "does not expect 'b' at character 3"),
        ("always[2, 1] a", "the stretch at character 8 ends before it begins"),
        ("always[a, 1] b", "does not expect 'a' at character 8"),
        ("(a", "ends too early"),
        ("a > 3", "cannot read '>' at character 3"),
        ("until a", "does not expect 'until' at character 1"),
        ("(" * 40 + "a" + ")" * 40, "nests more than 30 formulas"),
        ("not " * 40 + "a", "nests more than 30 formulas"),
        ("a" * 500, "has 500 characters, at most 400 are allowed"),
    ],
)
def test_what_is_no_formula_is_told_at_its_character(text, problem):
    with pytest.raises(FormulaError) as told:
        parsed(text)
    assert str(told.value) == problem


def test_claims_are_named_once_in_order():
    assert names_in(parsed("b implies (a until b)")) == ("b", "a")
