"""What people did and said during an attempt, as a chain of entries."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from examrunner.model.decision import Decision
from examrunner.model.digests import canonical_json, digest_of

FIRST: Final = ""
"""What the first entry names as the one before it."""
DECIDING: Final = frozenset({"mark", "veto"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that somebody did.

    Attributes:
        number: Position, from 0.
        at: Wall time, ISO 8601 with zone.
        by: Who: a candidate's code or an examiner's name.
        role: ``candidate``, ``examiner`` or ``station``.
        what: For example ``pause``, ``mark``, ``handover``, ``sign``.
        said: The rest.
        previous: SHA-256 of the entry before; empty for the first.
    """

    number: int
    at: str
    by: str
    role: str
    what: str
    said: Mapping[str, object] = field(default_factory=dict)
    previous: str = FIRST

    @property
    def digest(self) -> str:
        """SHA-256 over all of it."""
        return digest_of(canonical_json(asdict(self)))


def head_of(entries: Sequence[Entry]) -> str:
    """Digest of the last entry, and so of all; empty without one."""
    return entries[-1].digest if entries else FIRST


def is_chain(entries: Sequence[Entry]) -> bool:
    """Whether each entry follows the one before it, with nothing changed."""
    previous = FIRST
    for number, entry in enumerate(entries):
        if (entry.number, entry.previous) != (number, previous):
            return False
        previous = entry.digest
    return True


def decisions_in(entries: Sequence[Entry]) -> tuple[Decision, ...]:
    """What examiners decided, as scoring takes it; the same at station and service."""
    return tuple(
        Decision(
            criterion=str(entry.said["criterion"]),
            by=entry.by,
            at=entry.at,
            reason=str(entry.said["reason"]),
            level=_level(entry.said.get("level")),
            confirm=_confirm(entry.said.get("confirm")),
        )
        for entry in entries
        if entry.what in DECIDING and entry.role == "examiner"
    )


def _level(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _confirm(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
