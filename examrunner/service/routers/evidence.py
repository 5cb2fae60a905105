"""What a stored recording shows: signals, pictures, exchanges, events."""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import FileResponse

from examrunner.service import plots, showing
from examrunner.service.access import ServiceDep, permitted
from examrunner.service.attempt_messages import (
    EventMessage,
    ExchangeMessage,
    PictureMessage,
    SignalsMessage,
)
from examrunner.service.policy import Action
from examrunner.service.refusals import UnknownError
from examrunner.wire import AttemptId, Page

MOST_SIGNALS = 16


def stored_path(attempt_id: AttemptId, service: ServiceDep) -> Path:
    """Where the attempt's recording lies.

    Raises:
        UnknownError: If it has not arrived.
    """
    kept = service.store.deliveries.packed_of(attempt_id)
    if kept is None:
        raise UnknownError(
            "the recording has not arrived.",
            where=f"attempt {attempt_id}",
            remedy="Wait for the station to send it.",
        )
    return service.shelf.path_of(kept[0])


router = APIRouter(
    prefix="/attempts/{attempt_id}",
    tags=["evidence"],
    dependencies=[Depends(permitted(Action.SEE_EVIDENCE))],
)
PathDep = Annotated[Path, Depends(stored_path)]


@router.get("/signals")
def get_signals(
    path: PathDep,
    service: ServiceDep,
    names: Annotated[str, Query(max_length=2000)] = "",
    from_s: Annotated[float, Query(ge=0)] = 0.0,
    to_s: Annotated[float | None, Query(gt=0)] = None,
    points: Annotated[int, Query(ge=2, le=5000)] = 1000,
) -> SignalsMessage:
    """Names of all signals; with ``names=A,B`` the smallest and largest values."""
    wanted = [name for name in names.split(",") if name][:MOST_SIGNALS]
    if not wanted:
        found = service.reader.ask(plots.signal_names, path, service.content)
        return SignalsMessage(items=found)
    drawn = service.reader.ask(
        plots.plots,
        path,
        service.content,
        wanted,
        from_s=from_s,
        to_s=to_s,
        points=points,
    )
    return SignalsMessage(signals=drawn)


@router.get("/pictures")
def list_pictures(path: PathDep, service: ServiceDep) -> Page[PictureMessage]:
    """All pictures in order of time."""
    return Page(items=service.reader.ask(showing.pictures, path, service.content))


@router.get("/pictures/{camera}/{name}", response_class=Response)
def get_picture(
    path: PathDep,
    service: ServiceDep,
    camera: str,
    name: str,
    size: Literal["thumbnail", "full"] = "full",
) -> Response:
    """One picture as PNG."""
    data = service.reader.ask(
        showing.picture, path, service.content, camera, name, full=size == "full"
    )
    headers = {"Cache-Control": "private, max-age=86400, immutable"}
    return Response(data, media_type="image/png", headers=headers)


@router.get("/exchanges")
def list_exchanges(path: PathDep, service: ServiceDep) -> Page[ExchangeMessage]:
    """Diagnostic exchanges in order of time."""
    return Page(items=service.reader.ask(showing.exchanges, path, service.content))


@router.get("/events")
def list_events(path: PathDep, service: ServiceDep) -> Page[EventMessage]:
    """Answers, operations and recorder health in order."""
    return Page(items=service.reader.ask(showing.events, path, service.content))


@router.get("/recording", response_class=FileResponse)
def download_recording(attempt_id: AttemptId, path: PathDep) -> FileResponse:
    """The packed recording as the station signed it."""
    return FileResponse(
        path, media_type="application/x-tar", filename=f"{attempt_id}.tar"
    )
