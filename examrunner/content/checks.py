"""Is a piece of content right, with everything that it refers to?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.content.documents import read_document
from examrunner.content.mistakes import nearest
from examrunner.content.rigs import read_rig
from examrunner.content.rubric_folder import check_folder
from examrunner.content.schemes import read_scheme
from examrunner.content.search import Found, SearchPath
from examrunner.content.stations import read_station
from examrunner.decode.databases import load_database
from examrunner.model.errors import ContentError

Check = Callable[[Found, SearchPath], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check came to.

    Attributes:
        found: What was checked.
        error: What is wrong; None if nothing.
    """

    found: Found
    error: ContentError | None


def check_content(found: Found, path: SearchPath) -> Finding:
    """Read one piece of content as the programs do."""
    try:
        CHECKS[found.kind](found, path)
    except ContentError as error:
        return Finding(found=found, error=error)
    return Finding(found=found, error=None)


def _check_database(found: Found, path: SearchPath) -> None:
    del path
    load_database(found.path.read_bytes(), found.path.name)


def _check_ecus(found: Found, path: SearchPath) -> None:
    read_rig(found.name, path)


def _check_rig(found: Found, path: SearchPath) -> None:
    rig = read_rig(found.name, path)
    document = read_document(path.find("rig", found.name))
    signals: set[str] = set()
    for channel in rig.channels:
        try:
            database = path.find("dbc", channel.database)
        except ContentError as error:
            raise document.fail(
                error.problem, error.remedy, ("channels", channel.name, "database")
            ) from error
        signals |= _signals(database)
    for number, name in enumerate(rig.watch):
        if name not in signals:
            raise document.fail(
                f"no database of the rig has the signal '{name}'.",
                nearest(name, signals),
                ("watch", number),
            )


def _signals(database: Path) -> set[str]:
    loaded = load_database(database.read_bytes(), database.name)
    return {f"{m.name}.{s.name}" for m in loaded.messages for s in m.signals}


def _check_station(found: Found, path: SearchPath) -> None:
    read_station(found.name, path)


def _check_scheme(found: Found, path: SearchPath) -> None:
    scheme = read_scheme(found.name, path)
    document = read_document(found.path)
    for number, component in enumerate(scheme.components):
        try:
            path.find("rubric", f"{scheme.id}/{component.task}")
        except ContentError as error:
            raise document.fail(
                error.problem, error.remedy, ("components", number, "task")
            ) from error


def _check_rubric(found: Found, path: SearchPath) -> None:
    check_folder(found.path, path)


def _check_text(found: Found, path: SearchPath) -> None:
    del path
    try:
        text = found.path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ContentError(
            "the file is not UTF-8 text.",
            where=str(found.path),
            remedy="Save it as UTF-8.",
        ) from None
    if not text.strip():
        raise ContentError(
            "the file is empty.", where=str(found.path), remedy="Write it."
        )


CHECKS: Final[Mapping[str, Check]] = {
    "dbc": _check_database,
    "ecus": _check_ecus,
    "rig": _check_rig,
    "rubric": _check_rubric,
    "scheme": _check_scheme,
    "sheet": _check_text,
    "station": _check_station,
}
