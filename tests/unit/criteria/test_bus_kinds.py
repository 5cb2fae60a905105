import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.alive_counter import AliveCounter
from examrunner.criteria.checksum import Checksum
from examrunner.criteria.composite import Composite
from examrunner.criteria.duplicate_sender import DuplicateSender
from examrunner.criteria.msg_cycle import MsgCycle, p99_ms
from examrunner.criteria.msg_timeout import MsgTimeout
from examrunner.criteria.scales import Scale
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Timeline, Verdict8
from examrunner.testing.timelines import a_hearing, a_message, losses, ns

SHARE = Scale(full=0.999, zero=0.95)
NOTHING_LOST = Health()
CYCLE = MsgCycle(messages=("M",), mean_tol_ms=1, p99_ms=40, max_gap_ms=100)


def heard(message, duration_s=10.0, health=NOTHING_LOST):
    timeline = Timeline(
        duration_ns=ns(duration_s), messages={"M": message}, health=health
    )
    return a_hearing(timeline)


def cyclic(gaps=(), cycle=0.02, end=10.0):
    times = np.arange(0, end, cycle)
    for a, b in gaps:
        times = times[(times < a) | (times >= b)]
    return times


def test_a_message_in_time_keeps_its_cycle():
    found = CYCLE.judge(heard(a_message("M", cyclic())))
    assert found.outcome is Outcome.MET
    assert found.details["mean_ms"] == pytest.approx(20)


def test_one_long_gap_breaks_the_cycle_and_is_the_evidence():
    found = CYCLE.judge(heard(a_message("M", cyclic([(3, 3.2)]))))
    assert found.outcome is Outcome.NOT_MET
    assert found.evidence[0].from_s == pytest.approx(2.98)
    assert found.evidence[0].to_s == pytest.approx(3.2)


def test_a_gap_that_the_recorder_made_does_not_break_the_cycle():
    message = a_message("M", cyclic([(3, 3.1)]))
    found = CYCLE.judge(heard(message, health=losses(("CH1", 3, 3.1))))
    assert found.outcome is Outcome.MET


def test_a_long_loss_leaves_the_cycle_to_an_examiner():
    message = a_message("M", cyclic([(3, 5)]))
    found = CYCLE.judge(heard(message, health=losses(("CH1", 3, 5))))
    assert found.outcome is Outcome.NOT_MEASURED


def test_too_few_frames_are_silence():
    assert CYCLE.judge(heard(a_message("M", [1.0]))).reason.key == "msg_cycle.silent"


def test_an_event_driven_message_has_no_cycle_to_keep():
    with pytest.raises(MissingError):
        CYCLE.judge(heard(a_message("M", cyclic(), cycle_s=None)))


@given(st.integers(1, 9000), st.integers(0, 2**32))
def test_the_99th_percentile_is_that_of_the_nearest_rank(count, seed):
    gaps = np.random.default_rng(seed).integers(1, 10**9, count)
    rank = int(np.ceil(0.99 * count)) - 1
    assert p99_ms(gaps) == np.sort(gaps)[rank] / 1e6


@pytest.mark.parametrize("kind", [AliveCounter, Checksum])
def test_the_share_of_good_frames_earns_its_share(kind):
    times = cyclic()
    verdicts = np.full(len(times), Verdict8.GOOD)
    verdicts[::40] = Verdict8.BAD
    message = a_message("M", times, crc=verdicts, counter=verdicts)
    found = kind(message="M", share=SHARE).judge(heard(message))
    assert found.measured.value == pytest.approx(97.4)
    assert found.outcome is Outcome.PARTLY_MET
    assert found.evidence[0].from_s == 0


def test_the_first_frame_has_no_counter_verdict():
    message = a_message("M", cyclic())
    found = AliveCounter(message="M", share=SHARE).judge(heard(message))
    assert found.details["frames"] == len(cyclic()) - 1


def test_the_worst_part_of_a_composite_counts():
    times = cyclic()
    verdicts = np.full(len(times), Verdict8.GOOD)
    verdicts[::2] = Verdict8.BAD
    message = a_message("M", times, crc=verdicts)
    parts = (AliveCounter(message="M", share=SHARE), Checksum(message="M", share=SHARE))
    assert Composite(combine="min", of=parts).judge(heard(message)).fraction == 0
    assert Composite(combine="any", of=parts).judge(heard(message)).fraction == 1
    assert Composite(combine="mean", of=parts).judge(heard(message)).fraction == 0.5
    assert (
        Composite(combine="k_of_n", k=1, of=parts).judge(heard(message)).fraction == 1
    )
    assert Composite(combine="all", of=parts).judge(heard(message)).fraction == 0


def test_an_open_part_leaves_a_composite_open_only_if_it_can_change_it():
    lost = losses(("CH1", 0, 10))
    parts = (AliveCounter(message="M", share=SHARE), Checksum(message="N", share=SHARE))
    timeline = Timeline(
        duration_ns=ns(10),
        messages={"M": a_message("M", []), "N": a_message("N", cyclic())},
        health=lost,
    )
    hearing = a_hearing(timeline)
    assert Composite(combine="all", of=parts).judge(hearing).fraction is None
    assert Composite(combine="any", of=parts).judge(hearing).fraction == 1


def test_gaps_at_both_ends_of_the_window_count():
    rule = MsgTimeout(message="M")
    assert rule.judge(heard(a_message("M", []))).measured.value == 1
    times = cyclic([(0, 1), (4, 5), (9, 10)])
    found = rule.judge(heard(a_message("M", times)))
    assert found.measured.value == 3
    assert found.details["longest_s"] == pytest.approx(1.02)


def test_a_gap_with_a_loss_inside_is_unknown():
    message = a_message("M", cyclic([(2, 3), (4, 4.18)]))
    lost = losses(("CH1", 4, 4.18))
    found = MsgTimeout(message="M").judge(heard(message, health=lost))
    assert found.measured.value == 1


def test_gaps_that_the_recorder_may_have_made_are_left_to_an_examiner():
    message = a_message("M", cyclic([(2, 3), (4, 5)]))
    found = MsgTimeout(message="M").judge(heard(message, health=losses(("CH1", 4, 5))))
    assert found.outcome is Outcome.NOT_MEASURED


def forged(share):
    own = cyclic()
    strange = own[: int(len(own) * share)] + 0.009
    counts = np.concatenate([np.arange(len(own)), np.arange(len(strange)) + 7]) % 15
    times = np.concatenate([own, strange])
    order = np.argsort(times)
    return a_message("M", times[order], counts=counts[order])


def test_a_second_sender_is_seen_by_its_counter_even_in_a_part_of_the_exam():
    rule = DuplicateSender(messages=("M",), stretch_s=2)
    assert rule.judge(heard(forged(0.2))).outcome is Outcome.NOT_MET
    assert rule.judge(heard(a_message("M", cyclic()))).outcome is Outcome.MET


def test_a_frame_that_is_legally_repeated_is_no_second_sender():
    times = np.sort(np.concatenate([cyclic(), [5.0003]]))
    counts = np.repeat(np.arange(501) % 15, 1)[: len(times)]
    counts = np.sort(np.concatenate([np.arange(500), [250]])) % 15
    message = a_message("M", times, counts=counts)
    rule = DuplicateSender(messages=("M",))
    assert rule.judge(heard(message)).outcome is Outcome.MET
