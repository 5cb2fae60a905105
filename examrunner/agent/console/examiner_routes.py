"""What an examiner's page asks for; the doors let nobody else in."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends
from fastapi.responses import HTMLResponse

from examrunner.agent.console.access import Doors
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.overview import overview, short
from examrunner.agent.console.paper import paper
from examrunner.agent.console.sessions import Role, Session
from examrunner.agent.outcomes import OutcomeCode
from examrunner.agent.pause_causes import PauseCause
from examrunner.model.errors import ContentError

LONGEST: Final = 2000

Note = Annotated[str, Body(embed=True, max_length=LONGEST)]
Code = Annotated[str, Body(embed=True, max_length=64)]


def examiner_routes(hall: Hall, doors: Doors) -> APIRouter:
    """Everything that an examiner does at a station."""
    router = APIRouter()
    Who = Annotated[Session, Depends(doors.examiner)]
    attempts = "/attempts/{attempt_id}"

    def shown(attempt_id: str) -> dict[str, Any]:
        return overview(hall, hall.seat_of(attempt_id))

    @router.get("/attempts")
    def recent() -> dict[str, Any]:
        locking = hall.lock.now
        return {
            "attempts": [short(hall, seat) for seat in hall.seats],
            "locked": None
            if locking is None
            else {"reason": locking.reason, "at": locking.at},
        }

    @router.get(attempts)
    def one(attempt_id: str, who: Who) -> dict[str, Any]:
        seat = hall.seat_of(attempt_id)
        seat.invigilation.join(who.name)
        return overview(hall, seat)

    @router.post(attempts + "/start")
    def start(attempt_id: str, who: Who) -> dict[str, Any]:
        hall.seat_of(attempt_id).invigilation.start(who.name)
        return shown(attempt_id)

    @router.post(attempts + "/pause")
    def pause(
        attempt_id: str,
        who: Who,
        cause: Annotated[PauseCause, Body(embed=True)],
        note: Note = "",
    ) -> dict[str, Any]:
        hall.seat_of(attempt_id).invigilation.pause(who.name, cause, note)
        return shown(attempt_id)

    @router.post(attempts + "/resume")
    def resume(attempt_id: str, who: Who) -> dict[str, Any]:
        hall.seat_of(attempt_id).invigilation.resume(who.name)
        return shown(attempt_id)

    @router.post(attempts + "/credit")
    def credit(
        attempt_id: str,
        who: Who,
        cause: Annotated[PauseCause, Body(embed=True)],
        seconds: Annotated[float, Body(embed=True, allow_inf_nan=False)],
        note: Note = "",
    ) -> dict[str, Any]:
        acting = hall.seat_of(attempt_id).invigilation
        acting.credit(who.name, cause, seconds, note)
        return shown(attempt_id)

    @router.post(attempts + "/end")
    def end(
        attempt_id: str,
        who: Who,
        outcome: Annotated[OutcomeCode, Body(embed=True)],
        reason: Note = "",
    ) -> dict[str, Any]:
        hall.seat_of(attempt_id).invigilation.end(who.name, outcome, reason)
        return shown(attempt_id)

    @router.post(attempts + "/bookmarks")
    def bookmark(attempt_id: str, who: Who, note: Note = "") -> dict[str, Any]:
        hall.seat_of(attempt_id).invigilation.bookmark(who.name, note)
        return shown(attempt_id)

    @router.post(attempts + "/reassignment")
    def reassign(
        attempt_id: str, who: Who, candidate: Code, reason: Note
    ) -> dict[str, Any]:
        acting = hall.seat_of(attempt_id).invigilation
        acting.reassign(who.name, hall.candidate_of(candidate), reason)
        return shown(attempt_id)

    @router.post(attempts + "/handover")
    def hand_over(
        attempt_id: str, who: Who, code: Code, name: Code = ""
    ) -> dict[str, Any]:
        to = hall.examiner_of(code, name)
        hall.seat_of(attempt_id).invigilation.hand_over(who.name, to)
        return shown(attempt_id)

    @router.post(attempts + "/marks")
    def mark(
        attempt_id: str,
        who: Who,
        criterion: Code,
        level: Annotated[int, Body(embed=True)],
        reason: Note = "",
    ) -> dict[str, Any]:
        acting = hall.seat_of(attempt_id).invigilation
        acting.mark(who.name, criterion, level, reason)
        return shown(attempt_id)

    @router.post(attempts + "/vetoes")
    def decide_veto(
        attempt_id: str,
        who: Who,
        veto: Code,
        confirm: Annotated[bool, Body(embed=True)],
        reason: Note,
    ) -> dict[str, Any]:
        acting = hall.seat_of(attempt_id).invigilation
        acting.decide_veto(who.name, veto, confirm, reason)
        return shown(attempt_id)

    @router.post(attempts + "/signature")
    def sign(attempt_id: str, who: Who, code: Code) -> dict[str, Any]:
        if not hall.is_examiner(code, who.name):
            raise ContentError(
                "this is not your code.",
                where="signature",
                remedy="Type the code with which you signed in.",
            )
        hall.seat_of(attempt_id).put_signature(who.name, Role.EXAMINER)
        return shown(attempt_id)

    @router.get(attempts + "/protocol")
    def protocol(attempt_id: str, lang: str = "zh") -> HTMLResponse:
        return HTMLResponse(paper(hall, hall.seat_of(attempt_id), lang))

    @router.post("/rig/release")
    def release(who: Who) -> dict[str, Any]:
        hall.lock.release(who.name, hall.wall_time())
        return recent()

    return router
