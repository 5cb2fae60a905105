"""Both ends of a diagnostic connection on the virtual clock (ISO 15765-2)."""

from collections.abc import Callable
from typing import Final

from examrunner.model.station import Timing
from examrunner.simulation.bus import Bus, Frame
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S, Kernel

REACTION_NS: Final = NS_PER_MS
"""From a received frame to the flow control or data that it asks for."""
TIMEOUT_NS: Final = NS_PER_S
"""N_Bs and N_Cr: longest wait for a flow control or a consecutive frame."""
LONGEST: Final = 0xFFF
CLEAR_TO_SEND, WAIT, OVERFLOW = 0, 1, 2


class IsoTpLink:
    """Sends payloads under one identifier and receives them under another.

    Args:
        bus: Where.
        kernel: The rig's clock.
        send_id: Identifier of its own frames.
        timing: Block size and separation time that it asks for, padding.
        received: Called with every complete payload.
        able: Whether the node that owns it is awake.
        place: That node; empty: at the port.
    """

    def __init__(
        self,
        bus: Bus,
        kernel: Kernel,
        send_id: int,
        timing: Timing,
        received: Callable[[bytes], None],
        able: Callable[[], bool] = lambda: True,
        place: str = "",
    ) -> None:
        self._bus = bus
        self._kernel = kernel
        self._send_id = send_id
        self._timing = timing
        self._received = received
        self._able = able
        self._place = place
        self._left = b""
        self._number = 0
        self._block = 0
        self._pause_ns = 0
        self._sending = 0
        self._wanted = 0
        self._buffer = b""
        self._expected = 0
        self._since_control = 0
        self._receiving = 0

    def send(self, payload: bytes) -> None:
        """Send one payload; a second one before the end replaces the first.

        Raises:
            ValueError: If it is empty or longer than a classic first frame can say.
        """
        if not 0 < len(payload) <= LONGEST:
            raise ValueError(f"{len(payload)} bytes cannot be sent")
        self._sending += 1
        if len(payload) < 8:
            self._left = b""
            self._transmit(bytes([len(payload)]) + payload)
            return
        self._left, self._number = payload[6:], 1
        header = (0x1000 | len(payload)).to_bytes(2, "big")
        self._transmit(header + payload[:6])
        self._await_control()

    def stop(self) -> None:
        """Forget everything that is under way."""
        self._left, self._wanted = b"", 0
        self._sending += 1
        self._receiving += 1

    def hear(self, frame: bytes) -> None:
        """Take a frame of the other end."""
        if not frame or not self._able():
            return
        kind, low = frame[0] >> 4, frame[0] & 0xF
        if kind == 0 and 0 < low < len(frame):
            self._wanted = 0
            self._received(frame[1 : 1 + low])
        elif kind == 1 and len(frame) == 8:
            self._begin((low << 8) | frame[1], frame[2:])
        elif kind == 2 and self._wanted:
            self._continue(low, frame[1:])
        elif kind == 3 and self._left and len(frame) > 2:
            self._controlled(low, frame[1], frame[2])

    def _transmit(self, content: bytes) -> None:
        if self._able():
            padded = content.ljust(8, bytes([self._timing.padding]))
            frame = Frame(can_id=self._send_id, payload=padded)
            self._bus.transmit(frame, by=self._place)

    def _await_control(self) -> None:
        attempt = self._sending

        def give_up() -> None:
            if attempt == self._sending and self._left:
                self._left = b""

        self._kernel.after(TIMEOUT_NS, give_up)

    def _controlled(self, status: int, block_size: int, separation: int) -> None:
        self._sending += 1
        if status == OVERFLOW:
            self._left = b""
        elif status == WAIT:
            self._await_control()
        elif status == CLEAR_TO_SEND:
            self._block = block_size or -1
            self._pause_ns = max(separation_ns(separation), REACTION_NS)
            self._later(REACTION_NS)

    def _later(self, delay_ns: int) -> None:
        attempt = self._sending

        def send_next() -> None:
            if attempt == self._sending and self._left:
                self._consecutive()

        self._kernel.after(delay_ns, send_next)

    def _consecutive(self) -> None:
        self._transmit(bytes([0x20 | self._number]) + self._left[:7])
        self._left = self._left[7:]
        self._number = (self._number + 1) % 16
        self._block -= 1
        if not self._left:
            return
        if self._block == 0:
            self._sending += 1
            self._await_control()
        else:
            self._later(self._pause_ns)

    def _begin(self, length: int, first: bytes) -> None:
        self._wanted, self._buffer, self._expected = length, first, 1
        self._since_control = 0
        self._kernel.after(REACTION_NS, self._control)
        self._await_consecutive()

    def _control(self) -> None:
        size = self._timing.block_size
        self._transmit(bytes([0x30, size, round(self._timing.st_min_s * 1000)]))

    def _await_consecutive(self) -> None:
        self._receiving += 1
        attempt = self._receiving

        def give_up() -> None:
            if attempt == self._receiving:
                self._wanted = 0

        self._kernel.after(TIMEOUT_NS, give_up)

    def _continue(self, number: int, content: bytes) -> None:
        if number != self._expected:
            self._wanted = 0
            return
        self._expected = (number + 1) % 16
        self._buffer += content
        if len(self._buffer) >= self._wanted:
            payload = self._buffer[: self._wanted]
            self._wanted = 0
            self._receiving += 1
            self._received(payload)
            return
        self._await_consecutive()
        self._since_control += 1
        if self._since_control == self._timing.block_size:
            self._since_control = 0
            self._kernel.after(REACTION_NS, self._control)


def separation_ns(code: int) -> int:
    """What a separation time byte means (ISO 15765-2 table 20).

    >>> separation_ns(5), separation_ns(0xF3), separation_ns(0x99)
    (5000000, 300000, 127000000)
    """
    if code <= 0x7F:
        return code * NS_PER_MS
    if 0xF1 <= code <= 0xF9:
        return (code - 0xF0) * 100_000
    return 0x7F * NS_PER_MS
