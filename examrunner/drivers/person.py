"""A person who plugs faults by hand where a rig has no fault box."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from examrunner.drivers.links import Answer
from examrunner.model.errors import RigError

REFUSALS: Final = ("", "no", "n", "nein", "不", "没有")
"""What is no name: the instruction was not carried out."""


def utc_now() -> datetime:
    """The wall clock, as it stands."""
    return datetime.fromtimestamp(time.time_ns() / 1e9, UTC)


class Person:
    """Says what to plug; whoever did it answers with a name.

    Args:
        terminal: Where to ask. Not standard input: that belongs to the agent.
        ask: Shows an instruction and returns what was typed; None asks at
            ``terminal``.
        now: The wall clock, which goes beside the name.
    """

    def __init__(
        self,
        *,
        terminal: str = "/dev/tty",
        ask: Callable[[str], str] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._terminal = terminal
        self._ask = ask or self._at_terminal
        self._now = now

    def command(self, op: str, args: Mapping[str, object]) -> Answer:
        if op == "measure":
            return Answer(result="bad_arg", state={})
        listed = ", ".join(f"{name} = {value}" for name, value in args.items())
        instruction = f"Set at the rig: {op}" + (f" ({listed})." if args else ".")
        name = self._ask(f"{instruction} Your name when it is done, or 'no': ").strip()
        if name.lower() in REFUSALS:
            return Answer(result="readback_fail", state={})
        at = self._now().isoformat(timespec="seconds")
        return Answer(result="ok", state={"by": name, "confirmed_at": at})

    def close(self) -> None:
        """A person is not closed."""

    def _at_terminal(self, instruction: str) -> str:
        try:
            with (
                open(self._terminal, encoding="utf-8") as keyboard,
                open(self._terminal, "w", encoding="utf-8") as screen,
            ):
                screen.write(instruction)
                screen.flush()
                return keyboard.readline()
        except OSError as error:
            raise RigError(
                f"nobody can be asked here ({type(error).__name__}).",
                where=self._terminal,
                remedy="Start the station from a terminal, and stay near it.",
            ) from error
