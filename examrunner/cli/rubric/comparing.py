"""What an edited rubric would have done to attempts that were judged before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from examrunner.cli.attempts import (
    Attempt,
    attached_rubric,
    attempt_at,
    scored,
    timeline_of,
    with_keys_of,
)
from examrunner.content.search import SearchPath
from examrunner.criteria.wording import say
from examrunner.model.rubric import Rubric
from examrunner.model.score import CriterionScore, Points, Score, Verdict
from examrunner.scoring.score_json import points_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A criterion, veto or deduction that comes out otherwise.

    Attributes:
        id: Its id or code.
        before: With the rubric of the recording; None if that does not have it, or it
            was not raised.
        after: With the edited rubric; None likewise.
    """

    id: str
    before: CriterionScore | None
    after: CriterionScore | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One recording under both rubrics.

    Attributes:
        path: The recording.
        revision: Of the rubric that it was recorded with.
        before: Its score under that one.
        after: Its score under the edited one.
        has_case: Whether its secrets were found.
    """

    path: Path
    revision: int
    before: Score
    after: Score
    has_case: bool

    def changes(self) -> Iterator[Change]:
        """What comes out otherwise, in the order of the edited rubric."""
        before = {each.id: each for each in self.before.criteria}
        after = {each.id: each for each in self.after.criteria}
        for id_ in dict.fromkeys([*after, *before]):
            change = Change(id=id_, before=before.get(id_), after=after.get(id_))
            if _told(change.before) != _told(change.after):
                yield change

    @property
    def is_changed(self) -> bool:
        """Whether points, verdict or any criterion come out otherwise."""
        same = self.before.points == self.after.points
        same &= self.before.verdict == self.after.verdict
        return not same or next(self.changes(), None) is not None

    @property
    def now_passes(self) -> bool:
        """Whether it passes and did not before."""
        return self.after.verdict is Verdict.PASS is not self.before.verdict

    @property
    def now_fails(self) -> bool:
        """Whether it passed and does not any more."""
        return self.before.verdict is Verdict.PASS is not self.after.verdict


def _told(score: CriterionScore | None) -> tuple[object, ...] | None:
    return None if score is None else (score.outcome, score.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Every recording that was named.

    Attributes:
        edited: The rubric as it is now.
        comparisons: Those of this task.
        others: Recordings of other tasks, which were left out.
    """

    edited: Rubric
    comparisons: tuple[Comparison, ...]
    others: tuple[Path, ...]

    @property
    def verdicts_stay(self) -> bool:
        """Whether nobody passes or fails who did not before."""
        return all(c.before.verdict == c.after.verdict for c in self.comparisons)


def compare(
    edited: Rubric,
    recordings: Sequence[Path],
    path: SearchPath,
    case: Path | None = None,
    decisions: Path | None = None,
) -> Compared:
    """Judge recordings with the rubric that they carry and with the edited one.

    Args:
        edited: The rubric as it is now.
        recordings: Recordings of this task or of others.
        path: Where rigs are found that a recording does not carry.
        case: Case file, instead of the one beside the recording.
        decisions: Decisions file, likewise.

    Raises:
        ContentError: If a file beside a recording is wrong.
        RecordingError: If a recording cannot be read.
    """
    found, others = [], []
    for name in recordings:
        attempt = attempt_at(name, case, decisions)
        before = attached_rubric(attempt.recording)
        if before.id == edited.id:
            found.append(_compared(attempt, before, edited, path))
        else:
            others.append(name)
    return Compared(edited=edited, comparisons=tuple(found), others=tuple(others))


def _compared(
    attempt: Attempt, before: Rubric, edited: Rubric, path: SearchPath
) -> Comparison:
    timeline = timeline_of(attempt.recording, before, path)
    corrected = replace(attempt, case=with_keys_of(edited, attempt.case))
    return Comparison(
        path=attempt.recording.path,
        revision=before.revision,
        before=scored(timeline, before, attempt),
        after=scored(timeline, edited, corrected),
        has_case=bool(attempt.case.digest),
    )


def compared_json(compared: Compared) -> dict[str, Any]:
    """The comparison as ``--json`` prints it."""
    listed = compared.comparisons
    return {
        "recordings": [_comparison_json(each) for each in listed],
        "left_out": [str(name) for name in compared.others],
        "changed": sum(each.is_changed for each in listed),
        "now_pass": [str(each.path) for each in listed if each.now_passes],
        "now_fail": [str(each.path) for each in listed if each.now_fails],
    }


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "recording": str(comparison.path),
        "case": comparison.has_case,
        "revision": comparison.revision,
        "points": {
            "before": points_json(comparison.before.points),
            "after": points_json(comparison.after.points),
        },
        "verdict": {
            "before": comparison.before.verdict.value,
            "after": comparison.after.verdict.value,
        },
        "changes": [
            {
                "id": change.id,
                "before": _score_json(change.before),
                "after": _score_json(change.after),
            }
            for change in comparison.changes()
        ],
    }


def _score_json(score: CriterionScore | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "outcome": score.outcome.value,
        "points": points_json(score.points),
        "reason": say(score.reason, "en"),
    }


def compared_lines(compared: Compared) -> Iterator[str]:
    """The comparison as a person reads it."""
    for each in compared.comparisons:
        yield (
            f"{each.path.name}: {_total(each.before)} -> {_total(each.after)}"
            f"{'' if each.has_case else ' (no case.json beside it)'}"
        )
        for change in each.changes():
            yield f"    {change.id:<4} {_one(change.before)} -> {_one(change.after)}"
            if change.after is not None:
                yield f"         {say(change.after.reason, 'en')}"
    listed, edited = compared.comparisons, compared.edited
    yield (
        f"{edited.id} revision {edited.revision}: {len(listed)} recordings, "
        f"{sum(c.is_changed for c in listed)} change, "
        f"{sum(c.now_passes for c in listed)} would pass that did not, "
        f"{sum(c.now_fails for c in listed)} would not pass that did."
    )
    if compared.others:
        yield f"{len(compared.others)} recordings of other tasks were left out."


def _total(score: Score) -> str:
    return f"{_span(score.points)} {score.verdict.value}"


def _one(score: CriterionScore | None) -> str:
    if score is None:
        return "not asked"
    return (
        f"{_span(score.points)} of {points_json(score.points)['max']} {score.outcome}"
    )


def _span(points: Points) -> str:
    shown = points_json(points)
    low, high = shown["low"], shown["high"]
    return low if low == high else f"{low} to {high}"
