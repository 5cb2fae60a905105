"""Stations: enrolment and live state."""

from typing import Annotated, Final

from fastapi import APIRouter, Body, Depends, Response
from pydantic import JsonValue

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.messages import (
    EnrolmentCodeMessage,
    EnrolmentCodeRequest,
    KeyWords,
    StationMessage,
)
from examrunner.service.policy import Action
from examrunner.wire import (
    Enrolled,
    EnrolRequest,
    Page,
    SignedPack,
    StartMessage,
    StartRequest,
    StationName,
    StationState,
)

router = APIRouter(prefix="/stations", tags=["stations"])
REFERENCES: Final = {
    "front_intrinsics": {
        "camera_matrix": [[905.4, 0, 642.3], [0, 903.1, 357.6], [0, 0, 1]],
        "distortion": [-0.291, 0.094, 0.0006, -0.0004, -0.012],
        "size_px": [1280, 720],
    },
    "front_sharpness": 180.0,
}


@router.post("/enrol")
def enrol(message: EnrolRequest, service: ServiceDep) -> Enrolled:
    """Exchange a one-time code and a key for a token."""
    return service.store.stations.enrol(message)


@router.post("/codes", status_code=201)
def give_code(
    message: EnrolmentCodeRequest,
    actor: Annotated[Actor, Depends(permitted(Action.MANAGE_STATIONS))],
    service: ServiceDep,
) -> EnrolmentCodeMessage:
    """A code with which a station enrols once, within a day."""
    return service.store.stations.give_code(message.station, message.rig, by=actor.name)


@router.post("/{station}/confirmation", status_code=204)
def confirm(
    station: StationName,
    message: KeyWords,
    actor: Annotated[Actor, Depends(permitted(Action.MANAGE_STATIONS))],
    service: ServiceDep,
) -> None:
    """Say that the station's own screen shows these words; then it may work."""
    service.store.stations.confirm(station, message.words, by=actor.name)


@router.put("/{station}/references", status_code=204)
def keep_references(
    station: StationName,
    references: Annotated[dict[str, JsonValue], Body(examples=[REFERENCES])],
    actor: Annotated[Actor, Depends(permitted(Action.MANAGE_STATIONS))],
    service: ServiceDep,
) -> None:
    """Keep what a technician measured on a rig, for the cases of later exams."""
    service.store.stations.keep_references(station, references, by=actor.name)


@router.get("")
def list_stations(
    _actor: Annotated[Actor, Depends(permitted(Action.SEE_STATIONS))],
    service: ServiceDep,
) -> Page[StationMessage]:
    """All stations with what they last said."""
    return Page(
        items=[
            station.model_copy(update={"state": seen.state, "seen_at": seen.at})
            if (seen := service.live.of(station.name))
            else station
            for station in service.store.stations.listed()
        ]
    )


@router.post("/{station}/starts")
def claim_start(
    station: StationName,
    message: StartRequest,
    _actor: Annotated[Actor, Depends(permitted(Action.REPORT_STATE))],
    service: ServiceDep,
) -> StartMessage:
    """Say that the station's agent has started; from then on older ones are refused.

    A PC that does not know the last start has a copied disk: 409.
    """
    return service.store.starts.claim(station, message)


@router.put("/{station}/state", status_code=204)
def report_state(
    station: StationName,
    message: StationState,
    _actor: Annotated[Actor, Depends(permitted(Action.REPORT_STATE))],
    service: ServiceDep,
) -> None:
    """Say what happens at the station now; lost ones do not matter."""
    service.live.post(station, message, service.clock())


@router.get(
    "/{station}/pack",
    response_model=SignedPack,
    responses={204: {"description": "There is no pack for this station now."}},
)
def get_pack(
    station: StationName,
    _actor: Annotated[Actor, Depends(permitted(Action.TAKE_LEASE))],
    service: ServiceDep,
) -> SignedPack | Response:
    """The exam pack of the calling station, to be fetched before the day."""
    pack = service.store.packs.newest(station)
    return Response(status_code=204) if pack is None else pack
