"""Candidates."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query

from examrunner.content.rosters import parse_roster
from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.messages import CandidateMessage, RosterReport
from examrunner.service.policy import Action
from examrunner.service.routers.paging import CursorParam, LimitParam, page_of
from examrunner.wire import Page

router = APIRouter(tags=["candidates"])
_EXAMPLE = "student_number,name\n2023010112,Wang Fang\n"


@router.put("/rosters/{cohort}")
def keep_roster(
    cohort: Annotated[str, Path(min_length=1, max_length=80)],
    content: Annotated[bytes, Body(media_type="text/csv", examples=[_EXAMPLE])],
    actor: Annotated[Actor, Depends(permitted(Action.MANAGE_ROSTERS))],
    service: ServiceDep,
) -> RosterReport:
    """Add and correct the candidates of a cohort from CSV; nobody is removed."""
    entries = parse_roster(content, f"roster of {cohort}")
    return service.store.rosters.keep(cohort, entries, by=actor.name)


@router.get("/candidates")
def list_candidates(
    _actor: Annotated[Actor, Depends(permitted(Action.SEE_CANDIDATES))],
    service: ServiceDep,
    cohort: Annotated[str, Query(max_length=80)] = "",
    cursor: CursorParam = "",
    limit: LimitParam = 100,
) -> Page[CandidateMessage]:
    """Candidates with what stations never see, by code."""
    found = service.store.rosters.listed(cohort=cohort, after=cursor, limit=limit + 1)
    return page_of(found, limit, lambda candidate: candidate.code)
