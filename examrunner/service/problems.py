"""Every error as problem+json: what happened, where, what next."""

import http
import logging
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from examrunner.model.errors import ExamRunnerError
from examrunner.service import refusals
from examrunner.service.worker import ChildLostError
from examrunner.wire import OFFSET_HEADER, Problem

MEDIA_TYPE: Final = "application/problem+json"
STATUSES: Final[tuple[tuple[type[ExamRunnerError], int], ...]] = (
    (refusals.NotSignedInError, 401),
    (refusals.NotAllowedError, 403),
    (refusals.UnknownError, 404),
    (refusals.ConflictError, 409),
    (refusals.TooLargeError, 413),
    (ChildLostError, 503),
    (ExamRunnerError, 422),
)
"""Kind of error to its status; the first that fits."""

RETRY_AFTER_S: Final = 5

_log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    """Answer every error of this application as a problem."""
    app.add_exception_handler(ExamRunnerError, _expected)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _refused_by_framework)
    app.add_exception_handler(Exception, _bug)


def problem_response(status: int, error: ExamRunnerError) -> JSONResponse:
    """The answer to a request that failed."""
    headers: dict[str, str] = {}
    if status == http.HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if isinstance(error, refusals.OffsetError):
        headers[OFFSET_HEADER] = str(error.offset)
    body = Problem(
        title=http.HTTPStatus(status).phrase,
        status=status,
        problem=error.problem,
        where=error.where,
        remedy=error.remedy,
    )
    return JSONResponse(
        body.model_dump(), status, headers=headers, media_type=MEDIA_TYPE
    )


def _expected(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ExamRunnerError):
        raise error
    status = next(code for kind, code in STATUSES if isinstance(error, kind))
    return problem_response(status, error)


def _malformed(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return problem_response(
        422,
        refusals.UnusableError(
            f"{first['msg']}.",
            where=where,
            remedy="Compare the request with /api/v1/openapi.json.",
        ),
    )


def _refused_by_framework(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    response = problem_response(
        error.status_code,
        refusals.RefusalError(
            f"{error.detail}.",
            where=f"{request.method} {request.url.path}",
            remedy="Compare the address and the method with /api/v1/openapi.json.",
        ),
    )
    response.headers.update(error.headers or {})
    return response


def _bug(request: Request, error: Exception) -> JSONResponse:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem_response(
        500,
        refusals.RefusalError(
            "the service has a mistake; its log says more.",
            where=f"{request.method} {request.url.path}",
            remedy="Tell the administrator what you were doing.",
        ),
    )
