"""Builds the FastAPI application around a service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool

from examrunner import __version__
from examrunner.service import pages, problems
from examrunner.service.context import Service
from examrunner.service.guards import BodyLimit, SecurityHeaders
from examrunner.service.routers import (
    attempts,
    audit,
    deliveries,
    evidence,
    exams,
    grades,
    health,
    leases,
    live,
    people,
    proofs,
    results,
    rosters,
    sessions,
    stations,
)
from examrunner.wire import Problem

PREFIX = "/api/v1"
ROUTERS: tuple[APIRouter, ...] = (
    sessions.router,
    people.router,
    stations.router,
    rosters.router,
    exams.router,
    leases.router,
    attempts.router,
    deliveries.router,
    results.router,
    proofs.router,
    evidence.router,
    grades.router,
    live.router,
    audit.router,
)

REFUSED: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Refused; nothing was changed.",
        "content": {
            problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
        "model": Problem,
    }
}


def build_app(service: Service) -> FastAPI:
    """The application; it closes the service when it ends."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        service.jobs.start()
        yield
        await run_in_threadpool(service.close)

    app = FastAPI(
        title="examrunner",
        summary="Exams on vehicle training rigs: stations, attempts, scores, grades.",
        version=__version__,
        openapi_url=f"{PREFIX}/openapi.json",
        # Their pages load scripts from other sites.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    problems.install(app)
    app.include_router(health.router)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, responses=REFUSED)
    pages.install(app)
    return app
