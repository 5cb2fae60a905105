import pytest

from examrunner.criteria.gateway_route import GatewayRoute
from examrunner.criteria.scales import Scale
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Timeline
from examrunner.testing.timelines import a_hearing, a_message, a_series, losses, ns

ROUTE = GatewayRoute(
    source="A.v", target="B.v", latency_max_s=0.06, score=Scale(full=0.99, zero=0.5)
)
CHANGES = [(0.1 * i, float(i)) for i in range(101)]


def heard(target, source=CHANGES, step=0.0, **more):
    messages = {
        "A": a_message("A", [], channel="HS1"),
        "B": a_message("B", [], channel="MS1"),
    }
    signals = {
        "A.v": a_series("A.v", source),
        "B.v": a_series("B.v", target, step=step),
    }
    timeline = Timeline(
        duration_ns=ns(10.5), signals=signals, messages=messages, **more
    )
    return a_hearing(timeline)


def late(by_s, changes=CHANGES):
    return [(t + by_s, v) for t, v in changes]


def test_changes_that_arrive_in_time_are_met_with_their_latency():
    found = ROUTE.judge(heard(late(0.02)))
    assert found.outcome is Outcome.MET
    assert found.details["changes"] == 100
    assert found.details["p95_ms"] == pytest.approx(20)


def test_changes_that_come_late_or_never_cost_and_the_first_is_the_evidence():
    some = [pair for pair in late(0.02) if pair[1] not in range(40, 60)]
    found = ROUTE.judge(heard(some))
    assert found.outcome is Outcome.PARTLY_MET
    assert found.measured.value == 0.8
    assert found.evidence[0].from_s == pytest.approx(4.0)
    assert "80 of 100" in both(found.reason)["en"]
    assert ROUTE.judge(heard(late(0.07))).outcome is Outcome.NOT_MET
    assert ROUTE.judge(heard([])).outcome is Outcome.NOT_MET


def test_a_target_that_sends_more_often_is_fine():
    fast = sorted(late(0.01, [(t - 0.03, v - 1) for t, v in CHANGES]) + late(0.05))
    assert ROUTE.judge(heard(fast)).outcome is Outcome.MET


def test_values_may_differ_by_the_tolerance_and_half_a_step():
    near = [(t, v + 0.04) for t, v in late(0.02)]
    assert ROUTE.judge(heard(near)).outcome is Outcome.NOT_MET
    assert ROUTE.judge(heard(near, step=0.1)).outcome is Outcome.MET


def test_the_offset_between_two_adapters_is_taken_off():
    rule = GatewayRoute(source="A.v", target="B.v", latency_max_s=0.01, offset_s=0.02)
    found = rule.judge(heard(late(0.025)))
    assert found.outcome is Outcome.MET
    assert found.details["max_ms"] == pytest.approx(5)


def test_too_few_changes_say_nothing():
    found = ROUTE.judge(heard(late(0.02), source=CHANGES[:20]))
    assert found.outcome is Outcome.NOT_MEASURED
    assert found.reason.key == "gateway_route.few"


def test_what_the_recorder_lost_was_not_lost_by_the_gateway():
    gone = [pair for pair in late(0.02) if not 5 <= pair[0] < 5.15]
    found = ROUTE.judge(heard(gone, health=losses(("MS1", 5, 5.15))))
    assert found.outcome is Outcome.MET
    found = ROUTE.judge(heard(gone, health=losses(("MS1", 5, 6))))
    assert found.outcome is Outcome.NOT_MEASURED


def test_a_signal_that_was_not_recorded_is_missing():
    with pytest.raises(MissingError):
        GatewayRoute(source="A.v", target="C.v", latency_max_s=0.1).judge(heard([]))
