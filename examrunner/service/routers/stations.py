"""Stations: enrolment and live state."""

from typing import Annotated

from fastapi import APIRouter, Depends

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.messages import (
    EnrolmentCodeMessage,
    EnrolmentCodeRequest,
    StationMessage,
)
from examrunner.service.policy import Action
from examrunner.wire import Enrolled, EnrolRequest, Page, StationName, StationState

router = APIRouter(prefix="/stations", tags=["stations"])


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


@router.put("/{station}/state", status_code=204)
def report_state(
    station: StationName,
    message: StationState,
    _actor: Annotated[Actor, Depends(permitted(Action.REPORT_STATE))],
    service: ServiceDep,
) -> None:
    """Say what happens at the station now; lost ones do not matter."""
    service.live.post(station, message, service.clock())
