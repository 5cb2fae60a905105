import re
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import examrunner.agent.states as states_module
from examrunner.agent.fault_life import FAULT_STEPS, SAFE, FaultLife, FaultSignal
from examrunner.agent.ledger import Credit, ledger_digest
from examrunner.agent.outcomes import CONSEQUENCES, OutcomeCode
from examrunner.agent.pause_causes import PauseCause
from examrunner.agent.state_tables import all_tables
from examrunner.agent.states import (
    BEGUN,
    OPEN,
    STEPS,
    IllegalStepError,
    Phase,
    Progress,
    Reassignment,
    Signal,
    cleared,
    credited,
    fault_step,
    reassigned,
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
]


def test_an_attempt_with_a_fault_goes_through_every_phase() -> None:
    progress = Progress()
    for signal, phase in WITH_FAULT:
        progress = step(progress, signal)
        assert progress.phase is phase
    assert progress.fault is FaultLife.OBSERVED
    with pytest.raises(IllegalStepError):
        step(progress, Signal.CLEAR)
    for signal in (FaultSignal.CLEAR, FaultSignal.SEE_BASELINE):
        progress = fault_step(progress, signal)
    progress = step(step(progress, Signal.CLEAR), Signal.DELIVER)
    assert progress.phase is Phase.DELIVERED


def test_an_attempt_without_a_fault_is_ready_after_preflight() -> None:
    ready = step(Progress(phase=Phase.PREFLIGHT), Signal.MAKE_READY)
    assert ready.phase is Phase.READY


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("signal", Signal)
def test_whatever_the_table_does_not_name_is_refused(
    phase: Phase, signal: Signal
) -> None:
    if (phase, signal) in STEPS:
        void = signal is Signal.VOID or phase is Phase.VOIDED
        outcome = OutcomeCode.RIG_FAULT if void else None
        armed = phase is Phase.FAULT_ARMED and signal is Signal.OBSERVE
        fault = FaultLife.ARMED if armed else FaultLife.NONE
        progress = Progress(phase=phase, outcome=outcome, fault=fault)
        assert step(progress, signal).phase is STEPS[phase, signal]
    else:
        with pytest.raises(IllegalStepError, match=f"'{signal}' in phase '{phase}'"):
            step(Progress(phase=phase), signal)


@pytest.mark.parametrize("life", FaultLife)
@pytest.mark.parametrize("signal", FaultSignal)
def test_a_fault_does_only_what_its_table_names(
    life: FaultLife, signal: FaultSignal
) -> None:
    progress = Progress(fault=life)
    if (life, signal) in FAULT_STEPS:
        assert fault_step(progress, signal).fault is FAULT_STEPS[life, signal]
    else:
        with pytest.raises(IllegalStepError, match=f"'{signal}' of a fault"):
            fault_step(progress, signal)


@pytest.mark.parametrize("phase", [Phase.FAULT_ARMED, Phase.PREFLIGHT])
def test_a_fault_that_was_not_observed_never_meets_a_candidate(phase: Phase) -> None:
    with pytest.raises(IllegalStepError):
        step(Progress(phase=phase), Signal.START)


@pytest.mark.parametrize("phase", BEGUN)
@pytest.mark.parametrize("outcome", OutcomeCode)
def test_every_phase_that_touches_the_rig_can_be_aborted_and_is_cleared(
    phase: Phase, outcome: OutcomeCode
) -> None:
    aborted = step(
        Progress(phase=phase), Signal.ABORT, outcome=outcome, reason="as it was"
    )
    assert aborted.ending is CONSEQUENCES[outcome].ending
    assert aborted.reason == "as it was"
    assert cleared(aborted).phase is Phase.CLEARED


@pytest.mark.parametrize("outcome", OutcomeCode)
def test_an_attempt_is_judged_or_voided_by_its_outcome(outcome: OutcomeCode) -> None:
    stopped = step(Progress(phase=Phase.RUNNING), Signal.STOP, outcome=outcome)
    possible, refused = Signal.JUDGE, Signal.VOID
    if CONSEQUENCES[outcome].voids:
        possible, refused = refused, possible
        with pytest.raises(IllegalStepError):
            step(stopped, Signal.CLEAR)
    assert step(stopped, possible).phase in {Phase.JUDGED, Phase.VOIDED}
    with pytest.raises(IllegalStepError):
        step(stopped, refused)


def test_a_rigs_failure_gives_the_candidate_another_attempt() -> None:
    again = {code for code, one in CONSEQUENCES.items() if one.resits}
    assert again == {OutcomeCode.RIG_FAULT, OutcomeCode.WRONG_CANDIDATE}
    assert {one.ending for one in CONSEQUENCES.values()} == set(Ending) - {
        Ending.IMPORTED
    }


def test_pauses_are_given_back() -> None:
    progress = step(Progress(phase=Phase.READY), Signal.START, now_ns=10 * S)
    progress = step(
        progress,
        Signal.PAUSE,
        now_ns=20 * S,
        by="Zhang",
        cause=PauseCause.EVACUATION,
        reason="drill",
    )
    assert progress.exam_ns(25 * S) == 10 * S
    progress = step(progress, Signal.RESUME, now_ns=50 * S, by="Li")
    assert progress.exam_ns(60 * S) == 20 * S
    (pause,) = progress.pauses
    assert (pause.cause, pause.note) == (PauseCause.EVACUATION, "drill")
    assert (pause.by, pause.ended_by, pause.to_ns) == ("Zhang", "Li", 50 * S)


