"""Signing in and out at a station's screens."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Request, Response

from examrunner.agent.console.access import SESSION_COOKIE, Doors
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.sessions import Session

DAY_S: Final = 86_400
LONGEST: Final = 64


def sign_in_routes(hall: Hall, doors: Doors) -> APIRouter:
    """Open to every screen of the station."""
    router = APIRouter()

    @router.get("/station")
    def station(request: Request) -> dict[str, Any]:
        return {**hall.description(), "who": _who(doors.whoever(request))}

    @router.post("/session", status_code=201)
    def sign_in(
        request: Request,
        response: Response,
        code: Annotated[str, Body(embed=True, max_length=LONGEST)],
        name: Annotated[str, Body(embed=True, max_length=LONGEST)] = "",
    ) -> dict[str, Any]:
        session = hall.sign_in(code, name)
        before = request.cookies.get(SESSION_COOKIE, "")
        response.set_cookie(
            SESSION_COOKIE,
            hall.sessions.start(session, instead_of=before),
            max_age=DAY_S,
            httponly=True,
            samesite="strict",
        )
        return {**hall.description(), "who": _who(session)}

    @router.delete("/session")
    def sign_out(request: Request, response: Response) -> dict[str, Any]:
        hall.sessions.end(request.cookies.get(SESSION_COOKIE, ""))
        response.delete_cookie(SESSION_COOKIE)
        return hall.description()

    return router


def _who(session: Session) -> dict[str, str]:
    return {"role": session.role.value, "name": session.name}
