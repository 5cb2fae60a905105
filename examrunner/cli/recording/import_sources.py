"""What `recording import` is given, read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from examrunner.archive.formats.detection import read_log
from examrunner.archive.formats.picture_folder import pictures_in
from examrunner.archive.importing import Sources, last_ns
from examrunner.archive.log_file import LogFile
from examrunner.content.attempt_files import read_answers, read_events
from examrunner.content.mistakes import nearest
from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.decode.vision.video import stills_of
from examrunner.model.errors import ContentError, RecordingError
from examrunner.model.recording import Picture
from examrunner.model.station import Rig

Attachments = tuple[tuple[str, str, bytes], ...]


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """Its name."""


def rig_of(
    station: str | None, path: SearchPath
) -> tuple[str, Rig | None, Attachments]:
    """Station name, rig, and the files of the rig that a recording keeps.

    Args:
        station: Name of a station, or of a rig type; None for neither.
        path: Where content lies.

    Raises:
        ContentError: If there is none of that name, or one of its files is wrong.
    """
    if station is None:
        return "", None, ()
    if any(rig.name == station for rig in path.list("rig")):
        rig, name = read_rig(station, path), ""
    else:
        found = read_station(station, path)
        rig, name = found.rig, found.name
    return name, rig, tuple(_attached(rig, path))


def _attached(rig: Rig, path: SearchPath) -> Iterable[tuple[str, str, bytes]]:
    for kind in ("rig", "ecus"):
        file = path.find(kind, rig.name)
        yield f"{kind}.yaml", "application/yaml", file.read_bytes()
    for channel in rig.channels:
        file = path.find("dbc", channel.database)
        yield f"dbc/{channel.name}.dbc", "text/x-dbc", file.read_bytes()


def logs_of(specifications: Sequence[str], format_: str) -> dict[str, LogFile]:
    """The logs of ``CHANNEL=FILE`` or ``CHANNEL=FILE#NUMBER`` by channel.

    Raises:
        RecordingError: If one is written wrongly or cannot be read.
    """
    logs: dict[str, LogFile] = {}
    read: dict[Path, LogFile] = {}
    for name, file in _named_files(specifications, "--can CHANNEL=FILE"):
        path, number = _numbered(file)
        if path not in read:
            read[path] = read_log(path, format_)
        logs[name] = _only(read[path], number, path)
    return logs


def _numbered(file: str) -> tuple[Path, int | None]:
    before, mark, number = file.rpartition("#")
    if mark and number.isdecimal() and not Path(file).exists():
        return Path(before), int(number)
    return Path(file), None


def _only(log: LogFile, number: int | None, path: Path) -> LogFile:
    if number is None:
        return log
    if number not in log.channels:
        raise RecordingError(
            f"the log has no channel {number}.",
            where=str(path),
            remedy=f"It has: {', '.join(map(str, log.channels))}.",
        )
    return replace(log, channels={number: log.channels[number]})


def pictures_of(
    specifications: Sequence[str], every_s: float
) -> dict[str, Iterable[Picture]]:
    """The pictures of ``NAME=DIR`` or ``NAME=FILE`` (a video) by camera.

    Raises:
        RecordingError: If one is written wrongly or is not there.
    """
    cameras: dict[str, Iterable[Picture]] = {}
    for name, file in _named_files(specifications, "--camera NAME=DIR|FILE"):
        path = Path(file)
        if not path.exists():
            raise RecordingError(
                "there is no such folder or video.",
                where=file,
                remedy="Check the path.",
            )
        pictures = pictures_in if path.is_dir() else stills_of
        cameras[name] = pictures(path, name, every_s)
    return cameras


def _named_files(
    specifications: Sequence[str], option: str
) -> Iterable[tuple[str, str]]:
    names: set[str] = set()
    for text in specifications:
        name, is_named, file = text.partition("=")
        if not is_named or not file or not name or "/" in name or name in names:
            again = " a second time" if name in names else ""
            raise RecordingError(
                f"'{text}' does not say{again} which file is which stream.",
                where="command line",
                remedy=f"Write {option}, each name once, without a slash in the name.",
            )
        names.add(name)
        yield name, file


def complete(sources: Sources, answers: Path | None, events: Path | None) -> Sources:
    """With operations, and with answers: those without a time were given at the end.

    Raises:
        ContentError: If a file is wrong.
    """
    with_events = replace(sources, operations=read_events(events) if events else ())
    stops = (op.t_ns for op in with_events.operations if op.name == "stop")
    end_ns = next(stops, last_ns(with_events))
    edits = read_answers(answers, at_ns=end_ns) if answers else ()
    return replace(with_events, edits=edits)


def check_names(
    what: str, given: Mapping[str, object], known: Iterable[Named], rig: str
) -> None:
    """Refuse streams that the rig does not have.

    Raises:
        ContentError: With the nearest name.
    """
    names = [each.name for each in known]
    for name in given:
        if name in names:
            continue
        raise ContentError(
            f"the rig {rig} has no {what} '{name}'.",
            where="command line",
            remedy=nearest(name, names) if names else f"It has no {what} at all.",
        )
