"""Leases of attempts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.policy import Action
from examrunner.wire import AttemptId, Lease, LeaseRenewal, LeaseRequest

router = APIRouter(prefix="/leases", tags=["stations"])


@router.post(
    "",
    status_code=201,
    response_model=Lease,
    responses={204: {"description": "Nothing is planned for this station."}},
)
def take_lease(
    message: LeaseRequest,
    actor: Annotated[Actor, Depends(permitted(Action.TAKE_LEASE))],
    service: ServiceDep,
) -> Lease | Response:
    """The next attempt of the calling station."""
    service.store.starts.check(actor.station, actor.start)
    lease = service.store.leases.take(actor.station, message)
    if lease is None:
        return Response(status_code=204)
    service.live.touch(str(lease.attempt_id))
    return lease


@router.put("/{attempt_id}")
def renew_lease(
    attempt_id: AttemptId,
    message: LeaseRenewal,
    actor: Annotated[Actor, Depends(permitted(Action.TAKE_LEASE))],
    service: ServiceDep,
) -> Lease:
    """Keep an attempt for longer."""
    service.store.starts.check(actor.station, actor.start)
    return service.store.leases.renew(actor.station, attempt_id, message.token)
