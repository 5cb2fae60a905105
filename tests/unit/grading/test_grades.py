"""Results under a scheme."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.grading import grade
from examrunner.model.grade import Component, Course, Level, Result, Scheme
from examrunner.model.score import Points, Verdict
from examrunner.model.text import Text

WORDS = Text(zh="字", en="word")
SCHEME = Scheme(
    id="x",
    revision=1,
    digest="d",
    title=WORDS,
    course=Course(
        id="ICV-301",
        title=WORDS,
        scale=((Decimal(0), Decimal(0)), (Decimal(100), Decimal(100))),
        failed_at_most=Decimal(59),
    ),
    levels=(
        Level(
            id="advanced", title=Text(zh="高级", en="Advanced"), from_points=Decimal(85)
        ),
        Level(id="junior", title=Text(zh="初级", en="Junior"), from_points=Decimal(60)),
    ),
    components=tuple(
        Component(task=task, weight=Decimal(weight), minimum=Decimal(40))
        for task, weight in (("C01", 35), ("C06", 30), ("F13", 35))
    ),
)


def a_result(task, low, high=None, verdict=None, candidate="K7"):
    high = low if high is None else high
    settled = Verdict.PASS if Decimal(low) >= 60 else Verdict.FAIL
    decided = settled if high == low else Verdict.UNDECIDED
    return Result(
        candidate=candidate,
        task=task,
        attempt_id=f"{task}-{low}",
        points=Points(low=Decimal(low), high=Decimal(high), max=Decimal(100)),
        verdict=verdict or decided,
    )


def results(c01, c06, f13):
    return [a_result("C01", c01), a_result("C06", c06), a_result("F13", f13)]


def test_the_weighted_mean_is_rounded_half_up_to_a_tenth():
    # 0.35 * 90.1 + 0.30 * 70 + 0.35 * 80.2 = 80.605; 0.35 * 0.1 more = 80.64
    assert grade("K7", results("90.1", "70", "80.2"), SCHEME).points == Decimal("80.6")
    tie = replace(SCHEME, components=SCHEME.components[:2])
    tie = replace(
        tie, components=tuple(replace(c, weight=Decimal(1)) for c in tie.components)
    )
    halves = [a_result("C01", "70.1"), a_result("C06", "70.2")]
    assert grade("K7", halves, tie).points == Decimal("70.2")


def test_the_highest_level_whose_cut_is_reached_is_given():
    assert grade("K7", results("85", "85", "85"), SCHEME).level == "advanced"
    assert grade("K7", results("84.9", "84.9", "84.9"), SCHEME).level == "junior"
    low = grade("K7", results("59", "59", "59"), SCHEME)
    assert (low.level, low.passed) == ("", False)


def test_one_component_below_its_minimum_fails_a_high_mean():
    earned = grade("K7", results("39.9", "100", "100"), SCHEME)

    assert earned.passed is False
    assert earned.points == Decimal("79.0")
    assert earned.course_grade == Decimal(59)
    assert earned.reasons[0].en == (
        "C01: 39.9 points are below the minimum of 40, which fails the certificate."
    )
    assert "C01" in earned.reasons[-1].zh


def test_a_component_exactly_at_its_minimum_does_not_fail():
    assert grade("K7", results("40", "80", "80"), SCHEME).passed is True


def test_a_confirmed_veto_fails_the_certificate():
    vetoed = [
        *results("95", "0", "95")[::2],
        a_result("C06", "0", verdict=Verdict.VETO),
    ]
    earned = grade("K7", vetoed, SCHEME)

    assert earned.passed is False
    assert "veto" in earned.reasons[1].en


def test_a_veto_is_named_even_where_the_minimum_is_zero():
    free = replace(
        SCHEME,
        components=tuple(replace(c, minimum=Decimal(0)) for c in SCHEME.components),
    )
    vetoed = [
        *results("95", "0", "95")[::2],
        a_result("C06", "0", verdict=Verdict.VETO),
    ]

    assert grade("K7", vetoed, free).passed is False


def test_a_missing_component_keeps_the_grade_open():
    earned = grade("K7", results("90", "90", "90")[:2], SCHEME)

    assert earned.points is None
    assert earned.course_grade is None
    assert earned.passed is None
    assert earned.level == ""
    assert earned.reasons[2].en == "F13: no confirmed result yet."


def test_an_undecided_component_keeps_the_grade_open():
    open_results = [*results("90", "90", "90")[:2], a_result("F13", "55", "62")]

    assert grade("K7", open_results, SCHEME).passed is None


def test_results_of_other_candidates_and_tasks_change_nothing():
    own = results("90", "80", "70")
    others = [a_result("C01", "10", candidate="Z9"), a_result("F11", "5")]

    assert grade("K7", own + others, SCHEME) == grade("K7", own, SCHEME)


@pytest.mark.parametrize(
    ("rule", "points"), [("best", "90.0"), ("latest", "70.0"), ("first", "50.0")]
)
def test_the_scheme_says_which_attempt_counts(rule, points):
    one = replace(SCHEME, components=SCHEME.components[:1], attempts=rule)
    tried = [a_result("C01", p) for p in ("50", "90", "70")]

    assert grade("K7", tried, one).points == Decimal(points)


def test_an_undecided_attempt_holds_the_grade_only_while_it_could_be_the_best():
    one = replace(SCHEME, components=SCHEME.components[:1])
    hopeless = [a_result("C01", "80"), a_result("C01", "50", "70")]
    hopeful = [a_result("C01", "80"), a_result("C01", "50", "81")]

    assert grade("K7", hopeless, one).points == Decimal("80.0")
    assert grade("K7", hopeful, one).points is None


def test_a_repeated_attempt_heals_a_veto_where_the_best_counts():
    again = [a_result("C06", "0", verdict=Verdict.VETO), *results("80", "80", "80")]

    assert grade("K7", again, SCHEME).passed is True


def test_points_of_another_maximum_are_brought_to_a_hundred():
    one = replace(SCHEME, components=SCHEME.components[:1])
    half = replace(
        a_result("C01", "0"),
        points=Points(low=Decimal(30), high=Decimal(30), max=Decimal(40)),
    )

    assert grade("K7", [half], one).points == Decimal("75.0")


def test_the_course_grade_follows_the_scale_between_its_pairs():
    course = replace(
        SCHEME.course,
        scale=tuple(
            (Decimal(p), Decimal(g)) for p, g in ((0, 0), (60, 70), (100, 100))
        ),
    )
    scheme = replace(SCHEME, course=course)

    assert grade("K7", results("80", "80", "80"), scheme).course_grade == Decimal(85)
    assert grade("K7", results("60", "60", "60"), scheme).course_grade == Decimal(70)


tenths = st.integers(0, 1000).map(lambda n: Decimal(n) / 10)


@given(points=st.tuples(tenths, tenths, tenths))
def test_the_mean_lies_between_the_worst_and_the_best_component(points):
    earned = grade("K7", results(*points), SCHEME).points
    assert min(points) <= earned <= max(points)


@given(points=st.tuples(tenths, tenths, tenths), which=st.integers(0, 2), more=tenths)
def test_more_points_in_one_component_never_lower_anything(points, which, more):
    better = list(points)
    better[which] = min(better[which] + more, Decimal(100))
    before = grade("K7", results(*points), SCHEME)
    after = grade("K7", results(*better), SCHEME)

    assert after.points >= before.points
    assert after.passed >= before.passed
    assert after.course_grade >= before.course_grade


@given(points=st.tuples(tenths, tenths, tenths), order=st.permutations(range(3)))
def test_the_order_of_results_of_different_tasks_does_not_matter(points, order):
    listed = results(*points)
    assert grade("K7", [listed[i] for i in order], SCHEME) == grade(
        "K7", listed, SCHEME
    )


@given(points=st.tuples(tenths, tenths, tenths), missing=st.sets(st.integers(0, 2)))
def test_a_grade_is_open_exactly_while_a_component_is_missing(points, missing):
    given_in = [r for i, r in enumerate(results(*points)) if i not in missing]
    earned = grade("K7", given_in, SCHEME)

    assert (earned.passed is None) == bool(missing)
    assert (earned.points is None) == bool(missing)
    assert len(earned.reasons) == len(SCHEME.components) + 1
    assert all(reason.zh and reason.en for reason in earned.reasons)
