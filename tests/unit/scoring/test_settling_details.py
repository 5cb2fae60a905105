"""Every field of a score, for the cases that a result sheet shows rarely."""

from dataclasses import replace
from decimal import Decimal

import pytest

from examrunner.criteria.examiner_check import ExaminerCheck
from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.verdicts import graded, left_open
from examrunner.model.decision import Decision
from examrunner.model.judgement import Evidence, Measured, Outcome, Sentence
from examrunner.model.rubric import Cuts, Deduction, Gate, Group, Line, Rubric, Veto
from examrunner.model.score import CriterionScore, Digests, Flag, Points, Score, Verdict
from examrunner.model.text import Text
from examrunner.scoring import settle
from examrunner.scoring.intervals import INNER, PRINTED, Interval, half_up
from examrunner.scoring.score_json import points_json, score_json

WORDS = Text(zh="题", en="task")
REASON = Sentence(key="missing", values={"what": "M.S"})
SEEN = Evidence(stream="M.S", from_s=1.0, to_s=2.5)
DIGESTS = Digests(recording="r", rubric="q", case="c", databases={"CH1": "d"})
NEVER = Forbidden()
NOT_APPLICABLE = left_open(Outcome.NOT_APPLICABLE, REASON)


def a_line(id_, points, **more):
    return Line(
        id=id_,
        kind=f"kind of {id_}",
        points=Decimal(points),
        title=WORDS,
        criterion=more.pop("criterion", NEVER),
        digest="",
        **more,
    )


def a_group(id_, *lines):
    points = sum((line.points for line in lines), Decimal(0))
    return Group(id=id_, title=WORDS, points=points, lines=lines)


def a_rubric(*groups, **more):
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
        groups=groups,
        cuts=Cuts(passing=Decimal(60), fail_cap=Decimal(59)),
        **more,
    )


def scored(rubric, judgements, *decisions):
    software = {"python": "3"}
    return settle(rubric, judgements, decisions, digests=DIGESTS, software=software)


def says(criterion, by="ann", reason="seen", **what):
    return Decision(criterion=criterion, by=by, at="", reason=reason, **what)


def points(low, high, most):
    return Points(low=Decimal(low), high=Decimal(high), max=Decimal(most))


def test_a_score_says_everything_that_it_was_made_of():
    judgement = graded(0.5, REASON, evidence=[SEEN])
    rubric = a_rubric(a_group("A", a_line("A1", 100)))
    line = CriterionScore(
        id="A1",
        kind="kind of A1",
        outcome=Outcome.PARTLY_MET,
        points=points(50, 50, 100),
        fraction=0.5,
        machine=judgement,
        rule=NEVER.rule(),
        reason=REASON,
    )
    assert scored(rubric, {"A1": judgement}) == Score(
        points=points(50, 50, 100),
        verdict=Verdict.FAIL,
        criteria=(line,),
        flags=(),
        digests=DIGESTS,
        software={"python": "3"},
    )


GATE = Gate(criterion="A1", min_fraction=0.5, else_factor=0.25)
GATED = a_rubric(a_group("A", a_line("A1", 40), a_line("A2", 60, gate=GATE)))


def second(evidence, answer, *decisions):
    judgements = {"A1": evidence, "A2": answer}
    return scored(GATED, judgements, *decisions).criteria[1]


def test_a_closed_gate_says_what_was_had_and_needed():
    found = second(graded(0.4, REASON), graded(1, REASON))
    values = {
        "reason": REASON,
        "criterion": "A1",
        "had": 0.4,
        "needed": 0.5,
        "factor": 0.25,
    }
    assert found.reason == Sentence(key="gate", values=values)
    assert found.points == points(15, 15, 60)
    assert found.fraction == 0.25


@pytest.mark.parametrize("evidence", [0.5, 0.6, 1.0])
def test_an_open_gate_leaves_the_reason_as_it_is(evidence):
    found = second(graded(evidence, REASON), graded(1, REASON))
    assert (found.reason, found.fraction) == (REASON, 1.0)


def test_a_gate_takes_nothing_from_nothing_and_something_from_a_little():
    closed = graded(0.4, REASON)
    assert second(closed, graded(0, REASON)).reason == REASON
    assert second(closed, graded(0.1, REASON)).reason.key == "gate"


def test_a_gate_whose_evidence_is_open_is_not_named_yet():
    found = second(left_open(Outcome.NOT_MEASURED, REASON), graded(1, REASON))
    assert found.reason == REASON
    assert found.fraction is None
    assert found.points == points(15, 60, 60)


