"""A fault of a checksum or counter: who notices, and what re-coding does."""

from dataclasses import dataclass
from typing import Literal

from examrunner.simulation.cyclic import CyclicMessage
from examrunner.simulation.faults.fault import Fault
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.tampering import Tamper

CODING_DID = 0xF1A6
"""How a node protects its messages: 0 is right."""
NOTICED = 0.10
"""Share of bad frames from which those that listen store a trouble code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with the protection of a message.

    Attributes:
        what: ``checksum`` or ``alive counter``, as texts of trouble codes name it.
        share: Share of frames that are bad.
        coding: Coding of the sender that does this; None if no coding does.
    """

    what: Literal["checksum", "alive counter"]
    share: float
    coding: int | None


def protection_fault(
    base: SimulatedRig, message: CyclicMessage, made: Tamper, flaw: Flaw
) -> Fault:
    """A fault that re-coding the sender ends, if a coding does it at all."""
    message.tampers.append(made)
    sender = message.layout.sender
    unit = base.units.get(sender)

    def switch(on: bool) -> None:
        made.active.set(base.kernel.now_ns, on)
        noticed = on and flaw.share >= NOTICED
        base.observe_text(f"{sender} {flaw.what}", failing=noticed)

    def apply(on: bool) -> None:
        if unit is not None and flaw.coding is not None:
            unit.stored[CODING_DID] = bytes([flaw.coding if on else 0])
        switch(on)

    def coded(did: int, content: bytes) -> None:
        if did == CODING_DID:
            switch(content != b"\x00" and flaw.coding is not None)

    if unit is not None and flaw.coding is not None:
        unit.on_write.append(coded)
    return Fault(
        component=f"{message.layout.sender}.coding"
        if flaw.coding
        else message.layout.name,
        apply=apply,
        present=lambda: made.active.latest,
    )
