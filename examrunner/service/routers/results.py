"""Scores of one attempt, decisions about it, its release."""

from typing import Annotated

from fastapi import APIRouter, Depends

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.attempt_messages import (
    AttemptDetail,
    ConfirmationRequest,
    DecisionRequest,
)
from examrunner.service.disclosure import as_candidates_see
from examrunner.service.messages import Role
from examrunner.service.policy import Action
from examrunner.wire import AttemptId

router = APIRouter(prefix="/attempts/{attempt_id}", tags=["results"])
DeciderDep = Annotated[Actor, Depends(permitted(Action.DECIDE))]


@router.get("")
def get_attempt(
    attempt_id: AttemptId,
    actor: Annotated[Actor, Depends(permitted(Action.SEE_ATTEMPTS))],
    service: ServiceDep,
) -> AttemptDetail:
    """Everything about an attempt that its reader may see."""
    detail = service.store.details.of(attempt_id)
    if actor.role is not Role.CANDIDATE:
        return detail
    return as_candidates_see(detail, service.store.exams.rubric_of(attempt_id))


@router.post("/decisions", status_code=201)
def decide(
    attempt_id: AttemptId,
    message: DecisionRequest,
    actor: DeciderDep,
    service: ServiceDep,
) -> AttemptDetail:
    """Append an examiner's word; the machine's stays beside it."""
    service.store.scores.decide(attempt_id, message, by=actor.name)
    service.live.touch(str(attempt_id))
    return service.store.details.of(attempt_id)


@router.post("/judgements", status_code=202)
def judge_again(
    attempt_id: AttemptId, actor: DeciderDep, service: ServiceDep
) -> AttemptDetail:
    """Judge the stored recording again; a score is appended when it is done."""
    service.store.jobs.ask(attempt_id, by=actor.name)
    service.jobs.wake()
    return service.store.details.of(attempt_id)


@router.post("/confirmation", status_code=201)
def confirm(
    attempt_id: AttemptId,
    message: ConfirmationRequest,
    actor: Annotated[Actor, Depends(permitted(Action.CONFIRM))],
    service: ServiceDep,
) -> AttemptDetail:
    """Release the score: the candidate sees it, and his grade is computed."""
    service.store.grades.confirm(attempt_id, message, by=actor.name)
    service.live.touch(str(attempt_id))
    return service.store.details.of(attempt_id)
