"""The fault box: arms, injects, reads back, measures, clears."""

import re
from collections.abc import Mapping
from typing import Final

from examrunner.simulation.faults.catalogue import fault_of
from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault
from examrunner.simulation.faults.intermittent import Intermittent
from examrunner.simulation.training_rig import TrainingRig
from examrunner.simulation.truth import truth_of

OK: Final = "ok"
NOT_ARMED: Final = "not_armed"
BAD_MAC: Final = "bad_mac"
BAD_ARG: Final = "bad_arg"
INTERLOCK: Final = "interlock"
READBACK_FAIL: Final = "readback_fail"

HEXADECIMAL: Final = re.compile(r"([0-9a-f]{2})+")

Command = Mapping[str, object]


class FaultBox:
    """Holds the faults of one rig.

    Args:
        rig: The rig.
    """

    def __init__(self, rig: TrainingRig) -> None:
        self._rig = rig
        self.armed = False
        self._active: list[tuple[str, Fault]] = []
        self._intermittent: list[Intermittent] = []
        self._attempts = 0
        rig.base.bench.watchers.append(self._look_at_e_stop)

    def state(self) -> Mapping[str, object]:
        """What is armed and injected."""
        return {
            "armed": self.armed,
            "active": [
                {"op": op, "component": fault.component} for op, fault in self._active
            ],
            "repairs": self._attempts,
        }

    def measure(self, quantity: str | None = None) -> Mapping[str, float]:
        """All quantities that can be measured now, or the one that is asked for."""
        values = truth_of(self._rig.base)
        if quantity is None:
            return values
        return {quantity: values[quantity]} if quantity in values else {}

    def carry_out(self, command: Command) -> str:
        """Do what a command says; returns its result.

        Args:
            command: ``op`` and its arguments, beside it or under ``args``.
        """
        op = str(command.get("op", ""))
        try:
            return self._carry_out(op, _arguments(command))
        except BadArgument:
            return BAD_ARG

    def clear_all(self) -> None:
        """Take every fault away."""
        for _, fault in self._active:
            fault.apply(False)
        self._active.clear()
        self._intermittent.clear()

    def restart_intermittent(self) -> None:
        """Begin with a healthy time, so that every exam begins alike."""
        for fault in self._intermittent:
            fault.restart()

    def provoke(self, component: str) -> None:
        """Somebody moves a plug or a wire."""
        for fault in self._intermittent:
            fault.provoke(component)

    def repair(self, component: str) -> bool:
        """Clear the fault of a component; False if it had none."""
        self._attempts += 1
        found = [entry for entry in self._active if entry[1].component == component]
        for entry in found:
            entry[1].apply(False)
            self._active.remove(entry)
        return bool(found)

    def _look_at_e_stop(self) -> None:
        if self._rig.base.bench.stopped:
            self.clear_all()

    def _carry_out(self, op: str, args: Arguments) -> str:
        if op in {"state", "measure", "selftest"}:
            return self._look(op, args)
        if op == "challenge":
            return self._show(str(args.get("code", "")))
        if op in {"arm", "disarm"}:
            self.armed = op == "arm"
            return OK
        if op in {"clear", "clear_all"}:
            self._clear(args if op == "clear" else {})
            return OK
        if op == "repair":
            self.repair(str(args.get("component", "")))
            return OK
        return self._inject(op, args)

    def _show(self, code: str) -> str:
        if not HEXADECIMAL.fullmatch(code):
            return BAD_ARG
        self._rig.base.bench.show(code)
        return OK

    def _look(self, op: str, args: Arguments) -> str:
        quantity = args.get("quantity")
        known = op != "measure" or quantity is None or self.measure(str(quantity))
        return OK if known else BAD_ARG

    def _clear(self, args: Arguments) -> None:
        component = args.get("component")
        if component is None:
            self.clear_all()
        else:
            self.repair(str(component))

    def _inject(self, op: str, args: Arguments) -> str:
        if not self.armed:
            return NOT_ARMED
        if not self._interlock():
            return INTERLOCK
        if op == "intermittent":
            coming_and_going = Intermittent(self._rig, args)
            self._intermittent.append(coming_and_going)
            fault = coming_and_going.fault()
        else:
            fault = fault_of(self._rig, op, args)
        fault.apply(True)
        self._active.append((op, fault))
        return OK if fault.present() else READBACK_FAIL

    def _interlock(self) -> bool:
        rig = self._rig
        moving = abs(rig.speed_mps) > 0.01 or rig.enabled()
        return not moving and not rig.base.bench.stopped


_FRAME: Final = frozenset({"op", "args", "seq", "ttl_s", "nonce", "mac"})


def _arguments(command: Command) -> Arguments:
    """What stands under ``args`` and beside it."""
    beside = {key: value for key, value in command.items() if key not in _FRAME}
    nested = command.get("args")
    return {**beside, **nested} if isinstance(nested, dict) else beside
