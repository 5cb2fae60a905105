"""Attempts as people see them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.attempt_messages import AttemptMessage, FreeRequest
from examrunner.service.messages import AttemptState
from examrunner.service.policy import Action
from examrunner.service.routers.paging import CursorParam, LimitParam, page_of
from examrunner.service.store.attempts import AttemptFilter
from examrunner.wire import AttemptId, Page

router = APIRouter(prefix="/attempts", tags=["attempts"])
Text = Annotated[str, Query(max_length=80)]


@router.get("")
def list_attempts(
    actor: Annotated[Actor, Depends(permitted(Action.SEE_ATTEMPTS))],
    service: ServiceDep,
    exam: Text = "",
    candidate: Text = "",
    task: Text = "",
    state: AttemptState | None = None,
    cursor: CursorParam = "",
    limit: LimitParam = 100,
) -> Page[AttemptMessage]:
    """Attempts in the order in which they were planned; candidates see their own."""
    wanted = AttemptFilter(
        exam=exam, candidate=actor.candidate or candidate, task=task, state=state
    )
    found = service.store.attempts.listed(wanted, after=cursor, limit=limit + 1)
    return page_of(found, limit, lambda attempt: attempt.id)


@router.post("/{attempt_id}/release", status_code=204)
def free_attempt(
    attempt_id: AttemptId,
    message: FreeRequest,
    actor: Annotated[Actor, Depends(permitted(Action.FREE_ATTEMPT))],
    service: ServiceDep,
) -> None:
    """Take an attempt away from a station that died with it."""
    service.store.leases.free(attempt_id, by=actor.name, reason=message.reason)
    service.live.touch(str(attempt_id))
