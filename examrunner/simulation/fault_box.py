"""The fault box: arms, injects, reads back, measures, clears."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from examrunner.simulation.faults.catalogue import fault_of
from examrunner.simulation.faults.fault import Arguments, BadArgument, Fault, number_of
from examrunner.simulation.faults.intermittent import Intermittent
from examrunner.simulation.faults.relays import relays_of
from examrunner.simulation.kernel import NS_PER_S
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
        stuck: Components whose relay does not move any more.
    """

    def __init__(self, rig: TrainingRig, stuck: Collection[str] = ()) -> None:
        self._rig = rig
        self._stuck = stuck
        self._orders = 0
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
            command: ``op`` and its arguments, beside it or under ``args``. With
                ``ttl_s`` every fault is cleared after that rig time, unless another
                command comes first.
        """
        op = str(command.get("op", ""))
        try:
            ttl_s = number_of(command, "ttl_s", 0.0)
            result = self._carry_out(op, _arguments(command))
        except BadArgument:
            return BAD_ARG
        self._expire(ttl_s)
        return result

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
        if op in {"state", "measure"}:
            return self._look(op, args)
        if op == "challenge":
            return self._show(str(args.get("code", "")))
        if op == "selftest":
            return self._test_itself()
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

    def _test_itself(self) -> str:
        """Move every relay there and back; control units restart by that."""
        if self._active or not self._interlock():
            return INTERLOCK
        for command in relays_of(self._rig):
            fault = self._fault(str(command["op"]), command)
            for wanted in (True, False):
                self._switch(fault, wanted)
                if fault.present() != wanted:
                    return READBACK_FAIL
        return OK

    def _expire(self, ttl_s: float) -> None:
        """Clear everything when the time of the last command is over."""
        self._orders += 1
        order = self._orders
        if not ttl_s:
            return

        def clear() -> None:
            if order == self._orders:
                self.clear_all()

        self._rig.base.kernel.after(round(ttl_s * NS_PER_S), clear)

    def _fault(self, op: str, args: Arguments) -> Fault:
        if op not in self._rig.base.description.faults:
            raise BadArgument(op)
        return fault_of(self._rig, op, args)

    def _switch(self, fault: Fault, active: bool) -> None:
        if fault.component not in self._stuck:
            fault.apply(active)

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
            fault = self._fault(op, args)
        self._switch(fault, True)
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
