"""Who calls, and whether the policy lets him: the one door to every route."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.requests import HTTPConnection

from examrunner.service.actors import Actor
from examrunner.service.context import Service
from examrunner.service.forwarding import forwarder_of
from examrunner.service.policy import RULES, Action, Thing, can
from examrunner.service.refusals import NotAllowedError, UnknownError, sign_in_first
from examrunner.wire import BUNDLE_SCHEME, START_HEADER

COOKIE: Final = "examrunner_session"
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")


def service_of(connection: HTTPConnection) -> Service:
    """The service that this application belongs to."""
    service: Service = connection.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(service_of)]


def caller_of(connection: HTTPConnection) -> Actor:
    """Who calls, by bearer token or by the cookie of a page.

    Raises:
        NotSignedInError: If there is no good token.
        NotAllowedError: If another site's page made a browser send its cookie.
    """
    token = bearer_token(connection)
    if not token:
        token = connection.cookies.get(COOKIE, "")
        check_origin(connection)
    if not token:
        raise sign_in_first()
    actor = service_of(connection).store.people.actor_of(token)
    return replace(actor, start=_start_of(connection)) if actor.station else actor


def _start_of(connection: HTTPConnection) -> int:
    told = connection.headers.get(START_HEADER, "")
    return int(told) if told.isdecimal() else 0


CallerDep = Annotated[Actor, Depends(caller_of)]


def bearer_token(connection: HTTPConnection) -> str:
    """The token of the Authorization header; empty without one."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def deliverer_of(request: Request) -> Actor:
    """A station, or a PC that forwards what a station has signed.

    Raises:
        NotSignedInError: If it is neither.
        NotAllowedError: If it forwards something else.
    """
    told = request.headers.get("authorization", "")
    scheme, _, bundle = told.partition(" ")
    if scheme.lower() != BUNDLE_SCHEME.lower():
        return caller_of(request)
    attempt = str(request.path_params.get("attempt_id", ""))
    return forwarder_of(service_of(request).store, bundle, attempt)


def permitted(action: Action) -> Callable[[Request, Actor], Actor]:
    """A dependency: the caller, who may do this to what the path names.

    Lists and other paths that name nothing are about what is the caller's own; their
    routes show nothing else.
    """
    who = deliverer_of if action is Action.DELIVER else caller_of

    def check(request: Request, actor: Annotated[Actor, Depends(who)]) -> Actor:
        if action not in RULES[actor.role]:
            raise NotAllowedError(
                f"the role {actor.role} does not include this ({action}).",
                where=f"{request.method} {request.url.path}",
                remedy="Ask somebody whose role includes it.",
            )
        if not can(actor, action, _thing_of(request, actor)):
            raise UnknownError(
                "nothing of yours has this address.",
                where=f"{request.method} {request.url.path}",
                remedy="Ask for a list of what is yours.",
            )
        return actor

    return check


def _thing_of(request: Request, actor: Actor) -> Thing:
    if (attempt := request.path_params.get("attempt_id")) is not None:
        return _attempt_thing(service_of(request), attempt)
    if (station := request.path_params.get("station")) is not None:
        return Thing(stations=frozenset({station}))
    return Thing(
        stations=frozenset({actor.station}),
        candidate=actor.candidate,
        courses=frozenset(actor.courses),
    )


def _attempt_thing(service: Service, attempt: object) -> Thing:
    try:
        identifier = UUID(str(attempt))
    except ValueError:
        return Thing()
    return service.store.attempts.thing(identifier)


def check_origin(connection: HTTPConnection) -> None:
    """Refuse what another site's page made a browser send.

    Raises:
        NotAllowedError: If the browser says so.
    """
    # SameSite=Strict keeps the cookie at home; this also covers old browsers.
    site = connection.headers.get("sec-fetch-site", "same-origin")
    method = connection.scope.get("method", "WEBSOCKET")
    if site not in {"same-origin", "none"} and method not in _SAFE_METHODS:
        raise NotAllowedError(
            "another site sent this request.",
            where="Sec-Fetch-Site",
            remedy="Open the page of the service itself.",
        )
