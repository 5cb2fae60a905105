"""What a station is made of."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.agent.room import EXAM_BYTES, Room
from examrunner.agent.simulated_rig import Casting
from examrunner.agent.station_log import Note, StationLog, note_of
from examrunner.content.search import SearchPath
from examrunner.delivery.receipts import Receipts
from examrunner.model.errors import ExamRunnerError
from examrunner.model.station import Station

LOCK_FILE: Final = "rig-lock.json"
CONTACT_FILE: Final = "contact"


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
        service_key: Ed25519 key with which the service signs, hexadecimal; empty: none.
        upload_span_s: Recordings are delivered at a lot within this time.
        log: Where what happens is written down; None without one.
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
    service_key: str = ""
    upload_span_s: float = 0.0
    log: StationLog | None = None

    def tell(
        self, event: str, *, attempt: str = "", shown: str = "", remedy: str = ""
    ) -> None:
        """Says and writes down what happens.

        Args:
            event: For the log: no name, code or score stands in it.
            attempt: Id of the attempt that it is about.
            shown: What is said instead, to whoever is at the station anyway.
            remedy: What to do; empty if nothing.
        """
        self.say(shown or (f"{event}\n  next:  {remedy}" if remedy else event))
        if self.log is not None:
            self.log.write(Note(event=event, attempt=attempt, remedy=remedy))

    def tell_of(self, error: ExamRunnerError, attempt: str = "") -> None:
        """Says and writes down what went wrong."""
        self.say(str(error))
        if self.log is not None:
            self.log.write(note_of(error, attempt))

    def contacted(self) -> None:
        """The service has answered; for whoever asks how the station is."""
        with suppress(OSError):
            os.utime(self.contact)

    @property
    def contact(self) -> Path:
        """File whose time is that of the service's last answer."""
        return self.data / CONTACT_FILE

    @property
    def room(self) -> Room:
        """Its disk."""
        return Room(data=self.data, exam_bytes=self.exam_bytes)

    @property
    def receipts(self) -> Receipts:
        """What the service has signed for."""
        return Receipts(
            service_key=self.service_key, make_room=self.room.reserve.release
        )

    @property
    def attempts(self) -> Path:
        """Folder of all attempts."""
        return self.data / "attempts"

    @property
    def lock_path(self) -> Path:
        """File of the rig's lock."""
        return self.data / LOCK_FILE
