"""Runs the service until it is told to stop."""

import uvicorn

from examrunner.content.search import SearchPath
from examrunner.service.app import build_app
from examrunner.service.clock import wall_clock
from examrunner.service.context import Service
from examrunner.service.worker import Worker
from examrunner.settings import ServiceSettings


def serve(
    settings: ServiceSettings, content: SearchPath, *, host: str, port: int
) -> None:
    """Answer on ``host:port`` until SIGINT or SIGTERM."""
    with (
        Worker(limit_s=settings.read_limit_s) as reader,
        Worker(limit_s=settings.judge_limit_s) as judge,
    ):
        service = Service.open(
            settings, clock=wall_clock, content=content, reader=reader, judge=judge
        )
        uvicorn.run(
            build_app(service),
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            ws_max_size=1 << 16,
            timeout_graceful_shutdown=5,
        )
