"""What happens right now: kept in memory, lossy, never on the path of evidence."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from examrunner.wire import StationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A station's last state and when it came."""

    at: datetime
    state: StationState


@dataclass(slots=True)
class LiveBoard:
    """The last state of every station; readers ask what changed since they looked.

    A reader that is slow sees fewer states, and nobody waits for it.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _version: int = 0
    _stations: dict[str, tuple[int, Seen]] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=dict)

    def post(self, station: str, state: StationState, at: datetime) -> None:
        """Replace a station's state."""
        with self._lock:
            self._version += 1
            self._stations[station] = (self._version, Seen(at=at, state=state))

    def touch(self, attempt: str) -> None:
        """Say that something about an attempt changed in the store."""
        with self._lock:
            self._version += 1
            self._attempts[attempt] = self._version

    def of(self, station: str) -> Seen | None:
        """A station's last state since the service started."""
        entry = self._stations.get(station)
        return entry[1] if entry else None

    def since(self, version: int) -> tuple[int, dict[str, Seen], list[str]]:
        """What changed: the new version, states by station, and attempts."""
        with self._lock:
            states = {
                name: seen
                for name, (changed, seen) in self._stations.items()
                if changed > version
            }
            attempts = [
                name for name, changed in self._attempts.items() if changed > version
            ]
            return self._version, states, attempts
