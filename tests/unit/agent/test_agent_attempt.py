from dataclasses import replace
from pathlib import Path

import pytest
from attempt_benches import (
    CREDIT,
    EDIT,
    FAULT,
    PAUSE,
    RESUME,
    RIG,
    SCORE,
    SCRIPT,
    START,
    SWAP,
    Bench,
    People,
    S,
    an_end,
)

from examrunner.agent.fault_life import FaultLife
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.pause_causes import PauseCause
from examrunner.agent.states import Phase
from examrunner.model.errors import RigError
from examrunner.model.recording import Ending
from examrunner.model.station import Link
from examrunner.testing.rig_peer import RigPeer


@pytest.fixture
def bench(request: pytest.FixtureRequest, tmp_path: Path):
    with RigPeer(script=SCRIPT, channel=request.node.name) as rig:
        yield Bench(rig, tmp_path / "attempt")


def test_an_attempt_without_a_fault_ends_cleared_and_closed(bench: Bench) -> None:
    progress = bench.run()
    assert progress.phase is Phase.CLEARED
    assert progress.ending is Ending.FINISHED
    assert progress.exam_ns(0) == 4 * S
    assert bench.files.progress() == progress
    assert bench.shown == [SCORE]
    assert bench.looked_at == ["still-0001"]
    assert bench.recording().ending is Ending.FINISHED
    assert bench.operations() == [
        "pre", "agent_read", "exam", "start", "capture", "stop", "post", "agent_read",
        "clear", "baseline", "closed",
    ]  # fmt: skip
    form = [(e.t_ns % S, dict(e.body)) for e in bench.recording().events("form")]
    assert form == [(0, {"field": "gain", "value": 3}), (0, {"submit": True})]


def test_a_fault_is_set_seen_and_cleared(bench: Bench) -> None:
    progress = bench.run(inject=FAULT)
    assert progress.phase is Phase.CLEARED
    assert bench.phases == [
        Phase.PREFLIGHT, Phase.FAULT_ARMED, Phase.FAULT_OBSERVED, Phase.READY,
        Phase.RUNNING, Phase.STOPPED, Phase.JUDGED, Phase.CLEARED,
    ]  # fmt: skip
    seen = [
        event.body["missing"]
        for event in bench.recording().events("ops")
        if event.body["op"] == "fault_observed"
    ]
    assert seen == [["CH1 0x200"]]
    assert bench.rig.faults == []


def test_a_fault_that_does_not_show_voids_the_attempt(bench: Bench) -> None:
    bench.rig.is_deaf = True
    progress = bench.run(inject=FAULT)
    assert progress.ending is Ending.RIG_FAULT
    assert progress.started_ns is None
    assert Phase.RUNNING not in bench.phases
    assert bench.shown == []
    assert progress.outcome is OutcomeCode.RIG_FAULT
    assert Phase.VOIDED in bench.phases
    assert bench.rig.faults == []
    assert "cannot be seen" in bench.recording().reason


def test_at_time_up_the_last_saved_state_counts(bench: Bench) -> None:
    progress = bench.run(limit_s=1.5)
    assert progress.ending is Ending.TIME_UP
    assert progress.exam_ns(0) == round(1.5 * S)
    assert len(bench.recording().events("form")) == 1


def test_somebody_at_the_station_can_stop(bench: Bench) -> None:
    bench.on_phase = {Phase.RUNNING: bench.stop.set}
    progress = bench.run(inject=FAULT)
    assert progress.ending is Ending.STOPPED_BY_EXAMINER
    assert progress.phase is Phase.CLEARED
    assert bench.rig.faults == []


@pytest.fixture
def by_hand(request: pytest.FixtureRequest, tmp_path: Path):
    with RigPeer(script=[], channel=request.node.name) as rig:
        yield Bench(rig, tmp_path / "attempt")


