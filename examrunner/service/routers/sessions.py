"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from examrunner.service.access import COOKIE, CallerDep, ServiceDep, check_origin
from examrunner.service.messages import SessionMessage, SessionRequest
from examrunner.service.store.people import SESSION_LIFE

router = APIRouter(tags=["sessions"])


@router.post("/session", dependencies=[Depends(check_origin)])
def sign_in(
    message: SessionRequest, request: Request, response: Response, service: ServiceDep
) -> SessionMessage:
    """Exchange a token for a session cookie that ends after 12 hours."""
    token, who = service.store.people.start_session(message.token, once=False)
    _set_cookie(request, response, token)
    return who


@router.get("/session/link", include_in_schema=False)
def sign_in_by_link(
    key: Annotated[str, Query(max_length=200)], request: Request, service: ServiceDep
) -> RedirectResponse:
    """Follow a login link; it works once."""
    token, _ = service.store.people.start_session(key, once=True)
    response = RedirectResponse("/", status_code=303)
    _set_cookie(request, response, token)
    return response


@router.get("/session")
def who_am_i(actor: CallerDep) -> SessionMessage:
    """Name and role of the caller."""
    return SessionMessage(name=actor.name, role=actor.role)


@router.delete("/session", status_code=204, dependencies=[Depends(check_origin)])
def sign_out(request: Request, response: Response, service: ServiceDep) -> None:
    """End the session of this cookie."""
    service.store.people.end_session(request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path="/")


def _set_cookie(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )
