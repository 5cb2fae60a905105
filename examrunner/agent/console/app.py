"""What the station's own screen asks for; see ``agent/events.md``."""

import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from pydantic import JsonValue

from examrunner.agent.console.sitting import Sitting
from examrunner.decode.vision.marked import marked
from examrunner.model.errors import ContentError, ExamRunnerError, RecordingError

PAGE: Final = Path(__file__).parent / "page"
FILES: Final = {
    "console.css": "text/css",
    "console.js": "text/javascript",
    "words.js": "text/javascript",
}
COOKIE: Final = "examrunner_console"
PROBLEM: Final = "application/problem+json"
THUMBNAIL_PX: Final = 480
POLICY: Final = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'"

Current = Callable[[], Sitting | None]
Next = Callable[[Request], Awaitable[Response]]


def build_app(current: Current, *, code: str) -> FastAPI:
    """The screen's server.

    Args:
        current: The attempt that runs; None between two attempts.
        code: Known to the screen alone; every request has to bring it.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.middleware("http")(_guard(code))
    app.add_exception_handler(ExamRunnerError, _problem)
    app.include_router(_page_routes(code))
    app.include_router(_form_routes(current), prefix="/api")
    app.include_router(_still_routes(current), prefix="/api")
    return app


def _guard(code: str) -> Callable[[Request, Next], Awaitable[Response]]:
    async def guarded(request: Request, answer: Next) -> Response:
        """Nobody but this station's own screen gets in."""
        known = hmac.compare_digest(request.cookies.get(COOKIE, ""), code)
        opening = request.url.path == "/" and "code" in request.query_params
        if not (known or opening) or _from_elsewhere(request):
            return _refusal()
        response = await answer(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


def _from_elsewhere(request: Request) -> bool:
    """A page of another site asks through this browser, or under another name."""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    own = host.rpartition(":")[0] in {"127.0.0.1", "localhost"}
    return not own or origin not in {None, f"http://{host}"}


def _page_routes(code: str) -> APIRouter:
    router = APIRouter()

    @router.get("/")
    def first_page(request: Request) -> Response:
        given = request.query_params.get("code")
        if given is None:
            return FileResponse(PAGE / "index.html", media_type="text/html")
        if not hmac.compare_digest(given, code):
            return _refusal()
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(COOKIE, code, httponly=True, samesite="strict")
        return response

    @router.get("/{name}")
    def file(name: str) -> Response:
        if name not in FILES:
            return Response(status_code=404)
        return FileResponse(PAGE / name, media_type=FILES[name])

    return router


def _form_routes(current: Current) -> APIRouter:
    router = APIRouter()

    @router.get("/attempt")
    def attempt() -> dict[str, Any]:
        sitting = current()
        return {"attempt": None if sitting is None else sitting.description()}

    @router.get("/state")
    def state() -> dict[str, Any]:
        sitting = current()
        return {"phase": "waiting"} if sitting is None else sitting.state()

    @router.put("/fields/{name}")
    def save(
        name: str, value: Annotated[JsonValue, Body(embed=True)]
    ) -> dict[str, Any]:
        sitting = _running(current)
        sitting.edit(name, value)
        return sitting.state()

    @router.post("/fields/{name}/submission")
    def submit_field(name: str) -> dict[str, Any]:
        sitting = _running(current)
        sitting.hand_in_field(name)
        return sitting.state()

    @router.post("/submission")
    def submit() -> dict[str, Any]:
        sitting = _running(current)
        sitting.hand_in()
        return sitting.state()

    return router


def _still_routes(current: Current) -> APIRouter:
    router = APIRouter(prefix="/cameras/{camera}")

    @router.get("/stills")
    def stills(camera: str) -> dict[str, Any]:
        return {"stills": _running(current).stills(camera).reports()}

    @router.post("/stills", status_code=201)
    def take(camera: str) -> dict[str, Any]:
        sitting = _running(current)
        name = sitting.take_still(camera).name
        return {"name": name, "stills": sitting.stills(camera).reports()}

    @router.get("/stills/{name}")
    def picture(camera: str, name: str, small: bool = False) -> Response:
        still = _running(current).stills(camera).find(name)
        width_px = THUMBNAIL_PX if small else None
        jpeg = marked(still.picture.data, still.shot.corners_px, width_px)
        return Response(jpeg, media_type="image/jpeg")

    @router.delete("/stills/{name}")
    def discard(camera: str, name: str) -> dict[str, Any]:
        sitting = _running(current)
        sitting.discard_still(camera, name)
        return {"stills": sitting.stills(camera).reports()}

    @router.post("/calibration")
    def calibrate(
        camera: str, hold_k3: Annotated[bool, Body(embed=True)] = False
    ) -> dict[str, Any]:
        sitting = _running(current)
        document = sitting.stills(camera).calibration(hold_k3=hold_k3)
        return document if sitting.gives_feedback else _as_any_tool(document)

    return router


ANY_TOOL: Final = (
    "image_size", "camera_matrix", "distortion", "rms_px", "views", "file",
)  # fmt: skip
"""What every calibration program shows. To judge it is part of the exam."""


def _as_any_tool(document: dict[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in ANY_TOOL}


def _running(current: Current) -> Sitting:
    sitting = current()
    if sitting is None:
        raise RecordingError(
            "no exam runs now.",
            where="station",
            remedy="Wait until the examiner has started the exam.",
        )
    return sitting


def _problem(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ExamRunnerError):
        raise error
    status = 422 if isinstance(error, ContentError) else 409
    body = {"problem": error.problem, "where": error.where, "remedy": error.remedy}
    return JSONResponse(body, status, media_type=PROBLEM)


def _refusal() -> JSONResponse:
    body = {
        "problem": "this screen is not the station's.",
        "where": "console",
        "remedy": "Open the address that the station printed when it started.",
    }
    return JSONResponse(body, 403, media_type=PROBLEM)
