from dataclasses import replace

import numpy as np
import pytest

from examrunner.content.documents import Document
from examrunner.content.rubric_criteria import criterion_of
from examrunner.criteria.claims import Claim
from examrunner.criteria.events import Event
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.criteria.temporal import Temporal
from examrunner.criteria.windows import Window
from examrunner.criteria.wording import say
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Op, Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

ON = Claim(holds=Predicate(signal="C.En", equals=1.0))
NEAR = Claim(holds=Predicate(signal="C.Pos", min=85, max=95))
CLOSE = Claim(expression="abs(C.Pos - C.Want)", max=5, per=5)
STOP = Claim(happens=Event(ops="halt"))
FOLLOWS = Temporal(
    formula="always (on implies eventually[0, 1] near)",
    claims={"on": ON, "near": NEAR},
)


def heard(
    pos, *, enabled=(2, 8), gap=None, health=None, ops=(), rate=10, want=90.0, **more
):
    """10 s of position by (time, value), which stays; enabled in between."""
    t = np.arange(round(10 * rate)) / rate
    at, to = np.array(pos, float).T
    values = to[np.maximum(np.searchsorted(at, t + 1e-9, "right") - 1, 0)]
    on = ((t >= enabled[0]) & (t < enabled[1])).astype(float)
    kept = np.ones(len(t), bool) if gap is None else (t < gap[0]) | (t >= gap[1])
    samples = zip(t[kept], values[kept], strict=True)
    timeline = Timeline(
        duration_ns=ns(10),
        signals={
            "C.Pos": a_series("C.Pos", samples, hold_s=0.3, unit="deg"),
            "C.En": a_series("C.En", zip(t, on, strict=True), hold_s=0.3),
            "C.Want": a_series("C.Want", [(s, want) for s in t], hold_s=0.3),
        },
        messages={"C": a_message("C", t, cycle_s=1 / rate)},
        ops=tuple(Op(t_ns=ns(s), name="halt") for s in ops),
        health=health or Health(),
    )
    return a_hearing(timeline, **more)


def test_a_response_in_time_holds_and_says_by_how_much():
    found = FOLLOWS.judge(heard([(0, 0), (2.5, 88)]))
    assert found.outcome is Outcome.MET
    assert found.measured.value == 3.0


def test_a_response_too_late_fails_where_it_first_does():
    found = FOLLOWS.judge(heard([(0, 0), (3.4, 88)]))
    assert found.outcome is Outcome.NOT_MET
    assert found.measured.value == -85.0
    # Enabled at 2.0, near at 3.4: a second before is too early until 2.4.
    assert (found.evidence[0].from_s, found.evidence[0].to_s) == (2.0, 2.4)
    assert "first at 2 s" in say(found.reason, "en")


@pytest.mark.parametrize("rate", [10, 20, 50, 100])
def test_the_rate_of_samples_decides_nothing(rate):
    late = FOLLOWS.judge(heard([(0, 0), (3.4, 88)], rate=rate))
    assert late.evidence[0].to_s == 2.4
    assert FOLLOWS.judge(heard([(0, 0), (2.9, 88)], rate=rate)).fraction == 1


def test_a_margin_earns_its_share():
    asked = Temporal(
        formula="eventually always[0, 2] close",
        claims={"close": CLOSE},
        score=Scale(full=1, zero=-1),
    )
    assert asked.judge(heard([(0, 90)])).fraction == 1
    half = asked.judge(heard([(0, 85)]))
    assert half.outcome is Outcome.PARTLY_MET
    assert (half.fraction, half.measured.value) == (0.5, 0.0)
    assert asked.judge(heard([(0, 70)])).outcome is Outcome.NOT_MET


def test_limits_are_inclusive_and_half_a_raw_step_favours_the_candidate():
    asked = Temporal(formula="always near", claims={"near": NEAR})
    assert asked.judge(heard([(0, 95)])).fraction == 1
    assert asked.judge(heard([(0, 95.001)])).fraction == 0
    beyond = Temporal(formula="always not near", claims={"near": NEAR})
    assert beyond.judge(heard([(0, 95)])).fraction == 0


def test_an_event_is_true_at_its_moment_only():
    stops = Temporal(
        formula="always (stop implies always[0.5, 1] not on)",
        claims={"stop": STOP, "on": ON},
    )
    assert stops.judge(heard([(0, 0)], ops=(7.6,))).outcome is Outcome.MET
    assert stops.judge(heard([(0, 0)], ops=(7.4,))).outcome is Outcome.NOT_MET
    once = Temporal(formula="not stop until on", claims={"stop": STOP, "on": ON})
    assert once.judge(heard([(0, 0)], ops=(2.5,))).outcome is Outcome.MET
    assert once.judge(heard([(0, 0)], ops=(1.5,))).outcome is Outcome.NOT_MET


