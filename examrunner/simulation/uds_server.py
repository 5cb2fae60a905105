"""A diagnostic server: takes requests, answers in time (ISO 14229-1, 14229-2)."""

from typing import Final

from examrunner.simulation.bus import Bus
from examrunner.simulation.control_unit import ControlUnit
from examrunner.simulation.isotp import IsoTpLink
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S, Kernel
from examrunner.simulation.randomness import Streams
from examrunner.simulation.uds_services import Later, answer
from examrunner.simulation.uds_session import DEFAULT, Refused

NO_ANSWER_WHEN_FUNCTIONAL: Final = frozenset({0x11, 0x12, 0x31, 0x7E, 0x7F})
PENDING_NS: Final = 40 * NS_PER_MS
NEXT_PENDING_NS: Final = 4 * NS_PER_S
LEGISLATED: Final = 0x10
"""Services below are those of ISO 15031-5 (OBD)."""


class UdsServer:
    """Answers for one control unit.

    Args:
        unit: The control unit.
        bus: Where it is reached.
        kernel: The rig's clock.
        streams: Of the rig.
        functional_id: Identifier of functional requests.
    """

    def __init__(
        self,
        unit: ControlUnit,
        bus: Bus,
        kernel: Kernel,
        streams: Streams,
        functional_id: int,
    ) -> None:
        self.unit = unit
        self._kernel = kernel
        self._delays = streams.of("answer", unit.ecu.name)
        self._functional = False
        self._activity = 0
        name = unit.node.name
        self._link = IsoTpLink(
            bus,
            kernel,
            unit.ecu.response_id,
            unit.timing,
            self._requested,
            unit.awake,
            place=name,
        )
        bus.listen(unit.ecu.request_id, self._heard, at=name)
        bus.listen(functional_id, self._heard_functional, at=name)
        unit.node.watchers.append(self._power_changed)

    def _heard(self, frame: bytes) -> None:
        self._functional = False
        self._link.hear(frame)

    def _heard_functional(self, frame: bytes) -> None:
        if frame and frame[0] >> 4 == 0:
            self._functional = True
            self._link.hear(frame)

    def _requested(self, request: bytes) -> None:
        self._activity += 1
        delay_ns = int(self._delays.integers(3, 18)) * NS_PER_MS
        functional = self._functional
        self.unit.after(delay_ns, lambda: self._answer(request, functional))

    def _answer(self, request: bytes, functional: bool) -> None:
        if request[0] < LEGISLATED:
            self._answer_legislated(request, functional)
            return
        try:
            outcome = answer(self.unit, request)
        except Refused as refusal:
            if not (functional and refusal.code in NO_ANSWER_WHEN_FUNCTIONAL):
                self._link.send(bytes([0x7F, request[0], refusal.code]))
        else:
            if isinstance(outcome, Later):
                self._pend(request[0], outcome)
            elif outcome:
                self._link.send(outcome)
        self._keep_session()

    def _answer_legislated(self, request: bytes, functional: bool) -> None:
        obd = self.unit.behaviour.obd
        reply = obd(request) if obd else None
        if reply or not functional:
            self._link.send(reply or bytes([0x7F, request[0], 0x11]))

    def _pend(self, service: int, outcome: Later) -> None:
        pending = bytes([0x7F, service, 0x78])
        for delay_ns in range(PENDING_NS, outcome.lasting_ns, NEXT_PENDING_NS):
            self.unit.after(delay_ns, lambda: self._link.send(pending))
        self.unit.after(outcome.lasting_ns, lambda: self._finish(outcome))

    def _finish(self, outcome: Later) -> None:
        self._link.send(outcome.finish())
        self._keep_session()

    def _keep_session(self) -> None:
        self._activity += 1
        activity = self._activity

        def expire() -> None:
            if activity == self._activity:
                self._leave_session()

        if self.unit.session.kind != DEFAULT:
            self._kernel.after(round(self.unit.timing.s3_s * NS_PER_S), expire)

    def _leave_session(self) -> None:
        """The default session: messages and trouble codes are on again."""
        self.unit.session.enter(DEFAULT)
        self.unit.memory.frozen = False
        self.unit.behaviour.mute(False)

    def _power_changed(self) -> None:
        unit = self.unit
        self._leave_session()
        unit.session.routines.clear()
        self._link.stop()
        if unit.awake():
            unit.memory.restart()
