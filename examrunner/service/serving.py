"""Runs the service until it is told to stop."""

import uvicorn

from examrunner.content.search import SearchPath
from examrunner.service.app import build_app
from examrunner.service.clock import wall_clock
from examrunner.service.context import Service
from examrunner.settings import ServiceSettings


def serve(
    settings: ServiceSettings, content: SearchPath, *, host: str, port: int
) -> None:
    """Answer on ``host:port`` until SIGINT or SIGTERM."""
    app = build_app(Service.open(settings, wall_clock, content))
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        ws_max_size=1 << 16,
        timeout_graceful_shutdown=5,
    )
