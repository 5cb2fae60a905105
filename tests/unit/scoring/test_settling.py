from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.examiner_mark import ExaminerMark
from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.verdicts import graded, left_open
from examrunner.model.decision import Decision
from examrunner.model.judgement import Outcome, Sentence
from examrunner.model.rubric import (
    Cuts,
    Deduction,
    Gate,
    Group,
    Line,
    Rubric,
    Veto,
)
from examrunner.model.score import Digests, Verdict
from examrunner.model.text import Text
from examrunner.scoring import settle
from examrunner.scoring.score_json import score_json

WORDS = Text(zh="题", en="task")
REASON = Sentence(key="missing", values={"what": "x"})
DIGESTS = Digests(recording="r", rubric="q", case="c")
NEVER = Forbidden()
MARK = ExaminerMark(text=WORDS, levels=(WORDS,) * 4)


def a_line(id_, points, criterion=NEVER, **more):
    return Line(
        id=id_,
        kind="k",
        points=Decimal(points),
        title=WORDS,
        criterion=criterion,
        digest="",
        **more,
    )


def a_rubric(*groups, **more):
    built = tuple(
        Group(
            id=id_,
            title=WORDS,
            points=sum((line.points for line in lines), Decimal(0)),
            lines=tuple(lines),
        )
        for id_, lines in groups
    )
    return Rubric(
        id="T01",
        revision=1,
        digest="",
        title=WORDS,
        rig="r",
        limit_s=1,
        post_s=0,
        form=(),
        variants={},
        groups=built,
        cuts=Cuts(passing=Decimal(60), fail_cap=Decimal(59)),
        **more,
    )


def share(fraction, **more):
    if fraction is None:
        return left_open(Outcome.NOT_MEASURED, REASON)
    return graded(fraction, REASON, **more)


def score(rubric, judgements, *decisions):
    found = {
        id_: each if hasattr(each, "outcome") else share(each)
        for id_, each in judgements.items()
    }
    return settle(rubric, found, decisions, digests=DIGESTS, software={})


def says(criterion, **what):
    return Decision(
        criterion=criterion, by=what.pop("by", "e"), at="", reason="r", **what
    )


def ends(result):
    return float(result.points.low), float(result.points.high), result.verdict


TWO = a_rubric(("A", [a_line("A1", 40), a_line("A2", 60)]))


def test_points_are_the_sum_of_the_shares():
    assert ends(score(TWO, {"A1": 0.5, "A2": 1})) == (80, 80, Verdict.PASS)


def test_what_is_open_makes_an_interval_and_both_ends_may_still_agree():
    assert ends(score(TWO, {"A1": None, "A2": 1})) == (60, 100, Verdict.PASS)
    assert ends(score(TWO, {"A1": 1, "A2": None})) == (40, 100, Verdict.UNDECIDED)


def test_the_printed_number_and_the_verdict_agree():
    rubric = a_rubric(("A", [a_line("A1", 100)]))
    assert ends(score(rubric, {"A1": 0.5995})) == (60.0, 60.0, Verdict.PASS)
    assert ends(score(rubric, {"A1": 0.59949})) == (59.9, 59.9, Verdict.FAIL)


def test_half_a_tenth_is_rounded_up():
    rubric = a_rubric(("A", [a_line("A1", 100)]))
    assert score(rubric, {"A1": 0.72345}).points.low == Decimal("72.3")
    assert score(rubric, {"A1": 0.7235}).points.low == Decimal("72.4")


def test_what_does_not_apply_is_spread_over_its_group():
    judgements = {"A1": left_open(Outcome.NOT_APPLICABLE, REASON), "A2": share(0.5)}
    assert ends(score(TWO, judgements)) == (50, 50, Verdict.FAIL)


def test_a_broken_critical_limit_caps_the_points_below_the_pass_mark():
    rubric = a_rubric(("A", [a_line("A1", 10, critical=True), a_line("A2", 90)]))
    broken = {"A1": share(0.0, critical=True), "A2": 1}
    assert ends(score(rubric, broken)) == (59, 59, Verdict.FAIL)


def test_an_open_critical_criterion_may_still_fail_the_task():
    rubric = a_rubric(("A", [a_line("A1", 10, critical=True), a_line("A2", 90)]))
    assert ends(score(rubric, {"A1": None, "A2": 1})) == (59, 100, Verdict.UNDECIDED)


def test_a_critical_criterion_that_does_not_apply_leaves_nothing_open():
    rubric = a_rubric(("A", [a_line("A1", 10, critical=True), a_line("A2", 90)]))
    judgements = {"A1": left_open(Outcome.NOT_APPLICABLE, REASON), "A2": share(1)}
    assert ends(score(rubric, judgements)) == (100, 100, Verdict.PASS)


GATED = a_rubric(
    (
        "A",
        [
            a_line("A1", 40),
            a_line(
                "A2",
                60,
                gate=Gate(criterion="A1", min_fraction=0.5, else_factor=0.5),
            ),
        ],
    )
)


def test_an_answer_without_its_evidence_is_worth_less():
    assert ends(score(GATED, {"A1": 0.4, "A2": 1}))[:2] == (46, 46)
    assert ends(score(GATED, {"A1": 0.5, "A2": 1}))[:2] == (80, 80)
    assert ends(score(GATED, {"A1": None, "A2": 1}))[:2] == (30, 100)


