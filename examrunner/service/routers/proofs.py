"""Proofs of submission."""

from typing import Annotated

from fastapi import APIRouter, Depends

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.policy import Action
from examrunner.service.proving import proven
from examrunner.wire import ProofMessage, ProofRequest

router = APIRouter(prefix="/proofs", tags=["results"])


@router.post("")
def verify_proof(
    message: ProofRequest,
    _actor: Annotated[Actor, Depends(permitted(Action.DECIDE))],
    service: ServiceDep,
) -> ProofMessage:
    """Whether a candidate's proof of submission is genuine, and the work is here."""
    return proven(service, message.text)
