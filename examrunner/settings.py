"""Settings of the processes, read from the environment once at start."""

import os
from pathlib import Path


def content_roots() -> tuple[Path, ...]:
    """Content folders of ``EXAMRUNNER_CONTENT``, written as in ``PATH``."""
    listed = os.environ.get("EXAMRUNNER_CONTENT", "").split(os.pathsep)
    return tuple(Path(folder) for folder in listed if folder)
