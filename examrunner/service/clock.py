"""The one place of the service that asks what time it is."""

import datetime as _datetime
from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Wall time with zone; tests pass their own."""


def wall_clock() -> datetime:
    """Wall time in UTC."""
    return datetime.now(_datetime.UTC)  # noqa: TID251  # this is the process's clock