def test_an_examiners_own_share_passes_a_gate():
    found = second(graded(0.0, REASON), graded(0, REASON), says("A2", fraction=1.0))
    assert (found.fraction, found.reason.key) == (1.0, "decision.override")


@pytest.mark.parametrize("level", [0, 1])
def test_an_examiners_answer_passes_a_gate(level):
    check = a_line("A2", 60, gate=GATE, criterion=ExaminerCheck(text=WORDS))
    rubric = a_rubric(a_group("A", a_line("A1", 40), check))
    pending = left_open(Outcome.NEEDS_REVIEW, REASON)
    judgements = {"A1": graded(0, REASON), "A2": pending}
    found = scored(rubric, judgements, says("A2", level=level))
    assert found.points == points(60 * level, 60 * level, 100)


def test_a_group_of_which_nothing_applies_is_open_from_nothing_to_all():
    rubric = a_rubric(a_group("A", a_line("A1", 30)), a_group("B", a_line("B1", 70)))
    found = scored(rubric, {"A1": NOT_APPLICABLE, "B1": graded(1, REASON)})
    assert found.points == points(70, 100, 100)
    first = found.criteria[0]
    assert (first.points, first.fraction) == (points(0, 0, 30), None)


def a_deduction(id_="P1", group="A", **more):
    return Deduction(
        id=id_,
        title=WORDS,
        criterion=NEVER,
        digest="",
        group=group,
        points=Decimal(4),
        cap=Decimal(10),
        **more,
    )


def deducting(count, *decisions, judgement=None, **more):
    rubric = a_rubric(
        a_group("A", a_line("A1", 100)), deductions=(a_deduction(**more),)
    )
    details = {} if count is None else {"count": float(count)}
    taken = judgement or graded(float(not count), REASON, details=details)
    return scored(rubric, {"A1": graded(1, REASON), "P1": taken}, *decisions), taken


def test_a_deduction_has_a_line_that_says_what_it_took():
    found, taken = deducting(2)
    assert found.points == points(92, 92, 100)
    assert found.criteria[1] == CriterionScore(
        id="P1",
        kind="deduction",
        outcome=Outcome.NOT_MET,
        points=points(-8, -8, 0),
        fraction=None,
        machine=taken,
        rule=NEVER.rule(),
        reason=Sentence(key="deduction.taken", values={"points": 8.0, "why": REASON}),
    )
    assert found.flags == ()


@pytest.mark.parametrize("count", [None, 0])
def test_a_deduction_of_nothing_has_no_line(count):
    found, _ = deducting(count)
    assert [each.id for each in found.criteria] == ["A1"]
    assert found.points.low == 100


def test_only_the_group_that_a_deduction_names_pays():
    rubric = a_rubric(
        a_group("A", a_line("A1", 5)),
        a_group("B", a_line("B1", 95)),
        deductions=(a_deduction(group="A"), a_deduction("P2", group="B")),
    )
    three = graded(0, REASON, details={"count": 3.0})
    good = graded(1, REASON)
    found = scored(rubric, {"A1": good, "B1": good, "P1": three, "P2": three})
    assert found.points.low == 85


@pytest.mark.parametrize(("kept", "left"), [(0.0, 92), (0.25, 94), (1.0, 100)])
def test_an_examiner_may_give_back_a_share_of_a_deduction(kept, left):
    found, _ = deducting(2, says("P1", fraction=kept))
    assert found.points.low == left


def test_a_share_of_a_deduction_is_rounded_as_all_inner_points_are():
    found, _ = deducting(2, says("P1", fraction=0.333333))
    assert found.criteria[1].points.low == Decimal("-5.3333")


@pytest.mark.parametrize("code", ["P1", "P1.veto"])
@pytest.mark.parametrize(
    ("confirm", "verdict"), [(True, Verdict.VETO), (False, Verdict.PASS)]
)
def test_a_deduction_that_became_a_veto_is_decided_by_either_name(
    code, confirm, verdict
):
    found, taken = deducting(2, says(code, confirm=confirm), then_veto_at=2)
    assert found.verdict is verdict
    veto = found.criteria[1]
    assert (veto.id, veto.kind, veto.machine) == ("P1.veto", "veto", taken)


def test_decisions_about_another_line_say_nothing_about_a_deduction():
    found, _ = deducting(2, says("A1", fraction=1.0), then_veto_at=3)
    assert found.points.low == 92
    assert [each.id for each in found.criteria] == ["A1", "P1"]


