"""Which examiner is responsible for an attempt, and from when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from examrunner.model.protocol import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A span in which one examiner is responsible.

    Attributes:
        name: The examiner.
        since: Wall time, ISO 8601 with zone.
        given_by: Who handed over; empty for the first.
    """

    name: str
    since: str
    given_by: str = ""


def duties(entries: Iterable[Entry]) -> tuple[Duty, ...]:
    """Every examiner who was responsible, in order; the last one is.

    The first examiner who signs in takes the duty. A handover is one entry that both
    have confirmed: there is no moment without somebody responsible.
    """
    found: list[Duty] = []
    for entry in entries:
        if entry.what == "duty" and not found:
            found.append(Duty(name=entry.by, since=entry.at))
        elif entry.what == "handover" and found and found[-1].name == entry.by:
            to = str(entry.said["to"])
            found.append(Duty(name=to, since=entry.at, given_by=entry.by))
    return tuple(found)


def responsible(entries: Iterable[Entry]) -> str:
    """Who is responsible now; empty if nobody ever was."""
    found = duties(entries)
    return found[-1].name if found else ""
