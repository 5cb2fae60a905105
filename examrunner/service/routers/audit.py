"""The chained log of decisions."""

from typing import Annotated

from fastapi import APIRouter, Depends

from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.messages import AuditMessage
from examrunner.service.policy import Action
from examrunner.service.routers.paging import (
    CursorParam,
    LimitParam,
    number_of,
    page_of,
)
from examrunner.wire import Page

router = APIRouter(prefix="/audit", tags=["audit"])
AuditorDep = Annotated[Actor, Depends(permitted(Action.SEE_AUDIT))]


@router.get("")
def list_entries(
    _actor: AuditorDep,
    service: ServiceDep,
    cursor: CursorParam = "",
    limit: LimitParam = 100,
) -> Page[AuditMessage]:
    """Entries in order."""
    entries = service.store.audit.entries(after=number_of(cursor), limit=limit + 1)
    return page_of(entries, limit, lambda entry: entry.number)


@router.get("/head")
def last_entry(_actor: AuditorDep, service: ServiceDep) -> AuditMessage | None:
    """The last entry; whoever writes its hash down can prove a later change."""
    return service.store.audit.head()