def test_an_examiner_may_override_and_the_machines_word_stays_beside_it():
    result = score(TWO, {"A1": 0.0, "A2": 1}, says("A1", fraction=0.5))
    assert ends(result)[:2] == (80, 80)
    first = result.criteria[0]
    assert (first.fraction, first.machine.fraction) == (0.5, 0.0)
    assert first.outcome is Outcome.PARTLY_MET


def test_an_override_takes_a_critical_limit_back():
    rubric = a_rubric(("A", [a_line("A1", 10, critical=True), a_line("A2", 90)]))
    broken = {"A1": share(0.0, critical=True), "A2": 1}
    assert ends(score(rubric, broken, says("A1", fraction=1.0)))[0] == 100


def test_levels_become_points_by_the_scale():
    rubric = a_rubric(("A", [a_line("A1", 40, MARK), a_line("A2", 60)]))
    pending = {"A1": left_open(Outcome.NEEDS_REVIEW, REASON), "A2": share(1)}
    assert ends(score(rubric, pending, says("A1", level=1)))[:2] == (76, 76)
    again = (says("A1", level=1), says("A1", level=3))
    assert ends(score(rubric, pending, *again))[:2] == (100, 100)


VETOED = a_rubric(
    ("A", [a_line("A1", 100)]),
    vetoes=(Veto(code="V1", title=WORDS, criterion=NEVER, digest=""),),
)


def test_a_veto_is_held_until_an_examiner_decides():
    seen = {"A1": 1, "V1": 0}
    assert ends(score(VETOED, seen)) == (0, 100, Verdict.UNDECIDED)
    assert ends(score(VETOED, seen, says("V1", confirm=True))) == (0, 0, Verdict.VETO)
    rejected = score(VETOED, seen, says("V1", confirm=False))
    assert ends(rejected) == (100, 100, Verdict.PASS)
    assert rejected.criteria[-1].outcome is Outcome.MET
    appealed = score(VETOED, seen, says("V1", confirm=True), says("V1", confirm=False))
    assert ends(appealed)[2] is Verdict.PASS


def test_a_veto_that_nobody_saw_leaves_no_line_and_one_unchecked_a_flag():
    assert len(score(VETOED, {"A1": 1, "V1": 1}).criteria) == 1
    unchecked = score(VETOED, {"A1": 1, "V1": None})
    assert ends(unchecked) == (100, 100, Verdict.PASS)
    assert [flag.kind for flag in unchecked.flags] == ["unchecked"]


def deducting(count, **more):
    rubric = a_rubric(
        ("A", [a_line("A1", 12)]),
        ("B", [a_line("B1", 88)]),
        deductions=(
            Deduction(
                id="P1",
                title=WORDS,
                criterion=NEVER,
                digest="",
                group="A",
                points=Decimal(5),
                cap=Decimal(15),
                **more,
            ),
        ),
    )
    taken = graded(float(not count), REASON, details={"count": float(count)})
    return rubric, {"A1": share(1), "B1": share(1), "P1": taken}


@pytest.mark.parametrize(("count", "points"), [(0, 100), (1, 95), (2, 90), (9, 88)])
def test_deductions_are_capped_and_never_take_more_than_their_group(count, points):
    assert ends(score(*deducting(count)))[0] == points


def test_a_deduction_may_become_a_veto():
    assert ends(score(*deducting(1, then_veto_at=2)))[2] is Verdict.PASS
    assert ends(score(*deducting(2, then_veto_at=2)))[2] is Verdict.UNDECIDED
    confirmed = score(*deducting(2, then_veto_at=2), says("P1.veto", confirm=True))
    assert ends(confirmed)[2] is Verdict.VETO


def test_a_group_below_its_minimum_fails_the_task():
    rubric = a_rubric(
        ("A", [a_line("A1", 10)]),
        ("B", [a_line("B1", 90)]),
        group_minima={"A": 0.6},
    )
    assert ends(score(rubric, {"A1": 0.5, "B1": 1})) == (95, 95, Verdict.FAIL)
    assert ends(score(rubric, {"A1": 0.6, "B1": 1})) == (96, 96, Verdict.PASS)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.integers(0, 3))
def test_a_better_share_never_lowers_the_score(shares, better):
    lines = [a_line(f"A{n}", 25) for n in range(4)]
    rubric = a_rubric(("A", lines))
    before = score(rubric, {f"A{n}": f for n, f in enumerate(shares)})
    shares[better] = 1.0
    after = score(rubric, {f"A{n}": f for n, f in enumerate(shares)})
    assert after.points.low >= before.points.low


def test_settling_twice_gives_the_same_bytes():
    judgements = {"A1": 0.123456, "A2": None}
    assert score_json(score(TWO, judgements)) == score_json(score(TWO, judgements))


def test_the_json_has_the_shape_that_scripts_read():
    document = score_json(score(TWO, {"A1": 0.5, "A2": None}), "zh")
    assert document["points"] == {"low": "20", "high": "80", "max": "100"}
    assert document["verdict"] == "undecided"
    first = document["criteria"][0]
    keys = {"id", "kind", "outcome", "points", "fraction", "measured"}
    assert keys | {"rule", "reason", "evidence"} <= set(first)
    assert first["points"] == {"low": "20", "high": "20", "max": "40"}
    assert first["words"]["reason"]["en"].startswith("The recording")
    assert "记录" in first["reason"]
