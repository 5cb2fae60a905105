"""Who is signed in at the station's screens; survives a restart of both ends."""

import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from examrunner.archive.durable import write_durably
from examrunner.model.digests import digest_of
from examrunner.model.errors import RecordingError

MOST_FAILURES: Final = 10
COOL_DOWN_S: Final = 60.0


class Role(StrEnum):
    """What somebody at a screen may do."""

    NOBODY = "nobody"
    CANDIDATE = "candidate"
    EXAMINER = "examiner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        role: What they may do.
        name: Candidate code or examiner's name.
        attempt: Attempt that a candidate sits; empty for an examiner.
    """

    role: Role
    name: str
    attempt: str = ""


NOBODY: Final = Session(role=Role.NOBODY, name="")
SESSIONS: Final = TypeAdapter(dict[str, Session])


class Sessions:
    """Sessions by the digest of their token, in a file.

    Args:
        path: The file.
        seconds: Monotonic time, for slowing down who tries codes.
    """

    def __init__(self, path: Path, seconds: Callable[[], float]) -> None:
        self._path = path
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failures: list[float] = []
        self._sessions: dict[str, Session] = (
            SESSIONS.validate_json(path.read_bytes()) if path.exists() else {}
        )

    def of(self, token: str) -> Session:
        """Who holds a token; nobody if it is not good."""
        return self._sessions.get(digest_of(token.encode()), NOBODY)

    def start(self, session: Session, instead_of: str = "") -> str:
        """A new token; the one that the screen had before ends."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions.pop(digest_of(instead_of.encode()), None)
            self._sessions[digest_of(token.encode())] = session
            self._keep()
        return token

    def end(self, token: str) -> None:
        """Signs out."""
        with self._lock:
            if self._sessions.pop(digest_of(token.encode()), None) is not None:
                self._keep()

    def failed(self) -> None:
        """Somebody typed a wrong code."""
        self._failures.append(self._seconds())

    def check_patience(self) -> None:
        """Whether a code may be tried now.

        Raises:
            RecordingError: If too many wrong ones were typed in the last minute.
        """
        since = self._seconds() - COOL_DOWN_S
        self._failures = [at for at in self._failures if at > since]
        if len(self._failures) >= MOST_FAILURES:
            raise RecordingError(
                "too many wrong codes were typed.",
                where="sign-in",
                remedy="Wait a minute, then read the code again letter by letter.",
            )

    def _keep(self) -> None:
        text = {token: asdict(session) for token, session in self._sessions.items()}
        write_durably(self._path, json.dumps(text).encode())
