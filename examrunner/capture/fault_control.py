"""The fault box during an attempt: every command is recorded, every truth as well."""

from collections.abc import Callable, Mapping
from typing import Final

from examrunner.capture.losses import Write
from examrunner.drivers.links import Answer, FaultBoxLink

RECORDED: Final = {"clear": "clear", "clear_all": "clear", "repair": "repair"}
SILENT: Final = ("measure", "state", "arm", "disarm", "selftest")
PERSON: Final = ("by", "confirmed_at")
CHALLENGE: Final = "challenge"
"""No fault: the rig shows what only this attempt knows, which is not written down."""


class FaultControl:
    """Commands a fault box and writes down what it measures.

    Args:
        box: The box; None where a rig has none.
        write: Appends an event to the recording.
        stamped: Recording time of the box's own stamp.
    """

    def __init__(
        self,
        box: FaultBoxLink | None,
        write: Write,
        stamped: Callable[[int | None], int],
    ) -> None:
        self._box = box
        self._write = write
        self._stamped = stamped
        self._truth: Mapping[str, object] = {}
        self._logged_ns = -1

    def logged_until(self, rig_ns: int) -> None:
        """What a box's log holds up to then has been recorded before."""
        self._logged_ns = rig_ns

    def command(self, op: str, args: Mapping[str, object], now_ns: int) -> Answer:
        """Carries out one command; faults set and cleared are recorded.

        Raises:
            RigError: If the box does not answer.
        """
        if self._box is None:
            return Answer(result="readback_fail", state={})
        answer = self._box.command(op, args)
        if op == CHALLENGE:
            self._write(now_ns, "ops", {"op": op, "result": answer.result})
        elif op not in SILENT:
            body = {"op": RECORDED.get(op, "inject"), "command": {"op": op, **args}}
            self._write(
                now_ns, "ops", {**body, "result": answer.result, **_person(answer)}
            )
        return answer

    def measure(self, now_ns: int) -> None:
        """Records the truth where it has changed.

        A box that keeps a log is asked for all of it, so that what is recorded does
        not depend on when it was asked; of any other, what it measures now counts.

        Raises:
            RigError: If the box does not answer.
        """
        if self._box is None:
            return
        answer = self._box.command("measure", {"after_ns": self._logged_ns})
        samples = answer.state.get("samples")
        measured = answer.state.get("measured")
        if isinstance(samples, list):
            for t_ns, truth in samples:
                self._logged_ns = t_ns
                self._write(self._stamped(t_ns), "truth", truth)
        elif answer.is_ok and isinstance(measured, Mapping):
            truth = _numbers(measured)
            if truth != self._truth:
                self._truth = truth
                self._write(now_ns, "truth", truth)

    def close(self) -> None:
        """Gives the box back."""
        if self._box is not None:
            self._box.close()


def _person(answer: Answer) -> Mapping[str, object]:
    """Who has carried a command out by hand, and when."""
    return {key: answer.state[key] for key in PERSON if key in answer.state}


def _numbers(measured: Mapping[str, object]) -> Mapping[str, float]:
    return {
        name: value
        for name, value in measured.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
