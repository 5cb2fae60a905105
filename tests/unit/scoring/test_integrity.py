"""What every attempt is checked for: flags, never points."""

from decimal import Decimal

import numpy as np
import pytest

from examrunner.model.case import Case
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Outcome
from examrunner.model.rubric import Cuts, Rubric
from examrunner.model.score import Digests
from examrunner.model.text import Text
from examrunner.model.timeline import Timeline
from examrunner.model.traces import NoiseTrace
from examrunner.scoring import judge, settle
from examrunner.scoring.integrity import CHECKS, integrity
from examrunner.scoring.remembering import remembered
from examrunner.testing.timelines import a_hearing, a_message, ns

EMPTY = Rubric(
    id="T01",
    revision=1,
    digest="",
    title=Text(zh="", en=""),
    rig="bench",
    limit_s=60,
    post_s=0,
    form=(),
    variants={},
    groups=(),
    cuts=Cuts(passing=Decimal(60), fail_cap=Decimal(59)),
)


def a_trace(*marks: int) -> NoiseTrace:
    times = np.array([ns(1 + n) for n in range(len(marks))], np.int64)
    return NoiseTrace(
        name="M.S", t_ns=times, end_ns=times + 1, marks=np.array(marks, np.uint64)
    )


def kinds(timeline: Timeline, **further: object) -> list[str]:
    judgements = judge(timeline, EMPTY, Case(), **further)  # type: ignore[arg-type]
    digests = Digests(recording="", rubric="", case="")
    score = settle(EMPTY, judgements, digests=digests, software={})
    assert score.points.high == 0
    return [flag.kind for flag in score.flags]


def test_a_sound_attempt_raises_no_flag() -> None:
    message = a_message("M", np.arange(0, 20, 0.02))
    timeline = Timeline(
        duration_ns=ns(20), noise=[a_trace(1, 2, 3)], messages={"M": message}
    )
    assert kinds(timeline) == []


def test_a_loop_and_an_earlier_recording_raise_a_flag_each_attempt() -> None:
    loop = Timeline(duration_ns=ns(20), noise=[a_trace(1, 2, 3, 4, 1, 2)])
    assert kinds(loop) == ["replayed_traffic"]
    honest = Timeline(duration_ns=ns(20), noise=[a_trace(4, 3, 9, 1)])
    assert kinds(honest) == []
    earlier = remembered("feed", Timeline(duration_ns=1, noise=[a_trace(3, 1, 7)]))
    assert kinds(honest, earlier=[earlier]) == ["replayed_traffic"]


def second_sender(extra: np.ndarray):
    own = np.arange(0, 60, 0.02)
    times = np.concatenate([own, extra])
    counts = np.concatenate([np.arange(len(own)) % 15, np.arange(len(extra)) % 15])
    order = np.argsort(times, kind="stable")
    return a_message("M", times[order], counts=counts[order].tolist())


def test_a_second_sender_of_a_protected_message_is_flagged() -> None:
    message = second_sender(np.arange(20.001, 40, 0.02))
    timeline = Timeline(duration_ns=ns(60), messages={"M": message})
    assert kinds(timeline) == ["duplicate_sender"]


def test_the_candidates_own_tool_may_be_two() -> None:
    message = second_sender(np.arange(20.001, 40, 0.02))
    own = {"M": _sent_by(message, "TOOL")}
    assert kinds(Timeline(duration_ns=ns(60), messages=own)) == []


def _sent_by(message, sender: str):
    from dataclasses import replace

    return replace(message, senders=(sender,))


def test_a_counter_out_of_order_is_no_second_sender() -> None:
    own = np.arange(0, 60, 0.02)
    counts = np.random.default_rng(1).integers(0, 15, len(own)).tolist()
    message = a_message("M", own, counts=counts)
    assert kinds(Timeline(duration_ns=ns(60), messages={"M": message})) == []


def test_a_check_that_breaks_becomes_a_flag_and_costs_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_hearing: Hearing):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("examrunner.scoring.integrity.CHECKS", (broken, *CHECKS))
    timeline = Timeline(duration_ns=ns(20), noise=[a_trace(1, 2, 1, 2)])
    assert kinds(timeline) == ["unchecked", "replayed_traffic"]


def test_everything_that_is_found_is_not_met_and_says_when() -> None:
    loop = Timeline(duration_ns=ns(20), noise=[a_trace(1, 2, 3, 4, 1, 2)])
    found = integrity(a_hearing(loop))
    assert list(found) == ["integrity.replayed_traffic"]
    (judgement,) = found.values()
    assert judgement.outcome is Outcome.NOT_MET
    assert judgement.evidence[0].from_s == 5
