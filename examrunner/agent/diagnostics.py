"""One archive about a station for whoever helps from afar.

Nothing personal and nothing secret goes into it: it is built from what is named here,
not from what lies in the station's folder.
"""

import json
import platform
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any, Final

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.doctor.findings import Finding, as_document, kept_report
from examrunner.agent.local_status import changed_at, deliveries_of, status_of
from examrunner.agent.station_log import FILE, FOLDER, KEPT, numbered
from examrunner.archive.durable import disk_of
from examrunner.content.search import SearchPath
from examrunner.model.errors import ExamRunnerError
from examrunner.model.station import Link, Station

SECRET: Final = re.compile(r"key|password|passwd|token|secret|code|user", re.IGNORECASE)
SIGNED_IN: Final = re.compile(r"//[^/@\s]+@")
HIDDEN: Final = "(hidden)"

Make = Callable[[], object]


def write_archive(
    out: Path,
    *,
    station: Station,
    search: SearchPath,
    data: Path,
    at: str,
    findings: Callable[[], list[Finding]],
) -> tuple[str, ...]:
    """Writes the archive; what cannot be read stands in it as its reason.

    Args:
        out: The ZIP file.
        station: Profile of the station.
        search: Its content.
        data: Its folder.
        at: Now, ISO 8601 with zone.
        findings: What the doctor says of the PC now.

    Returns:
        Names of the files in it.

    Raises:
        RecordingError: If the archive cannot be written.
    """
    parts: Mapping[str, Make] = {
        "about.json": lambda: {
            "station": station.name,
            "rig": station.rig.name,
            "at": at,
        },
        "versions.json": versions,
        "profile.json": lambda: profile(station),
        "content.json": lambda: origins(station, search),
        "doctor.json": lambda: as_document(station.name, findings()),
        "last-doctor.json": lambda: kept_report(data),
        "status.json": lambda: without_problems(status_of(data)),
        "journal.json": lambda: journal(data),
    }
    with disk_of(out), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, make in parts.items():
            text = json.dumps(_made(make), ensure_ascii=False, indent=2, default=str)
            archive.writestr(name, text)
        for path in logs(data):
            archive.writestr(f"{FOLDER}/{path.name}", path.read_bytes())
        return tuple(archive.namelist())


def versions() -> dict[str, Any]:
    """Interpreter, system and every installed package."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": dict(sorted((one.name, one.version) for one in distributions())),
    }


def profile(station: Station) -> dict[str, Any]:
    """How the PC reaches its rig, without what opens doors."""
    links = {
        **{f"can.{name}": link for name, link in station.can.items()},
        **{f"cameras.{name}": link for name, link in station.cameras.items()},
        "fault_box": station.fault_box,
        "clock": station.clock,
    }
    return {
        "console_host": station.console_host,
        "links": {name: _link(link) for name, link in links.items() if link},
    }


def origins(station: Station, search: SearchPath) -> dict[str, Any]:
    """Which content files win here, and which they hide."""
    wanted = [("station", station.name), ("rig", station.rig.name)]
    wanted += [("dbc", channel.database) for channel in station.rig.channels]
    found = [search.lookup(kind, name) for kind, name in wanted]
    return {
        f"{one.kind}/{one.name}": {
            "path": str(one.path),
            "hides": [str(path) for path in one.hides],
        }
        for one in found
    }


def without_problems(status: dict[str, Any]) -> dict[str, Any]:
    """The status without what the service said of an attempt: it may name people."""
    return {**status, "aside": [one["attempt"] for one in status["aside"]]}


def journal(data: Path) -> dict[str, Any]:
    """Sizes and counts of what the station keeps, by attempt."""
    deliveries = {one.attempt_id: one for one in deliveries_of(data)}
    listed = []
    for folder in sorted(path for path in data.glob("attempts/*") if path.is_dir()):
        files = AttemptFiles(folder=folder)
        given = deliveries.get(folder.name)
        recorded = [path for path in files.recording.glob("**/*") if path.is_file()]
        listed.append(
            {
                "attempt": folder.name,
                "phase": files.progress().phase.value,
                "files": len(recorded),
                "bytes": sum(path.stat().st_size for path in recorded),
                "aside": len(list(folder.glob("recording-aside-*"))),
                "changed": max(filter(None, map(changed_at, recorded)), default=None),
                "result_kept": given is not None and given.result_kept,
                "packed_kept": given is not None and given.packed_kept,
            }
        )
    return {"attempts": listed, "outbox": len(deliveries)}


def logs(data: Path) -> Iterator[Path]:
    """The station's log and the older ones."""
    for number in range(KEPT + 1):
        path = numbered(data / FOLDER / FILE, number)
        if path.exists():
            yield path


def _made(make: Make) -> object:
    try:
        return make()
    except ExamRunnerError as error:
        return {"unreadable": error.problem, "where": error.where}
    except (OSError, ValueError) as error:
        return {"unreadable": type(error).__name__}


def _link(link: Link) -> dict[str, Any]:
    return {
        "driver": link.driver,
        "options": {
            name: HIDDEN if SECRET.search(name) else _address(value)
            for name, value in link.options.items()
        },
    }


def _address(value: object) -> object:
    """An address without who signs in at it."""
    return SIGNED_IN.sub(f"//{HIDDEN}@", value) if isinstance(value, str) else value
