"""A rig that may not meet a candidate until somebody at the station releases it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from examrunner.archive.durable import write_durably


@dataclass(frozen=True, slots=True, kw_only=True)
class Locking:
    """One time that a rig was locked.

    Attributes:
        reason: Why.
        at: Wall time, ISO 8601 with zone.
        released_by: Who said that it is healthy; empty while it is locked.
        released_at: When; empty while it is locked.
    """

    reason: str
    at: str
    released_by: str = ""
    released_at: str = ""


LOCKINGS: Final = TypeAdapter(tuple[Locking, ...])


class RigLock:
    """Every locking of a station's rig, in a file that survives a restart.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> tuple[Locking, ...]:
        """Every time it was locked, oldest first."""
        if not self._path.exists():
            return ()
        return LOCKINGS.validate_json(self._path.read_bytes())

    @property
    def now(self) -> Locking | None:
        """The locking that lasts; None while the rig is free."""
        lockings = self.all()
        return lockings[-1] if lockings and not lockings[-1].released_by else None

    def lock(self, reason: str, at: str) -> None:
        """Keeps candidates away; a rig that is locked already stays so."""
        if self.now is None:
            self._keep((*self.all(), Locking(reason=reason, at=at)))

    def release(self, by: str, at: str) -> None:
        """Somebody has looked: the rig is healthy."""
        now = self.now
        if now is not None:
            released = Locking(
                reason=now.reason, at=now.at, released_by=by, released_at=at
            )
            self._keep((*self.all()[:-1], released))

    def _keep(self, lockings: tuple[Locking, ...]) -> None:
        text = json.dumps([asdict(locking) for locking in lockings])
        write_durably(self._path, text.encode())
