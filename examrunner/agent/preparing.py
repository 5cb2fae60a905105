"""Before the candidate: a healthy bus, the fault set, the fault seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from examrunner.agent.observing import (
    command_of,
    missing,
    must_be_seen,
    silent_channels,
)
from examrunner.capture.bus_watch import Heard
from examrunner.capture.process import CaptureProcess
from examrunner.model.errors import RigError
from examrunner.model.station import Rig

NS_PER_S: Final = 1_000_000_000
BASELINE_NS: Final = 3 * NS_PER_S
LOOK_NS: Final = 5 * NS_PER_S
LONGEST_LOOK: Final = 24
"""Looks of 5 s until a fault that comes and goes must have shown itself."""
CHALLENGE: Final = "challenge"
TROUBLE_CODES: Final = b"\x19\x02\xff"

Commands = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """Gets a rig ready, one step at a time; each raises if the rig is not fit.

    Attributes:
        capture: The capture process.
        rig: The rig.
        inject: Fault-box commands of the variant, in order.
    """

    capture: CaptureProcess
    rig: Rig
    inject: Commands = ()

    def challenge(self, code: str) -> None:
        """Lets a rig that can show the attempt's challenge, hexadecimal."""
        if code and CHALLENGE in self.rig.faults:
            self.capture.command(CHALLENGE, {"code": code})

    def baseline(self, before: Sequence[Heard] = ()) -> tuple[Heard, ...]:
        """Watches the rig before anything was done to it.

        Args:
            before: What it said when it was healthy, if an earlier try was cut off.

        Raises:
            RigError: If a channel is silent, or it is not as it was before.
        """
        heard = watch(self.capture, BASELINE_NS)
        channels = [channel.name for channel in self.rig.channels]
        silent = silent_channels(channels, heard)
        if silent:
            raise RigError(
                f"nothing is heard on {', '.join(silent)}.",
                where=self.rig.name,
                remedy="Switch the rig on; check adapters, bit rates and wiring.",
            )
        if missing(before, heard):
            raise RigError(
                "the rig did not become healthy again after the restart.",
                where=self.rig.name,
                remedy="Clear the fault box, look at the rig, then start again.",
            )
        return heard

    def read_codes(self, within_ns: int | None = None) -> None:
        """Reads the trouble codes of every server; the recording says what came."""
        began_ns = self.capture.now_ns()
        for ecu in self.rig.ecus:
            self.capture.ask(ecu, TROUBLE_CODES, self.rig.timing)
            if within_ns is not None and self.capture.now_ns() - began_ns > within_ns:
                return

    def arm(self) -> None:
        """Sets the fault.

        Raises:
            RigError: If the box refuses or reads back something else.
        """
        for command in ({"op": "arm"}, *self.inject):
            op, arguments = command_of(command)
            answer = self.capture.command(op, arguments)
            if not answer.is_ok:
                raise RigError(
                    f"the fault box answers '{answer.result}' to '{op}'.",
                    where=self.rig.name,
                    remedy="Run its self-test; give the candidate another variant.",
                )

    def observe(self, healthy: Sequence[Heard]) -> tuple[Heard, ...]:
        """Waits until the fault shows; what it silenced.

        Raises:
            RigError: If it does not show: then the variant is not offered.
        """
        if not must_be_seen(self.inject):
            watch(self.capture, LOOK_NS)
            return ()
        for _ in range(LONGEST_LOOK):
            seen = missing(healthy, watch(self.capture, LOOK_NS))
            if seen:
                return seen
        raise RigError(
            "the fault was set but cannot be seen on the bus.",
            where=self.rig.name,
            remedy="Check the fault box's relays; give the candidate another variant.",
        )


def watch(capture: CaptureProcess, for_ns: int) -> tuple[Heard, ...]:
    """Every identifier of a while."""
    capture.observe()
    capture.advance(for_ns)
    return capture.observed()


def to_whole_second(now_ns: int) -> int:
    """Nanoseconds to the next whole second: an exam starts on one.

    >>> to_whole_second(1_250_000_000)
    750000000
    """
    return -now_ns % NS_PER_S