def test_a_deduction_that_could_not_be_checked_raises_a_flag():
    unchecked = left_open(Outcome.NOT_MEASURED, REASON, evidence=[SEEN])
    found, _ = deducting(None, judgement=unchecked)
    text = Sentence(key="flag.unchecked", values={"code": "P1", "why": REASON})
    assert found.flags == (Flag(kind="unchecked", text=text, evidence=(SEEN,)),)


VETOED = a_rubric(
    a_group("A", a_line("A1", 100)),
    vetoes=(Veto(code="V1", title=WORDS, criterion=NEVER, digest=""),),
)


def vetoing(judgement, *decisions):
    return scored(VETOED, {"A1": graded(1, REASON), "V1": judgement}, *decisions)


def veto_line(judgement, outcome, reason):
    return CriterionScore(
        id="V1",
        kind="veto",
        outcome=outcome,
        points=points(0, 0, 0),
        fraction=None,
        machine=judgement,
        rule=NEVER.rule(),
        reason=reason,
    )


def test_a_held_veto_says_why_it_waits():
    seen = graded(0, REASON)
    reason = Sentence(key="veto.held", values={"why": REASON})
    expected = veto_line(seen, Outcome.NEEDS_REVIEW, reason)
    assert vetoing(seen).criteria[1] == expected


@pytest.mark.parametrize(
    ("confirm", "word", "outcome"),
    [(True, "confirmed", Outcome.NOT_MET), (False, "rejected", Outcome.MET)],
)
@pytest.mark.parametrize(("said", "shown"), [("seen", "seen"), ("", "-")])
def test_a_decided_veto_says_who_decided_and_why(confirm, word, outcome, said, shown):
    seen = graded(0, REASON)
    earlier = says("V1", by="bob", confirm=not confirm)
    found = vetoing(seen, earlier, says("V1", reason=said, confirm=confirm))
    reason = Sentence(key=f"decision.{word}", values={"by": "ann", "why": shown})
    assert found.criteria[1] == veto_line(seen, outcome, reason)


def test_an_examiner_may_raise_a_veto_that_the_machine_did_not_see():
    found = vetoing(graded(1, REASON), says("V1", confirm=True))
    assert (found.verdict, found.points) == (Verdict.VETO, points(0, 0, 100))


def test_a_veto_that_could_not_be_checked_raises_a_flag_and_no_line():
    found = vetoing(left_open(Outcome.ERROR, REASON, evidence=[SEEN]))
    text = Sentence(key="flag.unchecked", values={"code": "V1", "why": REASON})
    assert found.flags == (Flag(kind="unchecked", text=text, evidence=(SEEN,)),)
    assert [each.id for each in found.criteria] == ["A1"]


def test_one_confirmed_veto_outweighs_another_that_is_held():
    veto = Veto(code="V2", title=WORDS, criterion=NEVER, digest="")
    rubric = a_rubric(a_group("A", a_line("A1", 100)), vetoes=(*VETOED.vetoes, veto))
    judgements = {id_: graded(id_ == "A1", REASON) for id_ in ("A1", "V1", "V2")}
    found = scored(rubric, judgements, says("V1", confirm=True))
    assert found.verdict is Verdict.VETO
    assert found.points == points(0, 0, 100)


def test_what_was_noticed_unasked_is_a_flag_if_it_was_not_met():
    rubric = a_rubric(a_group("A", a_line("A1", 100)))
    judgements = {
        "A1": graded(0, REASON),
        "integrity.loss.CH.1": graded(0, REASON, evidence=[SEEN]),
        "integrity.sound": graded(1, REASON),
        "integrity.open": left_open(Outcome.NOT_MEASURED, REASON),
    }
    expected = Flag(kind="loss", text=REASON, evidence=(SEEN,))
    assert scored(rubric, judgements).flags == (expected,)


MINIMA = a_rubric(
    a_group("A", a_line("A1", 10)),
    a_group("B", a_line("B1", 90)),
    group_minima={"A": 0.55},
)


@pytest.mark.parametrize(
    ("share", "verdict"),
    [(0.5449, Verdict.FAIL), (0.545, Verdict.PASS), (0.55, Verdict.PASS)],
)
def test_a_group_minimum_is_compared_as_printed(share, verdict):
    judgements = {"A1": graded(share, REASON), "B1": graded(1, REASON)}
    assert scored(MINIMA, judgements).verdict is verdict


