"""A person who plugs faults by hand where a rig has no fault box."""

from collections.abc import Callable, Mapping

from examrunner.drivers.links import Answer


def _at_terminal(instruction: str) -> bool:
    return input(f"{instruction} Type 'y' when it is done: ").strip().lower() == "y"


class Person:
    """Says what to plug and believes a plain yes.

    Args:
        confirm: Shows an instruction and says whether it was carried out.
    """

    def __init__(self, *, confirm: Callable[[str], bool] = _at_terminal) -> None:
        self._confirm = confirm

    def command(self, op: str, args: Mapping[str, object]) -> Answer:
        if op == "measure":
            return Answer(result="bad_arg", state={})
        listed = ", ".join(f"{name} = {value}" for name, value in args.items())
        done = self._confirm(
            f"Set at the rig: {op}" + (f" ({listed})." if args else ".")
        )
        return Answer(result="ok" if done else "readback_fail", state={})

    def close(self) -> None:
        """A person is not closed."""
