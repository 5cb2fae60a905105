"""The station's own diagnostic reads, before the start and after the stop.

ISO 15765-2: requests of one frame; answers of any length, for which it sends flow
control. While a candidate works there is no transmitter, so nothing here can be used.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from examrunner.capture.can_stream import CanStream
from examrunner.drivers.links import Transmitter
from examrunner.model.frames import ERROR, REMOTE, Frames
from examrunner.model.station import Ecu, Timing

CONTINUE: Final = b"\x30\x00\x00"
"""Flow control: go on, no limit of frames, no pause between them."""
PENDING: Final = 0x78
LONGEST_REQUEST: Final = 7
FRAME_BYTES: Final = 8
STEP_S: Final = 0.01
PATIENCE_S: Final = 0.3
"""How long an answer may take to begin and end: P2, the frames, and this PC."""


@dataclass(slots=True)
class Reassembly:
    """Answers of one server, put together from its frames.

    Attributes:
        response_id: Identifier of the answers.
        acknowledge: Called when a long answer waits for flow control.
        complete: Whole answers so far, in order.
    """

    response_id: int
    acknowledge: Callable[[], None]
    complete: list[bytes] = field(default_factory=list)
    _partial: bytearray = field(default_factory=bytearray)
    _length: int = 0
    _next: int = 0

    def hear(self, frames: Frames) -> None:
        """Takes the frames of this server out of a batch."""
        mine = (frames.ids == self.response_id) & (frames.flags & (ERROR | REMOTE) == 0)
        for row in mine.nonzero()[0]:
            self._frame(frames.data[row, : frames.length[row]].tobytes())

    def _frame(self, data: bytes) -> None:
        kind = data[0] >> 4 if data else None
        if kind == 0:
            self._single(data)
        elif kind == 1 and len(data) > 2:
            self._length = (data[0] & 0xF) << 8 | data[1]
            self._partial = bytearray(data[2:])
            self._next = 1
            self.acknowledge()
        elif kind == 2 and self._length and data[0] & 0xF == self._next:
            self._next = (self._next + 1) & 0xF
            self._partial += data[1:]
        if self._length and len(self._partial) >= self._length:
            self.complete.append(bytes(self._partial[: self._length]))
            self._length = 0

    def _single(self, data: bytes) -> None:
        escaped = len(data) > FRAME_BYTES and data[0] == 0
        length, start = (data[1], 2) if escaped else (data[0] & 0xF, 1)
        if 0 < length <= len(data) - start:
            self.complete.append(data[start : start + length])


def send_request(
    transmitter: Transmitter, request_id: int, request: bytes, padding: int
) -> None:
    """Sends one request that fits into a single frame.

    Raises:
        ValueError: If it does not fit.
        RigError: If the adapter refuses it.
    """
    if not 0 < len(request) <= LONGEST_REQUEST:
        raise ValueError(f"a request of {len(request)} bytes needs more than a frame")
    _padded(transmitter, request_id, bytes([len(request)]) + request, padding)


def send_flow_control(transmitter: Transmitter, request_id: int, padding: int) -> None:
    """Lets a server go on with its long answer.

    Raises:
        RigError: If the adapter refuses it.
    """
    _padded(transmitter, request_id, CONTINUE, padding)


def final_answer(request: bytes, answers: list[bytes]) -> bytes | None:
    r"""The answer to ``request`` that is more than "response pending", if it is there.

    >>> final_answer(b"\x19\x02\x08", [b"\x7f\x19\x78", b"\x59\x02\xff"]).hex()
    '5902ff'
    """
    for answer in answers:
        negative = answer[:2] == bytes([0x7F, request[0]])
        if negative and len(answer) > 2 and answer[2] != PENDING:
            return answer
        if answer[0] == request[0] + 0x40:
            return answer
    return None


def _padded(transmitter: Transmitter, can_id: int, data: bytes, padding: int) -> None:
    transmitter.send(can_id, data.ljust(FRAME_BYTES, bytes([padding])))


def read_once(
    stream: CanStream,
    ecu: Ecu,
    request: bytes,
    timing: Timing,
    advance: Callable[[int], object],
) -> bytes | None:
    """Asks one server and waits for its answer; None if there is none.

    Args:
        stream: Channel of the server.
        ecu: The server.
        request: Request of one frame.
        timing: How long its answers may take.
        advance: Lets so many nanoseconds pass.

    Raises:
        RigError: If the channel is silent or the adapter refuses.
    """
    transmitter = stream.transmitter()
    answers = Reassembly(
        response_id=ecu.response_id,
        acknowledge=lambda: send_flow_control(
            transmitter, ecu.request_id, timing.padding
        ),
    )
    remove = stream.tap(answers.hear)
    try:
        send_request(transmitter, ecu.request_id, request, timing.padding)
        waited_s = 0.0
        while waited_s < (PATIENCE_S if not answers.complete else timing.p2_star_s):
            advance(round(STEP_S * 1e9))
            waited_s += STEP_S
            answer = final_answer(request, answers.complete)
            if answer is not None:
                return answer
        return None
    finally:
        remove()