def test_a_critical_limit_never_lifts_points_to_the_cap():
    rubric = a_rubric(a_group("A", a_line("A1", 100, critical=True)))
    found = scored(rubric, {"A1": graded(0.3, REASON, critical=True)})
    assert (found.points, found.verdict) == (points(30, 30, 100), Verdict.FAIL)


def test_a_critical_limit_fails_whatever_the_cap_leaves():
    rubric = a_rubric(a_group("A", a_line("A1", 100, critical=True)))
    rubric = replace(rubric, cuts=Cuts(passing=Decimal(60), fail_cap=Decimal(80)))
    found = scored(rubric, {"A1": graded(1, REASON, critical=True)})
    assert (found.points, found.verdict) == (points(80, 80, 100), Verdict.FAIL)


def test_half_is_rounded_up_at_both_roundings():
    assert half_up(Decimal("0.25"), PRINTED) == Decimal("0.3")
    assert half_up(Decimal("0.45"), PRINTED) == Decimal("0.5")
    assert half_up(Decimal("0.00025"), INNER) == Decimal("0.0003")
    assert half_up(Decimal("-0.25"), PRINTED) == Decimal("-0.3")


def test_an_interval_is_clipped_at_both_ends():
    wide = Interval(low=Decimal(-5), high=Decimal(15))
    assert wide.clipped(Decimal(1), Decimal(9)) == Interval(
        low=Decimal(1), high=Decimal(9)
    )
    far = Interval(low=Decimal(20), high=Decimal(30))
    assert far.clipped(Decimal(1), Decimal(9)) == Interval.sure(Decimal(9))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("10", "10"),
        ("100.0", "100"),
        ("7.50", "7.5"),
        ("-5.3333", "-5.3333"),
    ],
)
def test_points_are_written_without_superfluous_zeros(value, text):
    found = points_json(points(value, "1", "2"))
    assert found == {"low": text, "high": "1", "max": "2"}


def test_the_json_of_a_score_is_complete():
    loss = Sentence(key="moment", values={"at_s": 1.5})
    judgement = graded(
        0.5,
        loss,
        evidence=[SEEN],
        measured=Measured(value=3.5, unit="V"),
        critical=True,
    )
    rubric = a_rubric(a_group("A", a_line("A1", 100)))
    flagged = {"A1": judgement, "integrity.loss.CH1": graded(0, loss, evidence=[SEEN])}
    document = score_json(scored(rubric, flagged), "en")
    span = {"stream": "M.S", "from_s": 1.0, "to_s": 2.5}
    rule = {"zh": document["criteria"][0]["words"]["rule"]["zh"]}
    rule["en"] = document["criteria"][0]["rule"]
    words = {"zh": document["flags"][0]["words"]["text"]["zh"]}
    words["en"] = document["flags"][0]["text"]
    assert rule["zh"] != rule["en"]
    assert words["zh"] != words["en"]
    assert document == {
        "digests": {
            "recording": "r",
            "rubric": "q",
            "case": "c",
            "databases": {"CH1": "d"},
        },
        "software": {"python": "3"},
        "points": {"low": "50", "high": "50", "max": "100"},
        "verdict": "fail",
        "criteria": [
            {
                "id": "A1",
                "kind": "kind of A1",
                "outcome": "partly_met",
                "points": {"low": "50", "high": "50", "max": "100"},
                "fraction": 0.5,
                "measured": {"value": 3.5, "unit": "V"},
                "rule": rule["en"],
                "reason": words["en"],
                "evidence": [span],
                "machine": {
                    "outcome": "partly_met",
                    "fraction": 0.5,
                    "reason": words["en"],
                },
                "critical": True,
                "words": {"rule": rule, "reason": words},
            }
        ],
        "flags": [
            {
                "kind": "loss",
                "text": words["en"],
                "evidence": [span],
                "words": {"text": words},
            }
        ],
    }


def test_the_json_speaks_the_language_that_was_asked_for():
    loss = Sentence(key="moment", values={"at_s": 1.5})
    flagged = {"A1": graded(0, loss), "integrity.loss": graded(0, loss)}
    score = scored(a_rubric(a_group("A", a_line("A1", 100))), flagged)
    chinese, default = score_json(score, "zh"), score_json(score)
    for document, language in ((chinese, "zh"), (default, "en")):
        line, flag = document["criteria"][0], document["flags"][0]
        assert line["rule"] == line["words"]["rule"][language]
        assert line["reason"] == line["words"]["reason"][language]
        assert line["machine"]["reason"] == line["words"]["reason"][language]
        assert flag["text"] == flag["words"]["text"][language]
    assert default["criteria"][0]["measured"] is None
