"""What every CAN driver must keep, whatever adapter is behind it.

Parametrise a test over ``CLAIMS`` and call each with a bench of your driver.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.drivers.links import CanLink
from examrunner.model.errors import RigError
from examrunner.model.frames import EXTENDED, OWN, Frames
from examrunner.testing.contracts import BrokenContractError, require

Row = tuple[int, int, bytes]
"""Identifier, flags and payload of one frame."""

SENT: Final[tuple[Row, ...]] = (
    (0x123, 0, bytes.fromhex("0011223344556677")),
    (0x7FF, 0, b""),
    (0x1ABCDEF0, EXTENDED, b"\x01\x02"),
    (0x123, 0, b"\xff"),
)
PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CanBench:
    """A driver and a second party on the same bus.

    Attributes:
        open: Opens the driver.
        send: Lets the second party put frames on the bus.
        received: The next frame that the second party hears, as a row.
        unplug: Takes the adapter or its bus away.
    """

    open: Callable[[], CanLink]
    send: Callable[[Sequence[Row]], None]
    received: Callable[[], Row]
    unplug: Callable[[], None] | None = None


def frames_arrive_in_order_with_every_bit(bench: CanBench) -> None:
    """Identifier, flags, length and payload come through."""
    link = bench.open()
    bench.send(SENT)
    heard = _collect(link, len(SENT))
    link.close()
    require(_rows(heard) == list(SENT), f"sent {SENT}, heard {_rows(heard)}")


def stamps_never_run_backwards(bench: CanBench) -> None:
    """The adapter's stamps are in order of arrival."""
    link = bench.open()
    bench.send(SENT * 10)
    heard = _collect(link, 10 * len(SENT))
    link.close()
    require(bool(np.all(np.diff(heard.t_ns) >= 0)), "stamps run backwards")


def silence_ends_in_time(bench: CanBench) -> None:
    """Listening to a silent bus returns no frames, in time."""
    link = bench.open()
    began = time.monotonic()
    heard = link.receive(timeout_s=0.1, most=10)
    took_s = time.monotonic() - began
    link.close()
    require(len(heard) == 0, "frames out of nothing")
    require(took_s < 1.0, f"silence of 0.1 s took {took_s:.1f} s")


def a_batch_is_never_larger_than_asked(bench: CanBench) -> None:
    """``most`` is a limit, and what is left comes next."""
    link = bench.open()
    bench.send(SENT)
    parts: list[Frames] = []
    until = time.monotonic() + PATIENCE_S
    while sum(map(len, parts)) < len(SENT) and time.monotonic() < until:
        parts.append(link.receive(timeout_s=0.1, most=3))
    link.close()
    require(max(map(len, parts)) <= 3, "a batch is larger than asked")
    require(_rows(Frames.concatenate(parts)) == list(SENT), "frames were lost")


def only_a_transmitter_sends(bench: CanBench) -> None:
    """A link has no function to send; its transmitter has one."""
    link = bench.open()
    require(not hasattr(link, "send"), "the link itself can send")
    link.transmitter().send(0x321, b"\x0a\x0b")
    heard = bench.received()
    link.close()
    require(heard == (0x321, 0, b"\x0a\x0b"), f"heard {heard}")


def a_silent_link_refuses_to_send(bench: CanBench) -> None:
    """Silenced, nothing can be sent, not even by a transmitter from before."""
    link = bench.open()
    before = link.transmitter()
    require(link.silence(True).proof != "", "no reason is given")
    try:
        _require_refusal(lambda: before.send(1, b""), "an old transmitter still sends")
        _require_refusal(link.transmitter, "a silent link hands out a transmitter")
    finally:
        link.close()


def a_silent_link_still_hears(bench: CanBench) -> None:
    """Silence ends sending, not listening, and ends itself when it is told to."""
    link = bench.open()
    link.silence(True)
    bench.send(SENT)
    heard = _collect(link, len(SENT))
    link.silence(False)
    link.transmitter().send(0x321, b"")
    spoken = bench.received()
    link.close()
    require(_rows(heard) == list(SENT), f"sent {SENT}, heard {_rows(heard)}")
    require(spoken == (0x321, 0, b""), f"heard {spoken}")


def it_claims_no_bit_rate_and_no_loss_that_it_has_not_read(bench: CanBench) -> None:
    """A bit rate is read back or unknown, and a quiet bus overruns nothing."""
    link = bench.open()
    bitrate_bps, overruns = link.bitrate_bps(), link.overruns()
    link.close()
    require(bitrate_bps is None or bitrate_bps > 0, f"{bitrate_bps} bit/s")
    require(overruns == 0, f"{overruns} frames are said to be lost")


def closing_twice_does_nothing(bench: CanBench) -> None:
    """Stations close in every path, some of them twice."""
    link = bench.open()
    link.close()
    link.close()


def a_lost_bus_is_a_rig_error(bench: CanBench) -> None:
    """Nothing but a ``RigError`` leaves a driver when its adapter goes."""
    if bench.unplug is None:
        return
    link = bench.open()
    bench.unplug()
    until = time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < until:
            link.receive(timeout_s=0.1, most=10)
    except RigError:
        return
    finally:
        link.close()
    raise BrokenContractError("the loss of the bus was not noticed")


CLAIMS: Final[Sequence[Callable[[CanBench], None]]] = (
    frames_arrive_in_order_with_every_bit,
    stamps_never_run_backwards,
    silence_ends_in_time,
    a_batch_is_never_larger_than_asked,
    only_a_transmitter_sends,
    a_silent_link_refuses_to_send,
    a_silent_link_still_hears,
    it_claims_no_bit_rate_and_no_loss_that_it_has_not_read,
    closing_twice_does_nothing,
    a_lost_bus_is_a_rig_error,
)


def _require_refusal(attempt: Callable[[], object], otherwise: str) -> None:
    try:
        attempt()
    except RigError:
        return
    raise BrokenContractError(otherwise)


def _collect(link: CanLink, count: int) -> Frames:
    parts: list[Frames] = []
    until = time.monotonic() + PATIENCE_S
    while sum(map(len, parts)) < count and time.monotonic() < until:
        parts.append(link.receive(timeout_s=0.1, most=1000))
    return Frames.concatenate(parts)


def _rows(frames: Frames) -> list[Row]:
    """Without the direction: on a bus inside one PC everything is its own."""
    return [
        (int(can_id), int(flags) & ~OWN, data[:length].tobytes())
        for can_id, flags, length, data in zip(
            frames.ids, frames.flags, frames.length, frames.data, strict=True
        )
    ]
