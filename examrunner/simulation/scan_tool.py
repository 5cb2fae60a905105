"""The candidate's diagnostic tool on the virtual clock."""

from collections.abc import Generator, Iterable
from typing import Final

from examrunner.model.station import Ecu, Timing
from examrunner.simulation.bus import Bus
from examrunner.simulation.isotp import IsoTpLink
from examrunner.simulation.kernel import NS_PER_MS, Kernel
from examrunner.simulation.uds_session import key_of

POLL_NS: Final = 2 * NS_PER_MS
LATE_NS: Final = 100 * NS_PER_MS
PENDING_LATE_NS: Final = 5_200 * NS_PER_MS

Waiting = Generator[int, None, bytes]
"""Yields how long to wait in nanoseconds; returns the answer, empty for none."""


class ScanTool:
    """Asks control units and waits for their answers.

    Args:
        ecus: Control units of the rig.
        buses: By channel name.
        kernel: The rig's clock.
        timing: Of the rig; the tool itself accepts frames without a pause.
    """

    def __init__(
        self,
        ecus: Iterable[Ecu],
        buses: dict[str, Bus],
        kernel: Kernel,
        timing: Timing,
    ) -> None:
        self._kernel = kernel
        self._answers: dict[str, list[bytes]] = {}
        self._links: dict[str, IsoTpLink] = {}
        own = Timing(st_min_s=0.0, block_size=0, padding=timing.padding)
        for ecu in ecus:
            answers: list[bytes] = []
            bus = buses[ecu.channel]
            link = IsoTpLink(bus, kernel, ecu.request_id, own, answers.append)
            bus.listen(ecu.response_id, link.hear)
            self._answers[ecu.name], self._links[ecu.name] = answers, link

    def ask(self, ecu: str, request: bytes) -> Waiting:
        """Send a request and wait for the final answer."""
        answers = self._answers[ecu]
        answers.clear()
        self._links[ecu].send(request)
        deadline_ns = self._kernel.now_ns + LATE_NS + 20 * NS_PER_MS * len(request)
        while self._kernel.now_ns < deadline_ns:
            yield POLL_NS
            if not answers:
                continue
            reply = answers.pop(0)
            if reply[0] == 0x7F and len(reply) > 2 and reply[2] == 0x78:
                deadline_ns = self._kernel.now_ns + PENDING_LATE_NS
                continue
            return reply
        return b""

    def unlock(self, ecu: str) -> Waiting:
        """Extended session, then security access."""
        yield from self.ask(ecu, b"\x10\x03")
        seed = yield from self.ask(ecu, b"\x27\x01")
        if len(seed) != 6:
            return seed
        key = key_of(int.from_bytes(seed[2:], "big")).to_bytes(4, "big")
        return (yield from self.ask(ecu, b"\x27\x02" + key))
