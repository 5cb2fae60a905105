"""How far the day is, with the time left; only on a terminal."""

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

SHARES: Final = {
    "planned": 0.0,
    "leased": 0.3,
    "delivered": 0.8,
    "judged": 0.95,
    "confirmed": 1.0,
}
"""How much of an attempt is done in each state."""


class DayProgress:
    """A bar for the day and a line for each station.

    Args:
        attempts: How many there are.
        tell: Told a line about each score; the terminal shows it above the bar.
    """

    def __init__(self, attempts: int, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[str] = set()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
            transient=True,
        )
        self._bar = self._progress.add_task("exam day", total=attempts)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(
        self,
        attempts: Iterable[Mapping[str, Any]],
        stations: Iterable[Mapping[str, Any]],
    ) -> None:
        """What the service says now."""
        attempts = list(attempts)
        for attempt in attempts:
            self._tell_score(attempt)
        done = sum(SHARES.get(str(attempt["state"]), 0.0) for attempt in attempts)
        busy = [_line(station) for station in stations if station.get("state")]
        self._progress.update(
            self._bar, completed=round(done, 1), description="  ".join(busy) or "starts"
        )

    def _tell_score(self, attempt: Mapping[str, Any]) -> None:
        if attempt.get("verdict") is None or attempt["id"] in self._told:
            return
        self._told.add(str(attempt["id"]))
        points = f"{attempt['low']} to {attempt['high']} of {attempt['max']}"
        who = f"{attempt['task']} of {attempt['candidate']}"
        line = f"{who}: {points}, {attempt['verdict']}"
        if self._progress.disable:
            self._tell(line)
        else:
            self._progress.console.print(line)


def _line(station: Mapping[str, Any]) -> str:
    state = station["state"]
    task = f"{state['task']} " if state.get("task") else ""
    return f"{station['name']}: {task}{state['phase']}"
