"""Messages or trouble codes that a candidate switched off and did not restore."""

import pytest

from examrunner.criteria.forbidden import Forbidden
from examrunner.criteria.wording import say
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Timeline
from examrunner.testing.timelines import a_hearing, an_exchange, ns

RULE = Forbidden(left_off=(0x28, 0x85))
EXTENDED = an_exchange(1.0, "EPS", "1003", "50030032 01F4")
MESSAGES_OFF = an_exchange(2.0, "EPS", "280303", "6803", session=3)
CODES_OFF = an_exchange(2.5, "EPS", "8502", "C502", session=3)
KEPT = tuple(an_exchange(t, "EPS", "3E00", "7E00", session=3) for t in (5, 8, 11, 14))


def judged(*exchanges, stop_s=16.0):
    ordered = tuple(sorted(exchanges, key=lambda e: e.from_ns))
    timeline = Timeline(duration_ns=ns(20), exchanges=ordered)
    return RULE.judge(a_hearing(timeline, stop_s=stop_s))


def test_what_is_off_at_the_stop_counts_each():
    found = judged(EXTENDED, MESSAGES_OFF, CODES_OFF, *KEPT)
    assert found.outcome is Outcome.NOT_MET
    assert found.details["count"] == 2
    assert {each.stream for each in found.evidence} == {"uds.EPS"}


@pytest.mark.parametrize(
    "restored",
    [
        [an_exchange(12, "EPS", "280003", "6800", session=3)],
        [an_exchange(12, "EPS", "1001", "50010032 01F4", session=3)],
        [an_exchange(12, "EPS", "1101", "5101", session=3)],
    ],
)
def test_what_was_switched_on_again_does_not_count(restored):
    found = judged(EXTENDED, MESSAGES_OFF, *KEPT, *restored)
    assert found.outcome is Outcome.MET


def test_a_session_that_ended_by_itself_switches_on_again():
    assert judged(EXTENDED, MESSAGES_OFF).outcome is Outcome.MET
    assert judged(EXTENDED, MESSAGES_OFF, stop_s=4.0).outcome is Outcome.NOT_MET


def test_another_ecu_that_is_switched_on_restores_nothing():
    other = an_exchange(12, "EHB", "280003", "6800", session=3)
    assert judged(EXTENDED, MESSAGES_OFF, *KEPT, other).outcome is Outcome.NOT_MET


def test_a_refused_request_switches_nothing_off():
    refused = an_exchange(2.0, "EPS", "280303", "7F287F")
    assert judged(EXTENDED, refused, *KEPT).outcome is Outcome.MET


def test_a_request_that_wants_no_answer_counts_as_done():
    quiet = an_exchange(2.0, "EPS", "288303", session=3)
    assert judged(EXTENDED, quiet, *KEPT).outcome is Outcome.NOT_MET


def test_nothing_asked_is_nothing_left():
    assert judged().outcome is Outcome.MET


def test_the_rule_names_both_in_both_languages():
    for language in ("zh", "en"):
        words = say(RULE.rule(), language)
        assert "28" in words
        assert "85" in words
