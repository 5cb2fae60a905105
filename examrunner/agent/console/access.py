"""Doors between a station's screens: who is signed in, and where that leads."""

from typing import Final

from fastapi import Request
from fastapi.responses import JSONResponse

from examrunner.agent.console.hall import Hall
from examrunner.agent.console.sessions import Role, Session
from examrunner.model.errors import ExamRunnerError

SESSION_COOKIE: Final = "examrunner_session"
PROBLEM: Final = "application/problem+json"


class ClosedDoorError(ExamRunnerError):
    """Somebody asked for what is not theirs."""

    audience = "candidate or examiner"


class Doors:
    """Lets people through to what is theirs.

    Args:
        hall: Knows who is signed in and who sits where.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall

    def whoever(self, request: Request) -> Session:
        """Who is signed in at the screen that asks."""
        return self._hall.sessions.of(request.cookies.get(SESSION_COOKIE, ""))

    def candidate(self, request: Request) -> Session:
        """The candidate who sits here.

        Raises:
            ClosedDoorError: Anybody else, also who sat here before.
        """
        session = self.whoever(request)
        seat = self._hall.seat
        if (
            session.role is not Role.CANDIDATE
            or seat is None
            or (session.attempt, session.name) != (seat.attempt_id, seat.candidate)
        ):
            raise _closed("candidate of this place")
        return session

    def examiner(self, request: Request) -> Session:
        """An examiner.

        Raises:
            ClosedDoorError: Anybody else.
        """
        session = self.whoever(request)
        if session.role is not Role.EXAMINER:
            raise _closed("examiner")
        return session


def refusal() -> JSONResponse:
    """The answer to whoever is no screen of this station."""
    body = {
        "problem": "this screen is not the station's.",
        "where": "console",
        "remedy": "Open the address that the station printed when it started.",
    }
    return JSONResponse(body, 403, media_type=PROBLEM)


def _closed(wanted: str) -> ClosedDoorError:
    return ClosedDoorError(
        f"this is for the {wanted}.",
        where="console",
        remedy="Sign in with your own code.",
    )
