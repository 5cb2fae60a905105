"""A worked example made from an attempt, thinned to what its rubric looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from examrunner.content.documents import LARGEST_FILE_BYTES, parse_document, read_as
from examrunner.content.examples import EXAMPLE, ExampleFile
from examrunner.content.rubric_folder import score_example
from examrunner.content.rubric_signals import KnownSignal
from examrunner.content.thinning.bus import (
    Coarseness,
    Pictures,
    Sent,
    payload_entries,
    sent,
    signal_entry,
)
from examrunner.content.thinning.flow import yaml_text
from examrunner.content.thinning.heard import Listening
from examrunner.content.thinning.looking import asked_of, looked_at, quoted_rows
from examrunner.content.thinning.tracks import (
    board_entry,
    decision_entry,
    edit_entry,
    error_entries,
    exchange_entry,
    loss_entries,
    operation_entries,
    pose_entry,
    reference_entry,
    seconds,
    sighting_entries,
    truth_entry,
)
from examrunner.criteria.spans import NOWHERE
from examrunner.model.case import Case
from examrunner.model.decision import Decision
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Rubric
from examrunner.model.score import CriterionScore, Digests, Score
from examrunner.model.timeline import NS_PER_S, Timeline
from examrunner.scoring import judge, settle
from examrunner.scoring.clocks import exam_clock

BEFORE_S: Final = 2.0
AFTER_S: Final = 1.0
"""Bus traffic that is kept before the start and after the stop."""
CLOSE: Final = 0.1
"""Points by which an example may differ from its recording."""
PICTURES: Final[tuple[Pictures, ...]] = ("new", "all", "places")
LADDER: Final = tuple(
    Coarseness(
        time_s=time_s,
        steps=steps,
        share=share,
        exact=exact,
        whole=whole,
        pictures=pictures,
    )
    for time_s, steps, share, exact, whole in (
        (5e-3, 40.0, 0.05, False, False),
        (2e-3, 8.0, 0.02, False, False),
        (2e-3, 40.0, 0.05, True, False),
        (5e-4, 8.0, 0.02, True, False),
        (5e-4, 0.5, 0.0, True, True),
        (0.0, 0.5, 0.0, True, True),
    )
    for pictures in PICTURES
)
"""What is left out, tried in this order until the example comes out the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An attempt with all that an example tells of it.

    Attributes:
        timeline: What was recorded.
        rubric: What is asked.
        case: Its secrets; the variant has to be one of the rubric's.
        decisions: What people decided.
        signals: What the rig's databases say, by ``Message.Signal``.
        because: Why it has to come out so, as the author says.
        profile: Profile of the example.
    """

    timeline: Timeline
    rubric: Rubric
    case: Case
    decisions: Sequence[Decision]
    signals: Mapping[str, KnownSignal]
    because: str
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A worked example and how true it is.

    Attributes:
        text: The file.
        score: What it earns, which is what its recording earned.
        differences: One sentence for each thing that comes out otherwise; empty if
            the example is as good as its recording.
    """

    text: str
    score: Score
    differences: tuple[str, ...]


def make_example(told: Told) -> Made:
    """The shortest example that comes out as its recording does.

    Raises:
        ContentError: If the rubric lacks the variant, or the example is too long for
            a file.
    """
    if told.case.variant not in told.rubric.variants:
        raise ContentError(
            f"{told.rubric.id} has no variant '{told.case.variant}'.",
            where="case",
            remedy="Name the case file of the attempt.",
        )
    listening = Listening.to(told.timeline)
    judgements = judge(listening.timeline, told.rubric, told.case)
    digests = Digests(recording="", rubric=told.rubric.digest, case=told.case.digest)
    wanted = settle(
        told.rubric, judgements, told.decisions, digests=digests, software={}
    )
    best: Made | None = None
    for coarse in LADDER:
        found = _made(told, listening, wanted, coarse)
        if found is None:
            continue
        if best is None or len(found.differences) < len(best.differences):
            best = found
        if not best.differences:
            break
    if best is None:
        raise ContentError(
            f"the example would have more than {LARGEST_FILE_BYTES:,} bytes.",
            where="recording",
            remedy="Take a shorter attempt, or write the example by hand.",
        )
    return best


def _made(
    told: Told, listening: Listening, wanted: Score, coarse: Coarseness
) -> Made | None:
    """The example of one coarseness; None if it is too long for a file."""
    entries = _entries(told, listening, coarse)
    outcome = {each.id: each.outcome.value for each in wanted.criteria}
    head = {"because": told.because, "profile": told.profile}
    end = {
        "expect": outcome,
        "points": [float(wanted.points.low), float(wanted.points.high)],
        "verdict": wanted.verdict.value,
    }
    text = yaml_text({**head, **entries, **end})
    if len(text.encode()) > LARGEST_FILE_BYTES:
        return None
    score = score_example(told.rubric, told.signals, _parsed(text))
    differences = tuple(_differences(wanted, score))
    if not differences:
        exact = [float(score.points.low), float(score.points.high)]
        text = yaml_text({**head, **entries, **end, "points": exact})
    return Made(text=text, score=score, differences=differences)