def test_what_has_no_distance_has_no_margin_to_show():
    found = Temporal(formula="eventually on", claims={"on": ON}).judge(heard([(0, 0)]))
    assert found.outcome is Outcome.MET
    assert found.measured is None
    assert "margin" not in say(found.reason, "en")


def test_a_gap_that_decides_nothing_is_no_gap():
    """The angle is known whenever it matters."""
    found = FOLLOWS.judge(heard([(0, 0), (2.5, 88)], gap=(4, 4.8)))
    assert found.outcome is Outcome.MET


@pytest.mark.parametrize(
    ("on_silent", "outcome"),
    [
        ("fail", Outcome.NOT_MET),
        ("pass", Outcome.MET),
        ("review", Outcome.NEEDS_REVIEW),
    ],
)
def test_silence_of_the_bus_is_what_the_rubric_says(on_silent, outcome):
    hearing = heard([(0, 0), (2.5, 88)], gap=(3, 6))
    assert replace(FOLLOWS, on_silent=on_silent).judge(hearing).outcome is outcome


def test_what_the_recorder_lost_is_never_a_zero():
    health = losses(("CH1", 3, 6))
    hearing = heard([(0, 0), (2.5, 88)], gap=(3, 6), health=health)
    found = replace(FOLLOWS, on_silent="fail").judge(hearing)
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.fraction is None
    early = heard([(0, 0), (9, 88)], gap=(3, 6), health=losses(("CH1", 3, 6)))
    assert FOLLOWS.judge(early).outcome is Outcome.NOT_MET, "it failed without the gap"


def test_a_signal_that_was_not_recorded_is_missing():
    asked = replace(FOLLOWS, claims={"on": ON, "near": Claim(expression="X.Y", max=1)})
    with pytest.raises(MissingError):
        asked.judge(heard([(0, 0)]))


def test_nothing_happens_beyond_the_window():
    asked = replace(FOLLOWS, window=Window(for_s=2.5))
    assert asked.judge(heard([(0, 0), (2.8, 88)])).outcome is Outcome.NOT_MET
    stays = Temporal(formula="always[0, 60] on", claims={"on": ON})
    assert stays.judge(heard([(0, 0)], enabled=(0, 10))).outcome is Outcome.MET


def test_pauses_are_cut_out():
    """Two seconds of pause between enabling and arriving do not count."""
    pauses = ((2.5, 4.5),)
    found = FOLLOWS.judge(heard([(0, 0), (4.9, 88)], pauses=pauses))
    assert found.outcome is Outcome.MET
    assert FOLLOWS.judge(heard([(0, 0), (4.9, 88)])).outcome is Outcome.NOT_MET


def test_rules_read_well_in_both_languages():
    assert say(FOLLOWS.rule(), "en") == (
        "at all times [whenever C.En is 1, then at some time from 0 to 1 s later "
        "[C.Pos between 85 and 95]] (the whole exam)"
    )
    assert say(FOLLOWS.rule(), "zh") == (
        "始终：只要 C.En 为 1，则 此后 0 至 1 s 内至少出现一次：C.Pos 在 85 至 95 之间"
        "（整个考试）"
    )
    for operator in ("until", "since", "until[1, 2]", "since[1, 2]"):
        both = Temporal(formula=f"on {operator} near", claims=FOLLOWS.claims)
        assert "C.En" in say(both.rule(), "en")
        assert "C.Pos" in say(both.rule(), "zh")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"formula": "always ("}, "cannot be read: it ends too early"),
        ({"formula": "always of"}, "names 'of', which 'claims' does not have"),
        ({"formula": "always on"}, "claim 'near': the formula does not name it"),
        ({"claims": {"on": ON, "near": Claim()}}, "claim 'near': give exactly one"),
        (
            {"claims": {"on": ON, "near": Claim(expression="A.b")}},
            "'min' or 'max' belong to an expression",
        ),
        ({"claims": {"on": ON, "near": replace(NEAR, per=0)}}, "'per' must be above 0"),
        (
            {"window": Window(while_=Predicate(signal="C.En", equals=1.0))},
            "write 'claim implies ...'",
        ),
    ],
)
def test_what_is_wrong_with_it_is_told(changes, problem):
    assert FOLLOWS.problem() == ""
    assert problem in replace(FOLLOWS, **changes).problem()


def test_a_teacher_writes_it_in_yaml():
    document = Document(path="rubric.yaml", content=b"", data={}, lines={})
    keys = {
        "formula": "always (on implies eventually[0, 1] near)",
        "claims": {
            "on": {"holds": {"signal": "C.En", "equals": 1}},
            "near": {"holds": {"signal": "C.Pos", "min": 85, "max": 95}},
        },
    }
    assert criterion_of("temporal", keys, document, ()) == FOLLOWS
