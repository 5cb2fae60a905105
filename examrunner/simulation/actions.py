"""What a scripted candidate does at the station, and processes that wait."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

from examrunner.simulation.kernel import Kernel


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that the station has to do before rig time goes on.

    Attributes:
        do: ``edit``, ``submit``, ``capture``, ``op`` or ``stop``.
        body: What exactly, see simulation/README.md.
    """

    do: str
    body: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """As it goes over the clock port."""
        return {"do": self.do, **self.body}


Process = Generator[int | Action, None, None]
"""Yields how long to wait in nanoseconds, or an action."""


class Stage:
    """Runs processes on the rig's clock and holds it while an action is due.

    Args:
        kernel: The rig's clock.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._due: list[tuple[Action, Process]] = []
        self.over = False

    def start(self, process: Process) -> None:
        """Begin a process now."""
        self._kernel.after(0, lambda: self._resume(process))

    def run(self, until_ns: int) -> Action | None:
        """Move the clock to ``until_ns``, or to the next action that is due."""
        if not self._due:
            self._kernel.run(until_ns, lambda: bool(self._due))
        return self._due[0][0] if self._due else None

    def done(self) -> None:
        """The station has performed the action that was due."""
        action, process = self._due.pop(0)
        if action.do == "stop":
            self.over = True
        if not self.over:
            self._resume(process)

    def _resume(self, process: Process) -> None:
        if self.over:
            return
        item = next(process, None)
        if isinstance(item, Action):
            self._due.append((item, process))
        elif item is not None:
            self._kernel.after(item, lambda: self._resume(process))
