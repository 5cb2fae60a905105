"""Differences that say nothing about the candidate change no point (every task)."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attempt_at_hand import Attempt
from idleness import quietest_ns
from retold import Body, Retelling, retold

from examrunner.archive.reading import open_recording
from examrunner.model.frames import Frames
from examrunner.model.judgement import Outcome
from examrunner.model.recording import Event
from examrunner.model.rubric import Field
from examrunner.model.score import Score
from examrunner.model.timeline import NS_PER_S
from examrunner.scoring.score_json import score_json
from examrunner.simulation.session import scripted_tasks

TASKS = scripted_tasks()
MILLION_S = 10**15
HOUR_S = 3600.0
PAUSE_NS = 90 * NS_PER_S
TICK_NS = 200_000

Playing = Callable[[str, str], Attempt]

pytestmark = pytest.mark.slow


def fractions(score: Score) -> dict[str, float | None]:
    return {each.id: each.fraction for each in score.criteria}


def rescored(attempt: Attempt, folder: Path, retelling: Retelling) -> Score:
    changed = retold(attempt.recording, folder / "changed", retelling)
    return attempt.scored(open_recording(changed))


def kinds(score: Score) -> list[str]:
    return [flag.kind for flag in score.flags if flag.kind != "unchecked"]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("profile", ["competent", "sloppy"])
def test_a_million_seconds_later_it_is_the_same_attempt(
    task: str, profile: str, attempt: Playing, tmp_path: Path
) -> None:
    played = attempt(task, profile)
    later = Retelling(times=lambda t_ns: t_ns + MILLION_S)
    score = rescored(played, tmp_path, later)
    assert fractions(score) == fractions(played.score)
    assert score.points == played.score.points
    assert kinds(score) == []


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("by_s", [HOUR_S, -HOUR_S])
def test_a_wall_clock_that_jumps_is_flagged_and_costs_nothing(
    task: str, by_s: float, attempt: Playing, tmp_path: Path
) -> None:
    played = attempt(task, "competent")
    step = (played.recording.duration_ns // 2, "health", {"clock_step_s": by_s})
    score = rescored(played, tmp_path, Retelling(events=[step]))
    assert fractions(score) == fractions(played.score)
    assert kinds(score) == ["clock_step"]


@pytest.mark.parametrize("task", TASKS)
def test_a_pause_in_an_idle_moment_costs_nothing(
    task: str, attempt: Playing, tmp_path: Path
) -> None:
    played = attempt(task, "competent")
    at_ns = quietest_ns(played.recording, played.rig)
    marks = [
        (at_ns, "ops", {"op": "pause", "cause": "examiner"}),
        (at_ns + PAUSE_NS, "ops", {"op": "resume"}),
    ]
    paused = Retelling(
        times=lambda t_ns: np.where(t_ns >= at_ns, t_ns + PAUSE_NS, t_ns),
        frames=lambda _channel, frames: _filled(frames, at_ns),
        events=marks,
    )
    score = rescored(played, tmp_path, paused)
    assert fractions(score) == fractions(played.score)
    assert score.verdict is played.score.verdict


def _filled(frames: Frames, at_ns: int) -> Frames:
    """The pause filled with what the rig sent in the second before, again and again.

    Every cycle of the rigs goes into fifteen seconds a whole number of times, counters
    included; a second of silence on either side keeps the two apart.
    """
    span_ns = 15 * NS_PER_S
    first, last = np.searchsorted(frames.t_ns, (at_ns - span_ns, at_ns))
    stretch = frames.take(slice(int(first), int(last)))
    copies = [
        stretch.at(stretch.t_ns + (number + 1) * span_ns)
        for number in range(PAUSE_NS // span_ns)
    ]
    before, after = (
        frames.take(slice(0, int(last))),
        frames.take(slice(int(last), None)),
    )
    return Frames.concatenate([before, *copies, after])


@pytest.mark.parametrize("task", TASKS)
def test_the_order_of_frames_with_equal_times_does_not_matter(
    task: str, attempt: Playing, tmp_path: Path
) -> None:
    played = attempt(task, "competent")
    coarse = Retelling(frames=lambda _channel, frames: _coarse(frames))
    kept = played.scored(
        open_recording(retold(played.recording, tmp_path / "coarse", coarse))
    )
    mixed = Retelling(frames=lambda _channel, frames: _shuffled(_coarse(frames)))
    score = rescored(played, tmp_path, mixed)
    assert fractions(score) == fractions(kept)


def _coarse(frames: Frames) -> Frames:
    return frames.at(frames.t_ns - frames.t_ns % TICK_NS)


def _shuffled(frames: Frames) -> Frames:
    """Frames of equal times in another order; those of one identifier keep theirs."""
    drawn = np.random.default_rng(1).random(int(frames.ids.max()) + 1)
    order = np.lexsort((drawn[frames.ids], frames.t_ns))
    return frames.take(order)


@pytest.mark.parametrize("task", TASKS)
def test_half_a_percent_of_lost_frames_changes_at_most_a_point(
    task: str, attempt: Playing, tmp_path: Path
) -> None:
    played = attempt(task, "competent")
    losses: list[tuple[int, str, Body]] = []
    random = np.random.default_rng(5)

    def thinned(channel: str, frames: Frames) -> Frames:
        kept = random.random(len(frames)) >= 0.005
        for t_ns in frames.t_ns[~kept].tolist():
            losses.append((t_ns, "health", _loss(channel, t_ns, t_ns + 1, 1)))
        return frames.take(kept)

    # The writer asks for frames first and for events afterwards.
    score = rescored(played, tmp_path, Retelling(frames=thinned, events=losses))
    before = played.score
    assert abs(score.points.high - before.points.high) <= 1
    assert score.verdict in {before.verdict, "undecided"}
    assert not any(each.machine.critical for each in score.criteria)


def _loss(channel: str, from_ns: int, to_ns: int, lost: int) -> dict[str, Any]:
    return {"stream": channel, "lost": lost, "from_ns": from_ns, "to_ns": to_ns}


@pytest.mark.parametrize("task", TASKS)
def test_an_outage_of_the_recorder_is_never_a_zero(
    task: str, attempt: Playing, tmp_path: Path
) -> None:
    played = attempt(task, "competent")
    recording, before = played.recording, played.score
    critical = {line.id for line in played.rubric.lines() if line.critical}
    shown = {
        evidence.from_s
        for each in before.criteria
        for evidence in each.machine.evidence
        if each.id in critical
    }
    for number, from_s in enumerate(sorted(shown)):
        begin = max(0, round((from_s - 2.5) * NS_PER_S))
        end = begin + 5 * NS_PER_S
        lost = [
            (end, "health", _loss(channel, begin, end, 1000))
            for channel in recording.channels
        ]
        cut = Retelling(
            frames=lambda _channel, frames, begin=begin, end=end: frames.take(
                (frames.t_ns < begin) | (frames.t_ns >= end)
            ),
            events=lost,
        )
        score = rescored(played, tmp_path / str(number), cut)
        for was, now in zip(before.criteria, score.criteria, strict=False):
            if was.outcome is Outcome.MET and now.fraction is not None:
                assert now.fraction > 0, (task, now.id, from_s, now.reason)


@pytest.mark.parametrize("task", TASKS)
def test_scored_twice_it_is_the_same_to_the_byte(task: str, attempt: Playing) -> None:
    played = attempt(task, "sloppy")
    again = played.scored(open_recording(played.recording.path))
    assert json.dumps(score_json(again)) == json.dumps(score_json(played.score))


FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in "0123456789.+-"}


def full_width(text: str, _field: Field) -> str:
    return text.translate(FULL_WIDTH)


def decimal_comma(text: str, _field: Field) -> str:
    return text.replace(".", ",")


def with_unit(text: str, field: Field) -> str:
    """A number without a unit gets one; words and other units stay."""
    bare = re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+(e[-+]?[0-9]+)?", text)
    return f"{text} {field.unit}".strip() if bare else text


NOTATIONS = [full_width, decimal_comma, with_unit]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_every_number_may_be_typed_in_another_notation(
    task: str,
    notation: Callable[[str, Field], str],
    attempt: Playing,
    tmp_path: Path,
) -> None:
    played = attempt(task, "competent")
    fields = {field.id: field for field in played.rubric.form}

    def typed(event: Event) -> Body:
        field = fields.get(str(event.body.get("field")))
        if event.stream != "form" or field is None:
            return event.body
        return {**event.body, "value": _typed(event.body["value"], field, notation)}

    score = rescored(played, tmp_path, Retelling(bodies=typed))
    assert fractions(score) == fractions(played.score)


def _typed(value: Any, field: Field, notation: Callable[[str, Field], str]) -> Any:
    if field.type == "number":
        return notation(str(value), field)
    if field.type == "table" and isinstance(value, dict):
        return {row: notation(str(cell), field) for row, cell in value.items()}
    if field.type == "dtc" and isinstance(value, str):
        return value.replace("-", " ").lower()
    return value
