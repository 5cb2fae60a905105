"""Who is asking."""

from dataclasses import dataclass

from examrunner.service.messages import Role
from examrunner.wire import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The holder of a token.

    Attributes:
        name: Unique; a station's is ``station/<name>``.
        role: What it may do follows from this alone, see ``policy.py``.
        courses: Courses whose grades a course system may read.
        candidate: Code of a candidate who signed in; empty for others.
        station: Name of the station; empty for others.
        bundle: All that a PC may deliver which forwards for the station; None for
            others.
        start: Number of the station's start; None: it cannot be asked.
    """

    name: str
    role: Role
    courses: tuple[str, ...] = ()
    candidate: str = ""
    station: str = ""
    bundle: Bundle | None = None
    start: int | None = None
