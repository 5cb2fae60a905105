"""A recording with what lies beside it, opened for judging."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from examrunner.archive.layout import MANIFEST, segment_paths
from examrunner.archive.reading import Recording, open_recording
from examrunner.content.attempt_files import read_decisions
from examrunner.content.cases import read_case
from examrunner.content.rigs import attached_rig, read_rig
from examrunner.content.rubrics import parse_rubric
from examrunner.content.search import SearchPath
from examrunner.decode.timeline import build_timeline
from examrunner.model.case import Case
from examrunner.model.decision import Decision
from examrunner.model.digests import digest_of
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests, Score
from examrunner.model.timeline import Timeline
from examrunner.model.traces import Earlier
from examrunner.scoring import judge, settle
from examrunner.scoring.software import deciding_software

DATABASES: Final = "dbc/"
DEEPEST: Final = 4
"""Folders below the one that is searched for recordings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A recording, its secrets, and what people decided.

    Attributes:
        recording: What was recorded.
        case: Its secrets; without a file, none.
        decisions: What examiners said; without a file, nothing.
    """

    recording: Recording
    case: Case
    decisions: tuple[Decision, ...]


def recordings_in(paths: Sequence[Path]) -> Iterator[Path]:
    """Every recording that is named, or lies in a folder that is named.

    Raises:
        ContentError: If a folder holds none.
    """
    for path in paths:
        found = [path] if _is_recording(path) else sorted(_below(path, DEEPEST))
        if not found:
            raise ContentError(
                "there is no recording here.",
                where=str(path),
                remedy="Name a recording, or a folder that holds some.",
            )
        yield from found


def _is_recording(path: Path) -> bool:
    if not path.is_dir():
        return path.is_file()
    return (path / MANIFEST).is_file() or bool(segment_paths(path))


def _below(folder: Path, depth: int) -> Iterator[Path]:
    if not depth or not folder.is_dir():
        return
    for child in folder.iterdir():
        if child.is_dir() and _is_recording(child):
            yield child
        elif child.is_dir():
            yield from _below(child, depth - 1)


def attempt_at(
    path: Path, case: Path | None = None, decisions: Path | None = None
) -> Attempt:
    """The attempt of a recording.

    Args:
        path: The recording.
        case: Its case file; without, ``NAME.case.json`` beside it, else ``case.json``
            in the same folder.
        decisions: Likewise ``NAME.decisions.json`` or ``decisions.json``.

    Raises:
        ContentError: If a file is wrong.
        RecordingError: If the recording cannot be read.
    """
    found = case or _beside(path, "case.json")
    said = decisions or _beside(path, "decisions.json")
    return Attempt(
        recording=open_recording(path),
        case=read_case(found) if found else Case(),
        decisions=read_decisions(said) if said else (),
    )


def _beside(path: Path, name: str) -> Path | None:
    own, shared = path.with_name(f"{path.name}.{name}"), path.with_name(name)
    return next((file for file in (own, shared) if file.is_file()), None)


def attached_rubric(recording: Recording) -> Rubric:
    """The rubric that a recording carries.

    Raises:
        ContentError: If it carries none, or one that cannot be read.
    """
    attached = recording.attachments().get("rubric.yaml")
    if attached is None:
        raise ContentError(
            "the recording carries no rubric.",
            where=str(recording.path),
            remedy="Name one with --rubric.",
        )
    return parse_rubric(attached, recording.path / "rubric.yaml")


def timeline_of(
    recording: Recording,
    rubric: Rubric,
    path: SearchPath,
    databases: Mapping[str, bytes] | None = None,
) -> Timeline:
    """What a recording says, read with its own rig or else the rubric's.

    Raises:
        ContentError: If rig or databases cannot be used.
    """
    attached = recording.attachments()
    rig = attached_rig(attached, recording.path) or read_rig(rubric.rig, path)
    return build_timeline(recording, rig, databases)


def scored(
    timeline: Timeline,
    rubric: Rubric,
    attempt: Attempt,
    databases: Mapping[str, bytes] | None = None,
    earlier: Sequence[Earlier] = (),
) -> Score:
    """The score of an attempt under a rubric.

    Args:
        timeline: What its recording says.
        rubric: What is asked.
        attempt: Its secrets and decisions.
        databases: Instead of the recording's own.
        earlier: Recordings that it must not repeat.
    """
    recording, case = attempt.recording, attempt.case
    used = databases or {
        name.removeprefix(DATABASES): bytes(data)
        for name, data in recording.attachments().items()
        if name.startswith(DATABASES)
    }
    digests = Digests(
        recording=recording.digest,
        rubric=rubric.digest,
        case=case.digest,
        databases={name: digest_of(data) for name, data in used.items()},
    )
    judgements = judge(timeline, rubric, case, earlier=earlier)
    software = deciding_software()
    return settle(
        rubric, judgements, attempt.decisions, digests=digests, software=software
    )


def with_keys_of(rubric: Rubric, case: Case) -> Case:
    """The case with the answer keys that this edition of the rubric gives its variant.

    A corrected key is part of what an author changed.
    """
    variant = rubric.variants.get(case.variant)
    if variant is None or not variant.truth:
        return case
    return replace(case, truth={**case.truth, **variant.truth})
