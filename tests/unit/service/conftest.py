"""A service with people, enrolled stations and planned attempts, on real files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from judged_attempts import a_judged_attempt, with_sheets
from service_hall import STATIONS, Hall, HandClock

from examrunner.content.search import SearchPath
from examrunner.service.app import build_app
from examrunner.service.context import Service
from examrunner.service.messages import Role
from examrunner.service.worker import Worker
from examrunner.settings import ServiceSettings


@pytest.fixture(scope="session")
def reader() -> Iterator[Worker]:
    with Worker(limit_s=60) as worker:
        yield worker


@pytest.fixture(scope="session")
def judge() -> Iterator[Worker]:
    with Worker(limit_s=60) as worker:
        yield worker


@pytest.fixture
def content(request: pytest.FixtureRequest, tmp_path: Path) -> SearchPath:
    """What is built in; where an attempt is judged, with sheets of its own."""
    if "judged" in request.fixturenames:
        return with_sheets(tmp_path / "content")
    return SearchPath.of()


@pytest.fixture
def hall(
    tmp_path: Path, content: SearchPath, reader: Worker, judge: Worker
) -> Iterator[Hall]:
    clock = HandClock()
    service = Service.open(
        ServiceSettings(data=tmp_path / "data"),
        clock=clock,
        content=content,
        reader=reader,
        judge=judge,
    )
    with TestClient(build_app(service), raise_server_exceptions=False) as client:
        hall = Hall(service=service, client=client, clock=clock, folder=tmp_path)
        hall.person("admin", Role.ADMINISTRATOR)
        hall.person("chief", Role.CHIEF_EXAMINER)
        hall.person("examiner", Role.EXAMINER)
        for station, rig in STATIONS.items():
            hall.enrol(station, rig)
        yield hall


@pytest.fixture
def judged(hall: Hall) -> dict:
    """A delivered attempt that the service has judged."""
    return a_judged_attempt(hall)
