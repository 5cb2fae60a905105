from dataclasses import replace
from decimal import Decimal
from importlib.metadata import version
from platform import python_version

import pytest

from examrunner.criteria.answer_number import AnswerNumber
from examrunner.criteria.answered_numbers import NumberItem
from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.references import Reference
from examrunner.criteria.verdicts import graded
from examrunner.model.case import Case
from examrunner.model.decision import Decision
from examrunner.model.errors import ContentError
from examrunner.model.judgement import Sentence
from examrunner.model.rubric import Cuts, Group, Line, Rubric, Veto
from examrunner.model.text import Text
from examrunner.model.timeline import Timeline
from examrunner.scoring.deciding import settled
from examrunner.scoring.integrity import integrity
from examrunner.scoring.integrity.challenge import challenge
from examrunner.scoring.integrity.replays import pictures, traffic
from examrunner.scoring.intervals import Interval
from examrunner.scoring.judging import judge
from examrunner.scoring.software import deciding_software
from examrunner.scoring.taking import vetoed
from examrunner.scoring.totals import End, Ends
from examrunner.testing.timelines import a_hearing

WORDS = Text(zh="题", en="task")
REASON = Sentence(key="missing", values={"what": "x"})
LINE = Line(
    id="A1",
    kind="k",
    points=Decimal(100),
    title=WORDS,
    criterion=Forbidden(),
    digest="",
)
RUBRIC = Rubric(
    id="T01",
    revision=1,
    digest="",
    title=WORDS,
    rig="r",
    limit_s=1,
    post_s=0,
    form=(),
    variants={},
    groups=(Group(id="A", title=WORDS, points=Decimal(100), lines=(LINE,)),),
    cuts=Cuts(passing=Decimal(60), fail_cap=Decimal(59)),
)
VETO = Veto(code="V1", title=WORDS, criterion=Forbidden(), digest="")
SEEN = graded(0.0, REASON)


def ends(*decisions, veto=SEEN):
    groups = {"A": Interval(low=Decimal(40), high=Decimal(80))}
    lines = {"A1": settled(graded(0.5, REASON), Forbidden(), ())}
    return Ends.of(RUBRIC, groups, lines, [vetoed(VETO, veto, decisions)])


def says(confirm):
    return Decision(criterion="V1", by="e", at="", reason="r", confirm=confirm)


LOW, HIGH = (End(points=Decimal(at), failed=False) for at in (40, 80))
NOTHING = End(points=Decimal(0), failed=True)


def test_a_veto_takes_the_low_end_while_it_is_held_and_both_when_it_is_confirmed():
    assert ends(veto=graded(1, REASON)) == Ends(
        low=LOW, high=HIGH, veto=False, held=False
    )
    assert ends() == Ends(low=NOTHING, high=HIGH, veto=False, held=True)
    assert ends(says(True)) == Ends(low=NOTHING, high=NOTHING, veto=True, held=False)
    assert ends(says(False)) == Ends(low=LOW, high=HIGH, veto=False, held=False)


def test_a_score_names_all_software_that_decides_marks():
    names = ("examrunner", "cantools", "numpy", "opencv-python", "scipy")
    expected = {name: version(name) for name in names}
    assert deciding_software() == {"python": python_version(), **expected}


def test_a_rubric_that_refers_in_a_circle_is_named():
    item = NumberItem(field="x", ref=Reference(criterion="A1"), tol_abs=1)
    line = replace(LINE, criterion=AnswerNumber(items=(item,)))
    rubric = replace(RUBRIC, groups=(replace(RUBRIC.groups[0], lines=(line,)),))
    with pytest.raises(ContentError) as refused:
        judge(Timeline(duration_ns=1), rubric, Case())
    assert refused.value.where == "T01"


def test_what_is_noticed_unasked_is_named_after_its_check(monkeypatch):
    def found(_criterion, _hearing):
        return SEEN

    monkeypatch.setattr("examrunner.scoring.integrity.asked.ask", found)
    hearing = a_hearing(Timeline(duration_ns=1))
    assert dict(pictures(hearing)) == {"replayed_pictures": SEEN}
    assert dict(traffic(hearing)) == {"replayed_traffic": SEEN}
    assert dict(challenge(hearing)) == {"challenge_seen": SEEN}

    def breaks(_hearing):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("examrunner.scoring.integrity.CHECKS", (breaks,))
    (named,) = integrity(hearing).items()
    assert named[0] == "integrity.unchecked.breaks"
    assert named[1].reason.values == {
        "code": "breaks",
        "why": "ZeroDivisionError: by zero",
    }
