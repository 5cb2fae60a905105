"""What every fault box, and every person who stands in for one, must keep."""

from collections.abc import Callable, Sequence
from typing import Final

from examrunner.drivers.links import FaultBoxLink
from examrunner.testing.contracts import require

RESULTS: Final = (
    "ok", "not_armed", "bad_mac", "bad_arg", "interlock", "readback_fail"
)  # fmt: skip


def every_command_is_answered_with_a_known_word(box: FaultBoxLink) -> None:
    """Domain knows six results and no other."""
    for op in ("arm", "state", "measure", "clear_all", "no_such_op", "disarm"):
        answer = box.command(op, {})
        require(answer.result in RESULTS, f"'{op}' is answered '{answer.result}'")


def everything_can_be_cleared(box: FaultBoxLink) -> None:
    """Armed, then cleared: the way every attempt ends."""
    require(box.command("arm", {}).is_ok, "the box cannot be armed")
    require(box.command("clear_all", {}).is_ok, "the box cannot be cleared")


def closing_a_box_twice_does_nothing(box: FaultBoxLink) -> None:
    """Stations close in every path, some of them twice."""
    box.close()
    box.close()


CLAIMS: Final[Sequence[Callable[[FaultBoxLink], None]]] = (
    every_command_is_answered_with_a_known_word,
    everything_can_be_cleared,
    closing_a_box_twice_does_nothing,
)
