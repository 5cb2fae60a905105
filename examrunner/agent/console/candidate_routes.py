"""What a candidate's page asks for; the doors let nobody else in."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body
from fastapi.responses import Response
from pydantic import JsonValue

from examrunner.agent.codes import tidied
from examrunner.agent.console.feedback import feedback_of
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.seat import Seat
from examrunner.agent.console.sessions import Role
from examrunner.agent.console.sitting import Sitting
from examrunner.agent.desk import NotNowError
from examrunner.decode.vision.marked import marked
from examrunner.model.errors import ContentError, RecordingError

THUMBNAIL_PX: Final = 480


def form_routes(hall: Hall) -> APIRouter:
    """Sheet, form, identity, proof and signature."""
    router = APIRouter()

    @router.get("/attempt")
    def attempt() -> dict[str, Any]:
        seat = _seat(hall)
        return {**seat.sitting.description(), "name": seat.name}

    @router.get("/state")
    def state() -> dict[str, Any]:
        seat = _seat(hall)
        return {
            **seat.sitting.state(),
            "confirmed": seat.invigilation.is_confirmed,
            "signatures": seat.signatures(),
            "at": hall.wall_time(),
        }

    @router.post("/identity")
    def confirm_identity() -> dict[str, Any]:
        _seat(hall).confirm_identity()
        return state()

    @router.get("/proof")
    def proof() -> dict[str, Any]:
        made = _seat(hall).proof()
        return {"code": made.code, "text": made.text, "picture": made.picture()}

    @router.get("/feedback")
    def feedback() -> dict[str, Any]:
        seat = _seat(hall)
        if not seat.sitting.gives_feedback:
            raise NotNowError(
                "the result of an exam is told by its examiners.",
                where="feedback",
                remedy="Ask them; practice shows every step at once.",
            )
        score = seat.invigilation.score() if seat.is_over else None
        if score is None:
            return {"steps": None}
        return feedback_of(score, seat.sitting.rubric)

    @router.post("/signature")
    def sign(code: Annotated[str, Body(embed=True)]) -> dict[str, Any]:
        seat = _seat(hall)
        hall.sessions.check_patience()
        if tidied(code) != tidied(seat.candidate):
            hall.sessions.failed()
            raise ContentError(
                "this is not your code.",
                where="signature",
                remedy="Type the code with which you signed in.",
            )
        seat.put_signature(seat.candidate, Role.CANDIDATE)
        return state()

    @router.put("/fields/{name}")
    def save(
        name: str, value: Annotated[JsonValue, Body(embed=True)]
    ) -> dict[str, Any]:
        sitting = _running(hall)
        sitting.edit(name, value)
        return state()

    @router.post("/fields/{name}/submission")
    def submit_field(name: str) -> dict[str, Any]:
        sitting = _running(hall)
        sitting.hand_in_field(name)
        return state()

    @router.post("/submission")
    def submit() -> dict[str, Any]:
        sitting = _running(hall)
        sitting.hand_in()
        return state()

    return router


def still_routes(hall: Hall) -> APIRouter:
    """The bench tool."""
    router = APIRouter(prefix="/cameras/{camera}")

    @router.get("/stills")
    def stills(camera: str) -> dict[str, Any]:
        return {"stills": _running(hall).stills(camera).reports()}

    @router.post("/stills", status_code=201)
    def take(camera: str) -> dict[str, Any]:
        sitting = _running(hall)
        name = sitting.take_still(camera).name
        return {"name": name, "stills": sitting.stills(camera).reports()}

    @router.get("/stills/{name}")
    def picture(camera: str, name: str, small: bool = False) -> Response:
        still = _running(hall).stills(camera).find(name)
        width_px = THUMBNAIL_PX if small else None
        jpeg = marked(still.picture.data, still.shot.corners_px, width_px)
        return Response(jpeg, media_type="image/jpeg")

    @router.delete("/stills/{name}")
    def discard(camera: str, name: str) -> dict[str, Any]:
        sitting = _running(hall)
        sitting.discard_still(camera, name)
        return {"stills": sitting.stills(camera).reports()}

    @router.post("/calibration")
    def calibrate(
        camera: str, hold_k3: Annotated[bool, Body(embed=True)] = False
    ) -> dict[str, Any]:
        sitting = _running(hall)
        document = sitting.stills(camera).calibration(hold_k3=hold_k3)
        return document if sitting.gives_feedback else _as_any_tool(document)

    return router


ANY_TOOL: Final = (
    "image_size", "camera_matrix", "distortion", "rms_px", "views", "file",
)  # fmt: skip
"""What every calibration program shows. To judge it is part of the exam."""


def _as_any_tool(document: dict[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in ANY_TOOL}


def _seat(hall: Hall) -> Seat:
    seat = hall.seat
    if seat is None:
        raise RecordingError(
            "no exam runs now.",
            where="station",
            remedy="Wait until the examiner has started the exam.",
        )
    return seat


def _running(hall: Hall) -> Sitting:
    return _seat(hall).sitting