def _parsed(text: str) -> ExampleFile:
    return read_as(EXAMPLE, parse_document(text.encode(), Path("example")))


def _entries(told: Told, listening: Listening, coarse: Coarseness) -> dict[str, Any]:
    timeline = told.timeline
    clock = exam_clock(timeline)
    messages, signals = _bus(told, listening, coarse)
    names = [name.removeprefix("fib.") for name in listening.truth]
    found: dict[str, Any] = {
        "variant": told.case.variant,
        "lasting_s": seconds(timeline.duration_ns),
        "start_s": seconds(clock.start_ns),
        "stop_s": seconds(clock.stop_ns),
        "reference": reference_entry(told.case.reference),
        "messages": messages,
        "signals": signals,
        "truth": {n: truth_entry(timeline.truth[n], coarse) for n in sorted(names)},
        "uds": [exchange_entry(each) for each in timeline.exchanges],
        "ops": list(operation_entries(timeline.ops)),
        "form": [edit_entry(each) for each in timeline.form],
        "sightings": list(sighting_entries(timeline.sightings, coarse)),
        "poses": [pose_entry(each) for each in timeline.poses],
        "boards": [board_entry(each) for each in timeline.views],
        "losses": loss_entries(timeline),
        "errors": {
            name: error_entries(each, coarse) for name, each in timeline.bus.items()
        },
        "decisions": [decision_entry(each) for each in told.decisions],
    }
    return {key: value for key, value in found.items() if value not in ({}, [])}


def _bus(
    told: Told, listening: Listening, coarse: Coarseness
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Messages and signals that the rubric looks at."""
    clock = exam_clock(told.timeline)
    within = (
        clock.start_ns - round(BEFORE_S * NS_PER_S),
        clock.stop_ns + round(AFTER_S * NS_PER_S),
    )
    known = {name.partition(".")[0] for name in told.signals}
    names = {name.partition(".")[0] for name in listening.signals}
    asked = asked_of(told.rubric, told.case)
    spans = looked_at(told.timeline, told.case, asked) if coarse.exact else {}
    frames: dict[str, Sent] = {}
    messages: dict[str, Any] = {}
    for name in sorted(names | set(listening.messages)):
        if name not in known or name not in told.timeline.messages:
            continue
        message = told.timeline.message(name)
        found = sent(message, within, coarse)
        # A message that never came is told as one that ends before it begins.
        messages[name] = {"from_s": 0, "to_s": 0} if found is None else found.entry
        if found is not None:
            frames[name] = found
            quoted = quoted_rows(told.timeline, message, asked)
            found.entry.update(payload_entries(message, found, quoted))
    signals: dict[str, Any] = {}
    for name in sorted(listening.signals):
        carried = frames.get(name.partition(".")[0])
        if carried is None or name not in told.signals:
            continue
        series = told.timeline.series(name)
        windows = spans.get(name, NOWHERE)
        entry = signal_entry(series, carried, told.signals[name], coarse, windows)
        if entry is not None:
            signals[name] = entry
    return messages, signals


def _differences(wanted: Score, found: Score) -> list[str]:
    """What comes out otherwise, one sentence each."""
    said = []
    other = {each.id: each for each in found.criteria}
    for each in wanted.criteria:
        mine = other.pop(each.id, None)
        if mine is None or not _equal(each, mine):
            said.append(f"{each.id} is {_short(each)}, in the example {_short(mine)}.")
    said += [f"{id_} is only in the example." for id_ in other]
    if wanted.verdict != found.verdict:
        said.append(f"the verdict is {wanted.verdict}, in the example {found.verdict}.")
    ends = (
        (wanted.points.low, found.points.low),
        (wanted.points.high, found.points.high),
    )
    for before, after in dict.fromkeys(ends):
        if abs(float(before) - float(after)) > CLOSE + 1e-9:
            said.append(f"the points are {before:f}, in the example {after:f}.")
    return said


def _equal(first: CriterionScore, second: CriterionScore) -> bool:
    close = abs(float(first.points.low) - float(second.points.low)) <= CLOSE
    close &= abs(float(first.points.high) - float(second.points.high)) <= CLOSE
    return close and first.outcome == second.outcome


def _short(score: CriterionScore | None) -> str:
    if score is None:
        return "not asked"
    low, high = float(score.points.low), float(score.points.high)
    span = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"{score.outcome} with {span} points"
