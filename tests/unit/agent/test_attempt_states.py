import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.agent.states import (
    BEGUN,
    STEPS,
    IllegalStepError,
    Phase,
    Progress,
    Signal,
    step,
)
from examrunner.model.recording import Ending

S = 1_000_000_000
WITH_FAULT = [
    (Signal.LEASE, Phase.LEASED),
    (Signal.PREPARE, Phase.PREFLIGHT),
    (Signal.ARM, Phase.FAULT_ARMED),
    (Signal.OBSERVE, Phase.FAULT_OBSERVED),
    (Signal.MAKE_READY, Phase.READY),
    (Signal.START, Phase.RUNNING),
    (Signal.PAUSE, Phase.PAUSED),
    (Signal.RESUME, Phase.RUNNING),
    (Signal.STOP, Phase.STOPPED),
    (Signal.JUDGE, Phase.JUDGED),
    (Signal.CLEAR, Phase.CLEARED),
    (Signal.DELIVER, Phase.DELIVERED),
]


def test_an_attempt_with_a_fault_goes_through_every_phase() -> None:
    progress = Progress()
    for signal, phase in WITH_FAULT:
        progress = step(progress, signal)
        assert progress.phase is phase
    assert {phase for _, phase in WITH_FAULT} | {Phase.WAITING} == set(Phase)


def test_an_attempt_without_a_fault_is_ready_after_preflight() -> None:
    ready = step(Progress(phase=Phase.PREFLIGHT), Signal.MAKE_READY)
    assert ready.phase is Phase.READY


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("signal", Signal)
def test_whatever_the_table_does_not_name_is_refused(
    phase: Phase, signal: Signal
) -> None:
    progress = Progress(phase=phase)
    if (phase, signal) in STEPS:
        assert step(progress, signal).phase is STEPS[phase, signal]
    else:
        with pytest.raises(IllegalStepError, match=f"'{signal}' in phase '{phase}'"):
            step(progress, signal)


@pytest.mark.parametrize("phase", [Phase.FAULT_ARMED, Phase.PREFLIGHT])
def test_a_fault_that_was_not_observed_never_meets_a_candidate(phase: Phase) -> None:
    with pytest.raises(IllegalStepError):
        step(Progress(phase=phase), Signal.START)


@pytest.mark.parametrize("phase", BEGUN)
def test_every_phase_that_touches_the_rig_can_be_aborted_and_is_cleared(
    phase: Phase,
) -> None:
    aborted = step(
        Progress(phase=phase), Signal.ABORT, ending=Ending.SAFETY, reason="e-stop"
    )
    assert aborted.ending is Ending.SAFETY
    assert aborted.reason == "e-stop"
    assert step(aborted, Signal.CLEAR).phase is Phase.CLEARED


def test_pauses_are_given_back() -> None:
    progress = step(Progress(phase=Phase.READY), Signal.START, now_ns=10 * S)
    progress = step(progress, Signal.PAUSE, now_ns=20 * S, reason="fire alarm")
    assert progress.exam_ns(25 * S) == 10 * S
    progress = step(progress, Signal.RESUME, now_ns=50 * S)
    assert progress.exam_ns(60 * S) == 20 * S
    assert [(p.cause, p.to_ns) for p in progress.pauses] == [("fire alarm", 50 * S)]


def test_a_stop_ends_a_pause_and_exam_time_stands_still_after_it() -> None:
    progress = step(Progress(phase=Phase.READY), Signal.START, now_ns=0)
    progress = step(progress, Signal.PAUSE, now_ns=3 * S, reason="water")
    stopped = step(progress, Signal.STOP, now_ns=9 * S, ending=Ending.TIME_UP)
    assert stopped.exam_ns(100 * S) == 3 * S
    assert stopped.pauses[0].to_ns == 9 * S


@given(st.lists(st.sampled_from(Signal), max_size=30))
def test_no_sequence_of_signals_skips_clearing_before_delivery(
    signals: list[Signal],
) -> None:
    progress, passed = Progress(), [Phase.WAITING]
    for signal, _ in itertools.zip_longest(signals, ()):
        try:
            progress = step(progress, signal)
        except IllegalStepError:
            continue
        passed.append(progress.phase)
    if Phase.DELIVERED in passed:
        assert Phase.CLEARED in passed
    if Phase.FAULT_ARMED in passed and Phase.RUNNING in passed:
        assert Phase.FAULT_OBSERVED in passed
