"""Tracks of the cases by which a recording is recognised again."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from examrunner.content.cases import make_case
from examrunner.content.example_timeline import timeline_of
from examrunner.content.examples import ExampleFile
from examrunner.content.rubric_signals import KnownSignal
from examrunner.model.challenge import display_number, marks
from examrunner.model.decision import Decision
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests, Score
from examrunner.model.timeline import NS_PER_S, Series, Sighting
from examrunner.model.traces import Earlier, NoiseTrace, PictureTrace
from examrunner.scoring.judging import judge
from examrunner.scoring.settling import settle

KEYS = {"challenge", "marks", "displays", "noise", "pictures", "earlier"}
"""Keys of a case that no worked example of a rubric has."""
MARK_S = 0.1
PLACES = 1024


def score_with(
    rubric: Rubric,
    signals: Mapping[str, KnownSignal],
    example: ExampleFile,
    said: Mapping[str, Any],
) -> Score:
    """The score of an example that also remembers what the case says."""
    challenge = said.get("challenge", "")
    case = make_case(rubric, example.variant, example.reference, challenge)
    timeline = timeline_of(example, case, signals)
    displays = map(a_display, said.get("displays", []))
    seen = [*timeline.sightings, *(each for some in displays for each in some)]
    timeline = replace(
        timeline,
        signals={**timeline.signals, **dict(map(a_signal, said.get("marks", [])))},
        sightings=tuple(sorted(seen, key=lambda each: each.t_ns)),
        noise=tuple(map(a_noise, said.get("noise", []))),
        pictures=pictures_of(said.get("pictures", [])),
    )
    earlier = [an_earlier(each) for each in said.get("earlier", [])]
    judgements = judge(timeline, rubric, case, earlier=earlier)
    digests = Digests(recording="", rubric=rubric.digest, case=case.digest)
    decisions = [Decision(at="", **entry.model_dump()) for entry in example.decisions]
    return settle(rubric, judgements, decisions, digests=digests, software={})


def ns(at_s: float) -> int:
    return round(at_s * NS_PER_S)


def a_signal(said: Mapping[str, Any]) -> tuple[str, Series]:
    """Bits of challenges as a rig sends them, one a tenth of a second.

    ``parts`` are stretches with the challenge that each shows; ``told_s`` is when the
    rig was told it, ``late_s`` how late it sends, ``drift`` how slow its clock is.
    """
    times, raw = [], []
    for part in said["parts"]:
        count = int((part["to_s"] - said["told_s"]) / MARK_S) + 1
        shown = marks(part["shows"], count)
        number = np.arange(round((part["from_s"] - said["told_s"]) / MARK_S), count)
        at_s = said["told_s"] + said.get("late_s", 0.03)
        at_s = at_s + MARK_S * number * (1 + said.get("drift", 0.0))
        kept = (at_s >= part["from_s"]) & (at_s < part["to_s"])
        bits = shown[number][kept].astype(np.int64)
        every = part.get("flip_every")
        if every:
            bits[::every] ^= 1
        keep = np.arange(len(bits)) % said.get("one_in", 1) == 0
        times.append(at_s[kept][keep])
        raw.append(bits[keep])
    name = said.get("signal", "RIG_Status.RIG_Mark")
    at_ns = np.round(np.concatenate(times) * NS_PER_S).astype(np.int64)
    bits = np.concatenate(raw)
    return name, Series(
        name=name,
        unit="",
        t_ns=at_ns,
        values=bits.astype(np.float64),
        raw=bits,
        quality=np.zeros(len(bits), np.uint8),
        hold_s=0.3,
    )


def a_display(said: Mapping[str, Any]) -> Iterable[Sighting]:
    """Pictures of a display: at ``t_s`` it shows the number of ``as_of_s``."""
    for t_s in said["t_s"]:
        since_ns = ns(said.get("as_of_s", t_s) - said["told_s"])
        numbers = [display_number(each, since_ns) for each in said.get("shows", [])]
        ids = np.array(sorted([*numbers, *said.get("ids", [])]), np.int32)
        yield Sighting(
            camera=said.get("camera", "work_area"),
            t_ns=ns(t_s),
            ids=ids,
            corners_px=np.zeros((len(ids), 4, 2)),
        )


def a_noise(said: Mapping[str, Any]) -> NoiseTrace:
    """One mark every half second, each of a stretch of one second."""
    numbers = [number for part in said["marks"] for number in listed(part)]
    t_ns = np.array(
        [ns(said.get("from_s", 0) + 0.5 * row) for row in range(len(numbers))], np.int64
    )
    return NoiseTrace(
        name=said["signal"],
        t_ns=t_ns,
        end_ns=t_ns + ns(1),
        marks=np.array(numbers, np.uint64),
    )


def listed(part: int | list[int]) -> Iterable[int]:
    """A mark, or those from the first to the last of two."""
    return [part] if isinstance(part, int) else range(part[0], part[1] + 1)


def pictures_of(said: Iterable[Mapping[str, Any]]) -> tuple[PictureTrace, ...]:
    """Pictures; ``every_s`` repeats one until ``to_s``, each with its own grain."""
    found = []
    for each in said:
        times = np.arange(
            each["t_s"], each.get("to_s", each["t_s"] + 1), each.get("every_s", 1)
        )
        found += [a_picture(each, float(at_s)) for at_s in times]
    return tuple(sorted(found, key=lambda trace: trace.t_ns))


def a_picture(said: Mapping[str, Any], at_s: float) -> PictureTrace:
    """A picture; ``grain`` names its noise, ``differ`` places of it are otherwise."""
    seed = said.get("grain", round(1000 * at_s) + 10**9)
    bits = np.random.default_rng(seed).integers(0, 2, PLACES, dtype=np.uint8)
    bits[: said.get("differ", 0)] ^= 1
    flat = np.arange(PLACES) < said.get("flat", PLACES)
    return PictureTrace(
        camera=said.get("camera", "front"),
        picture=said.get("picture", f"p{at_s:g}"),
        t_ns=ns(at_s),
        purpose=said.get("purpose", "still"),
        size_px=tuple(said.get("size_px", (1280, 720))),
        brightness=said.get("brightness", 120.0),
        detail=said.get("detail", 900.0),
        change=said.get("change", 0.6),
        grain=np.packbits(bits).view(np.uint64),
        flat=np.packbits(flat.astype(np.uint8)).view(np.uint64),
    )


def an_earlier(said: Mapping[str, Any]) -> Earlier:
    noise = {
        name: np.array(sorted(n for part in parts for n in listed(part)), np.uint64)
        for name, parts in said.get("noise", {}).items()
    }
    pictures = pictures_of(said.get("pictures", []))
    return Earlier(digest=said["digest"], noise=noise, pictures=pictures)
