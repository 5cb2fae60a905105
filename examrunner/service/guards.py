"""What every answer carries and every request has to keep to (ASGI)."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from examrunner.service.problems import problem_response
from examrunner.service.refusals import TooLargeError
from examrunner.wire import CHUNK_LIMIT_BYTES, RESULT_LIMIT_BYTES

DEFAULT_LIMIT_BYTES: Final = 1 << 20
_ROSTER_LIMIT_BYTES: Final = 4 << 20

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Tells browsers to load nothing from elsewhere and to frame nothing.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_guarded)


class BodyLimit:
    """Refuses bodies that are too large before anything reads them.

    The server holds clients to the length that they announce.

    Args:
        app: What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "DELETE"}:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        announced = headers.get(b"content-length", b"")
        if b"transfer-encoding" in headers or not announced.isdigit():
            refusal, status = _no_length(scope["path"]), 411
        elif int(announced) > (limit := limit_for(scope["path"])):
            refusal, status = _too_large(int(announced), limit, scope["path"]), 413
        else:
            await self._app(scope, receive, send)
            return
        await problem_response(status, refusal)(scope, receive, send)


def limit_for(path: str) -> int:
    """The largest body that a path takes, in bytes."""
    parts = path.split("/")
    if "recording" in parts:
        return CHUNK_LIMIT_BYTES
    if parts[-1] in {"protocol", "result"}:
        return RESULT_LIMIT_BYTES
    if "rosters" in parts:
        return _ROSTER_LIMIT_BYTES
    return DEFAULT_LIMIT_BYTES


def _no_length(path: str) -> TooLargeError:
    return TooLargeError(
        "the request does not say how long it is.",
        where=path,
        remedy="Send a Content-Length.",
    )


def _too_large(announced: int, limit: int, path: str) -> TooLargeError:
    return TooLargeError(
        f"{announced} bytes are more than the {limit} that are taken here.",
        where=path,
        remedy="Send less, or in pieces.",
    )
