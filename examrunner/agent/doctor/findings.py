"""What the checks of a station say."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from examrunner.agent.doctor.sentences import quoted
from examrunner.archive.durable import write_durably
from examrunner.model.errors import ExamRunnerError
from examrunner.model.text import Text

REPORT_FILE: Final = "doctor.json"


class Level(StrEnum):
    """How bad something is: with ``FAIL`` the station is not ready for exams."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check says.

    Attributes:
        what: What was checked.
        level: How bad it is.
        said: What was found.
        remedy: The one thing to do; None if nothing is to be done.
    """

    what: str
    level: Level
    said: Text
    remedy: Text | None = None

    @property
    def is_healthy(self) -> bool:
        """Whether the station is ready, as far as this goes."""
        return self.level is not Level.FAIL


def ok(what: str, said: Text) -> Finding:
    """All is well."""
    return Finding(what=what, level=Level.OK, said=said)


def warn(what: str, said: Text, remedy: Text) -> Finding:
    """An exam may begin, but somebody should know."""
    return Finding(what=what, level=Level.WARN, said=said, remedy=remedy)


def fail(what: str, said: Text, remedy: Text) -> Finding:
    """The station is not ready."""
    return Finding(what=what, level=Level.FAIL, said=said, remedy=remedy)


def attempted(what: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What a check says; what it cannot even measure has failed."""
    try:
        return list(check())
    except ExamRunnerError as error:
        return [fail(what, quoted(error.problem), quoted(error.remedy))]


def as_document(station: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings as one JSON document."""
    return {
        "station": station,
        "healthy": all(each.is_healthy for each in findings),
        "checks": [
            {
                "what": each.what,
                "level": each.level.value,
                "healthy": each.is_healthy,
                "said": asdict(each.said),
                "remedy": None if each.remedy is None else asdict(each.remedy),
            }
            for each in findings
        ],
    }


def keep_report(data: Path, station: str, at: str, findings: Sequence[Finding]) -> None:
    """Keeps what was found; a disk that refuses has a line of its own already."""
    document = {"at": at, **as_document(station, findings)}
    with suppress(OSError):
        write_durably(data / REPORT_FILE, json.dumps(document).encode())


def kept_report(data: Path) -> dict[str, Any] | None:
    """What was found last; None if nobody looked."""
    try:
        kept = json.loads((data / REPORT_FILE).read_bytes())
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None