def test_an_exam_waits_for_its_examiner_and_stands_still_in_a_pause(
    by_hand: Bench,
) -> None:
    people = People(
        by_hand, EDIT, SWAP, START, EDIT, PAUSE, PAUSE, EDIT, RESUME, CREDIT,
        an_end("candidate_withdrew"), EDIT,
    )  # fmt: skip
    progress = by_hand.run()
    people.done()
    assert [text.partition(";")[0] for text in people.refused] == [
        "no exam runs now",
        "this cannot be done now: 'pause' in phase 'paused'.",
        "the exam is paused",
        "no exam runs now",
    ]
    assert progress.outcome is OutcomeCode.CANDIDATE_WITHDREW
    assert progress.ending is Ending.CANDIDATE_LEFT
    (pause,), (credit,), (swap,) = (
        progress.pauses,
        progress.credits,
        progress.reassigned,
    )
    assert (pause.cause, pause.by, pause.ended_by) == (
        PauseCause.MEDICAL,
        "Zhang",
        "Li",
    )
    assert credit.length_ns == 9 * S
    assert (swap.planned, swap.actual) == ("A", "B")
    assert by_hand.files.progress() == progress
    told = [o for o in by_hand.operations() if o not in {"pre", "post", "agent_read"}]
    assert told == [
        "reassign", "started_by", "exam", "start", "pause", "resume", "credit",
        "outcome", "stop", "clear", "baseline", "closed",
    ]  # fmt: skip
    assert len(by_hand.recording().events("form")) == 1


@pytest.mark.parametrize("outcome", ["rig_fault", "wrong_candidate"])
def test_a_void_attempt_is_closed_and_never_scored(
    by_hand: Bench, outcome: str
) -> None:
    people = People(by_hand, START, an_end(outcome))
    progress = by_hand.run(inject=FAULT)
    people.done()
    assert progress.is_void
    assert Phase.VOIDED in by_hand.phases
    assert Phase.JUDGED not in by_hand.phases
    assert by_hand.shown == []
    assert by_hand.rig.faults == []
    assert progress.fault is FaultLife.HEALTHY


def test_after_an_emergency_stop_the_rig_is_made_safe_before_anything_else(
    by_hand: Bench,
) -> None:
    people = People(by_hand, START, an_end("unsafe"))
    progress = by_hand.run(inject=FAULT)
    people.done()
    assert progress.ending is Ending.SAFETY
    told = by_hand.operations()
    assert told.index("clear") < told.index("outcome") < told.index("stop")


def test_an_examiner_can_end_what_has_not_started(by_hand: Bench) -> None:
    people = People(by_hand, an_end("candidate_withdrew"))
    progress = by_hand.run(inject=FAULT)
    people.done()
    assert progress.started_ns is None
    assert progress.outcome is OutcomeCode.CANDIDATE_WITHDREW
    assert progress.phase is Phase.CLEARED
    assert by_hand.rig.faults == []
    assert by_hand.shown == []


def test_a_rig_that_stays_sick_is_locked(bench: Bench) -> None:
    bench.rig.keeps_faults = True
    progress = bench.run(inject=FAULT)
    assert progress.fault is FaultLife.LOCKED
    assert progress.phase is Phase.CLEARED


# The thread of the peer's library dies with the connection that we break.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_rig_that_goes_dark_is_a_rig_fault_with_a_closed_recording(
    bench: Bench,
) -> None:
    bench.on_phase = {Phase.RUNNING: bench.rig.switch_off}
    progress = bench.run()
    assert progress.ending is Ending.RIG_FAULT
    assert bench.recording().ending is Ending.RIG_FAULT


def test_a_silent_channel_is_a_rig_fault_before_the_candidate_comes(
    bench: Bench,
) -> None:
    two = replace(RIG, channels=(*RIG.channels, replace(RIG.channels[0], name="CH2")))
    bench.plan = replace(bench.plan, can={"CH1": bench.rig.can, "CH2": silent_link()})
    progress = bench.run(rig=two)
    assert progress.ending is Ending.RIG_FAULT
    assert "CH2" in progress.reason


def test_a_rig_that_cannot_be_opened_leaves_nothing_behind(bench: Bench) -> None:
    bench.plan = replace(bench.plan, cameras={"front": silent_link("picture_stream")})
    with pytest.raises(RigError):
        bench.run()


def silent_link(driver: str = "can_bus") -> Link:
    if driver == "can_bus":
        options = {"interface": "virtual", "channel": "nobody speaks here"}
        return Link(driver=driver, options=options)
    return Link(driver=driver, options={"address": "127.0.0.1:9"})
