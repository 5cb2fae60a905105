"""Wall time, read in one place; everything else takes it as an argument."""

import datetime


def wall_time() -> str:
    """Now, in ISO 8601 with zone."""
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251  # the process's clock
    return now.astimezone().isoformat(timespec="milliseconds")
