from decimal import Decimal

import pytest

from examrunner.criteria.examiner_check import ExaminerCheck
from examrunner.criteria.examiner_mark import ExaminerMark
from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.verdicts import graded, left_open
from examrunner.model.decision import Decision
from examrunner.model.judgement import Outcome, Sentence
from examrunner.model.text import Text
from examrunner.scoring.deciding import Settled, settled
from examrunner.scoring.intervals import Interval

WORDS = Text(zh="题", en="task")
REASON = Sentence(key="missing", values={"what": "x"})
MARK = ExaminerMark(text=WORDS, levels=(WORDS,) * 4, examiners=2)
CHECK = ExaminerCheck(text=WORDS)
NEVER = Forbidden()
PENDING = left_open(Outcome.NEEDS_REVIEW, REASON)


def says(by="ann", reason="seen", **what):
    return Decision(criterion="A1", by=by, at="", reason=reason, **what)


def overridden(fraction, machine, outcome, *, critical=False):
    values = {"by": "ann", "share": fraction, "machine": machine, "why": "seen"}
    return Settled(
        outcome=outcome,
        fraction=fraction,
        reason=Sentence(key="decision.override", values=values),
        critical=critical,
        decided=True,
    )


def test_without_a_decision_the_machines_word_stands_undecided():
    found = settled(graded(0.25, REASON, critical=True), NEVER, ())
    assert found == Settled(
        outcome=Outcome.PARTLY_MET,
        fraction=0.25,
        reason=REASON,
        critical=True,
        decided=False,
    )


@pytest.mark.parametrize(
    ("given", "kept", "outcome"),
    [
        (0.5, 0.5, Outcome.PARTLY_MET),
        (0.0, 0.0, Outcome.NOT_MET),
        (-3.0, 0.0, Outcome.NOT_MET),
        (7.0, 1.0, Outcome.MET),
    ],
)
def test_an_override_is_a_share_and_says_who_why_and_against_what(given, kept, outcome):
    found = settled(graded(0.75, REASON), NEVER, [says(fraction=given)])
    assert found == overridden(kept, 0.75, outcome)


def test_an_override_of_what_the_machine_left_open_shows_a_dash():
    found = settled(PENDING, NEVER, [says(fraction=1.0)])
    assert found == overridden(1.0, "-", Outcome.MET)


def test_the_last_override_counts_and_goes_before_levels():
    said = [says(fraction=0.0), says(fraction=0.5), says(level=3), says("bob", level=3)]
    assert settled(PENDING, MARK, said) == overridden(0.5, "-", Outcome.PARTLY_MET)


@pytest.mark.parametrize(
    ("broken", "given", "critical"),
    [(True, 0.0, True), (True, 0.1, False), (False, 0.0, False)],
)
def test_only_an_override_to_nothing_keeps_a_broken_limit(broken, given, critical):
    found = settled(graded(0.0, REASON, critical=broken), NEVER, [says(fraction=given)])
    assert found.critical is critical


def test_a_level_for_something_that_has_none_changes_nothing():
    machine = graded(1.0, REASON)
    assert settled(machine, NEVER, [says(level=0)]) == settled(machine, NEVER, ())


def test_a_mark_whose_question_broke_stays_an_error_until_a_level_is_given():
    broken = left_open(Outcome.ERROR, REASON)
    assert settled(broken, MARK, [says(confirm=True)]).outcome is Outcome.ERROR


def marked(key, outcome, **values):
    return Settled(
        outcome=outcome,
        fraction=values["share"],
        reason=Sentence(key=key, values=values),
        critical=False,
        decided=True,
    )


def test_levels_of_two_examiners_name_both_and_their_words():
    said = [
        says("ann", level=0, reason="late"),
        says("ann", level=2, reason="tidy"),
        says("bob", level=3, reason="calm"),
        says("eve", level=3, reason=""),
    ]
    assert settled(PENDING, MARK, said) == marked(
        "judgement.given",
        Outcome.MET,
        levels="2, 3, 3",
        by="ann, bob, eve",
        share=1.0,
        why="tidy; calm",
    )


def test_levels_that_are_too_few_leave_the_mark_open():
    machine = graded(0.0, REASON, critical=True)
    assert settled(machine, MARK, [says(level=3)]) == Settled(
        outcome=Outcome.NEEDS_REVIEW,
        fraction=None,
        reason=REASON,
        critical=False,
        decided=False,
    )


@pytest.mark.parametrize(
    ("level", "key", "outcome"),
    [
        (1, "examiner_check.yes", Outcome.MET),
        (0, "examiner_check.no", Outcome.NOT_MET),
    ],
)
def test_a_check_is_answered_yes_or_no(level, key, outcome):
    found = settled(PENDING, CHECK, [says(level=level, reason="")])
    expected = marked(
        key, outcome, levels=str(level), by="ann", share=float(level), why="-"
    )
    assert found == expected


def test_the_share_is_sure_once_it_is_known_and_anything_before():
    known = settled(graded(0.25, REASON), NEVER, ())
    assert known.interval == Interval(low=Decimal("0.25"), high=Decimal("0.25"))
    unknown = settled(PENDING, NEVER, ())
    assert unknown.interval == Interval(low=Decimal(0), high=Decimal(1))