def test_a_stop_ends_a_pause_and_exam_time_stands_still_after_it() -> None:
    progress = step(Progress(phase=Phase.READY), Signal.START, now_ns=0)
    progress = step(progress, Signal.PAUSE, now_ns=3 * S)
    stopped = step(
        progress, Signal.STOP, now_ns=9 * S, outcome=OutcomeCode.CANDIDATE_WITHDREW
    )
    assert stopped.exam_ns(100 * S) == 3 * S
    assert stopped.pauses[0].to_ns == 9 * S


def test_a_signature_holds_for_one_ledger_only() -> None:
    progress = step(Progress(phase=Phase.READY), Signal.START)
    before = ledger_digest(progress.pauses, progress.credits)
    given = Credit(cause=PauseCause.QUERY, by="Zhang", at_ns=S, length_ns=60 * S)
    after = credited(progress, given)
    assert after.credited_ns == 60 * S
    assert ledger_digest(after.pauses, after.credits) != before
    with pytest.raises(IllegalStepError):
        credited(progress, Credit(cause=PauseCause.QUERY, by="", at_ns=0, length_ns=-1))


def test_the_page_on_states_says_what_the_code_does() -> None:
    page = Path(states_module.__file__).with_name("states.md").read_text("utf-8")
    for name, table in all_tables().items():
        assert table in page, f"the table '{name}' of states.md is not the code's"
    rows = len(re.findall(r"^\| ", page, re.MULTILINE))
    assert rows == sum(table.count("\n") for table in all_tables().values())


class AnyAttempt(RuleBasedStateMachine):
    """Whatever comes in whatever order, three things never happen."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ns = 0
        self.paused_ns = 0
        self.paused_at_ns: int | None = None
        self.credited_ns = 0
        self.passed: list[Phase] = []

    @initialize(fault=st.booleans())
    def lease(self, fault: bool) -> None:
        self.progress = step(Progress(), Signal.LEASE)
        way = [Signal.PREPARE, Signal.ARM, Signal.OBSERVE] if fault else []
        for signal in [*way, Signal.MAKE_READY, Signal.START]:
            self._try(signal)

    def _try(self, signal: Signal, **said: object) -> None:
        try:
            after = step(self.progress, signal, now_ns=self.now_ns, **said)  # type: ignore[arg-type]
        except IllegalStepError:
            return
        paused = self.progress.phase is Phase.PAUSED
        if paused and after.phase is not Phase.PAUSED:
            assert self.paused_at_ns is not None
            self.paused_ns += self.now_ns - self.paused_at_ns
            self.paused_at_ns = None
        if after.phase is Phase.PAUSED:
            self.paused_at_ns = self.now_ns
        self.progress = after
        self.passed.append(after.phase)

    @rule(signal=st.sampled_from(Signal), outcome=st.sampled_from(OutcomeCode))
    def anything(self, signal: Signal, outcome: OutcomeCode) -> None:
        self._try(signal, outcome=outcome)

    @rule(signal=st.sampled_from(FaultSignal))
    def at_the_rig(self, signal: FaultSignal) -> None:
        if (self.progress.fault, signal) in FAULT_STEPS:
            self.progress = fault_step(self.progress, signal)

    @rule(length_ns=st.integers(1, 10**12))
    def time_passes(self, length_ns: int) -> None:
        self.now_ns += length_ns

    @rule(length_ns=st.integers(1, 10**12))
    def credit(self, length_ns: int) -> None:
        given = Credit(
            cause=PauseCause.OTHER, by="Li", at_ns=self.now_ns, length_ns=length_ns
        )
        if self.progress.phase in OPEN:
            self.progress = credited(self.progress, given)
            self.credited_ns += length_ns

    @rule()
    def somebody_else_sits_here(self) -> None:
        if self.progress.phase in OPEN:
            change = Reassignment(
                planned="A", actual="B", by="Li", at_ns=self.now_ns, reason="swapped"
            )
            before = self.progress.reassigned
            self.progress = reassigned(self.progress, change)
            assert self.progress.reassigned == (*before, change)

    @invariant()
    def no_fault_stays_set(self) -> None:
        if self.progress.phase in {Phase.CLEARED, Phase.DELIVERED}:
            assert self.progress.fault in SAFE

    @invariant()
    def no_time_is_lost(self) -> None:
        progress = self.progress
        assert progress.credited_ns == self.credited_ns
        if progress.started_ns is None:
            return
        end_ns = self.now_ns if progress.stopped_ns is None else progress.stopped_ns
        paused_ns = self.paused_ns
        if self.paused_at_ns is not None:
            paused_ns += end_ns - self.paused_at_ns
        used_ns = progress.exam_ns(self.now_ns)
        assert used_ns + paused_ns == end_ns - progress.started_ns
        assert used_ns >= 0

    @invariant()
    def no_void_attempt_is_judged(self) -> None:
        if self.progress.is_void:
            assert Phase.JUDGED not in self.passed
        elif self.progress.phase is Phase.DELIVERED:
            assert Phase.VOIDED not in self.passed

    @invariant()
    def no_candidate_meets_a_fault_that_was_not_seen(self) -> None:
        if Phase.RUNNING in self.passed and Phase.FAULT_ARMED in self.passed:
            assert Phase.FAULT_OBSERVED in self.passed


TestAnyAttempt = AnyAttempt.TestCase
TestAnyAttempt.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None
)
