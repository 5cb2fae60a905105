"""The server of a station's own screens; see ``agent/events.md``."""

import hmac
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Final, Literal

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)

from examrunner.agent.console.access import ClosedDoorError, Doors, refusal
from examrunner.agent.console.candidate_routes import form_routes, still_routes
from examrunner.agent.console.doctor_page import doctor_page
from examrunner.agent.console.examiner_routes import examiner_routes
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.sign_in_routes import sign_in_routes
from examrunner.model.errors import ContentError, ExamRunnerError

PAGE: Final = Path(__file__).parent / "page"
FILES: Final = {
    "console.css": "text/css",
    "console.js": "text/javascript",
    "candidate.js": "text/javascript",
    "examiner.js": "text/javascript",
    "page.js": "text/javascript",
    "words.js": "text/javascript",
}
COOKIE: Final = "examrunner_console"
DAY_S: Final = 86_400
PROBLEM: Final = "application/problem+json"
POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'"
)
OWN: Final = frozenset({"127.0.0.1", "localhost"})

Next = Callable[[Request], Awaitable[Response]]


def build_app(hall: Hall, *, code: str, hosts: Collection[str] = OWN) -> FastAPI:
    """The screens' server.

    Args:
        hall: What the screens share.
        code: Known to the screens alone; every request has to bring it.
        hosts: Names under which a browser may ask.
    """
    doors = Doors(hall)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.middleware("http")(_guard(code, hosts))
    app.add_exception_handler(ExamRunnerError, _problem)
    app.include_router(sign_in_routes(hall, doors), prefix="/api")
    for routes in (form_routes(hall), still_routes(hall)):
        app.include_router(
            routes, prefix="/api", dependencies=[Depends(doors.candidate)]
        )
    app.include_router(
        examiner_routes(hall, doors),
        prefix="/api/examiner",
        dependencies=[Depends(doors.examiner)],
    )
    app.include_router(_doctor_routes(hall))
    app.include_router(_page_routes(code))
    return app


def _guard(
    code: str, hosts: Collection[str]
) -> Callable[[Request, Next], Awaitable[Response]]:
    async def guarded(request: Request, answer: Next) -> Response:
        """Nobody but this station's own screens gets in."""
        known = hmac.compare_digest(
            request.cookies.get(COOKIE, "").encode(), code.encode()
        )
        opening = request.url.path == "/" and "code" in request.query_params
        if not (known or opening) or _from_elsewhere(request, hosts):
            return refusal()
        response = await answer(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


def _from_elsewhere(request: Request, hosts: Collection[str]) -> bool:
    """A page of another site asks through this browser, or under another name."""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    return host.rpartition(":")[0] not in hosts or origin not in {
        None,
        f"http://{host}",
    }


def _doctor_routes(hall: Hall) -> APIRouter:
    router = APIRouter()

    @router.get("/doctor")
    def doctor(lang: Literal["zh", "en"] = "zh") -> HTMLResponse:
        return HTMLResponse(doctor_page(hall.station, hall.report(), lang))

    return router


def _page_routes(code: str) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    def first_page(request: Request) -> Response:
        given = request.query_params.get("code")
        if given is None:
            return FileResponse(PAGE / "index.html", media_type="text/html")
        if not hmac.compare_digest(given.encode(), code.encode()):
            return refusal()
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(
            COOKIE, code, max_age=DAY_S, httponly=True, samesite="strict"
        )
        return response

    @router.get("/{name}")
    def file(name: str) -> Response:
        if name not in FILES:
            return Response(status_code=404)
        return FileResponse(PAGE / name, media_type=FILES[name])

    return router


def _problem(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ExamRunnerError):
        raise error
    status = 409
    if isinstance(error, ContentError):
        status = 422
    elif isinstance(error, ClosedDoorError):
        status = 403
    body = {"problem": error.problem, "where": error.where, "remedy": error.remedy}
    return JSONResponse(body, status, media_type=PROBLEM)
