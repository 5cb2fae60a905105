"""Which edition of the station wrote a data folder: no upgrade in mid-exam."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from examrunner.archive.durable import disk_of, write_durably
from examrunner.model.errors import RecordingError

EDITION_FILE: Final = "edition.json"
FORMAT: Final = 1
"""Counts up whenever files of an attempt, or the outbox, change their meaning."""
UNKNOWN: Final = "an earlier version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What wrote a folder.

    Attributes:
        software: Version of examrunner.
        format: ``FORMAT`` of that version.
    """

    software: str
    format: int


def this_edition() -> Edition:
    """The program that runs now."""
    return Edition(software=version("examrunner"), format=FORMAT)


def take_over(data: Path, ours: Edition) -> None:
    """Makes this edition the one that writes here from now on.

    Raises:
        RecordingError: See ``check``; then nothing was changed.
    """
    check(data, ours)
    path = data / EDITION_FILE
    if _kept(path) == ours:
        return
    with disk_of(path):
        data.mkdir(parents=True, exist_ok=True)
        write_durably(path, json.dumps(asdict(ours)).encode())


def check(data: Path, ours: Edition) -> None:
    """Whether this edition may work here.

    It goes by the names of files alone, as their content may have another meaning.

    Raises:
        RecordingError: If an attempt of another edition is not finished, or a later
            one has written here.
    """
    path = data / EDITION_FILE
    theirs = _kept(path)
    if theirs == ours:
        return
    if running := begun(data):
        raise _in_mid_exam(running, theirs, ours, data)
    if theirs is not None and theirs.format > ours.format:
        raise RecordingError(
            f"examrunner {theirs.software} has written here; {ours.software} is older "
            "and cannot read it.",
            where=str(path),
            remedy=f"Install examrunner {theirs.software} again.",
        )


def begun(data: Path) -> tuple[str, ...]:
    """Attempts that have a recording which is not packed for delivery."""
    return tuple(
        sorted(
            path.parent.name
            for path in data.glob("attempts/*/lease.json")
            if (path.parent / "recording").is_dir()
            and not (path.parent / "recording.tar").exists()
        )
    )


def _kept(path: Path) -> Edition | None:
    if not path.exists():
        return None
    try:
        with disk_of(path):
            kept = json.loads(path.read_bytes())
        return Edition(software=str(kept["software"]), format=int(kept["format"]))
    except (ValueError, KeyError, TypeError):
        raise RecordingError(
            "it cannot be read which version has written here.",
            where=str(path),
            remedy="Move this file away if no exam was interrupted; else ask for help.",
        ) from None


def _in_mid_exam(
    running: Sequence[str], theirs: Edition | None, ours: Edition, data: Path
) -> RecordingError:
    before = UNKNOWN if theirs is None else f"examrunner {theirs.software}"
    return RecordingError(
        f"attempt {running[0]} was begun with {before} and is not finished; this is "
        f"examrunner {ours.software}. Nothing was changed.",
        where=str(data),
        remedy=f"Start {before} again until the attempt is delivered, then upgrade.",
    )
