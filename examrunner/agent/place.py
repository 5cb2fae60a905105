"""What a station is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.agent.room import EXAM_BYTES, Room
from examrunner.agent.simulated_rig import Casting
from examrunner.content.search import SearchPath
from examrunner.model.station import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a station is made of.

    Attributes:
        station: Its profile.
        search: Its content.
        data: Its folder: attempts, outbox, key, enrolment.
        key_path: File of its private key.
        key: The private key.
        castings: Who plays for which candidate; ``""`` for all others. Empty: the rig
            is real.
        roots: Content folders before the built-in one, for a simulated rig.
        wall_time: Now, ISO 8601 with zone.
        say: Told in a line what happens.
        exam_bytes: Room on the disk that one exam needs.
    """

    station: Station
    search: SearchPath
    data: Path
    key_path: Path
    key: Ed25519PrivateKey
    wall_time: Callable[[], str]
    say: Callable[[str], None]
    castings: Mapping[str, Casting] = field(default_factory=dict)
    roots: tuple[Path, ...] = ()
    exam_bytes: int = EXAM_BYTES

    @property
    def room(self) -> Room:
        """Its disk."""
        return Room(data=self.data, exam_bytes=self.exam_bytes)

    @property
    def attempts(self) -> Path:
        """Folder of all attempts."""
        return self.data / "attempts"
