"""C06: the three actuators, and what each candidate does with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from examrunner.simulation.candidates.bywire_tool import BRAKE, DRIVE, STEERING, Handle

Gains = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one candidate sends to one actuator.

    Attributes:
        handle: How it is commanded.
        probe: Step that is tried with every set of gains, and how it ends.
        tries: Gains that are tried, the last ones stay; none: writes nothing.
        sequence: Targets of the verification.
    """

    handle: Handle
    probe: tuple[float, float]
    tries: tuple[Gains, ...]
    sequence: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One by-wire actuator as a person at the rig sees it.

    Attributes:
        ecu: Holds its gains.
        gains: Form field and data identifier of each gain, with raw steps of a unit.
        column: Its position in the plant.
        steps: Targets of which the response is read.
        hold_s: How long every target is held.
        rest_s: How long it takes to come to rest after the last one.
        moves: Whether wheels turn: needs gear D and the park brake released.
        plans: By profile.
        report: What a careful candidate writes.
    """

    ecu: str
    gains: tuple[tuple[str, int, int], ...]
    column: str
    steps: frozenset[float]
    hold_s: float
    rest_s: float
    moves: bool
    plans: Mapping[str, Plan]
    report: str


FULL_SEQUENCE: Final = (90.0, 0.0, -90.0, 0.0, 30.0, 0.0)
MACHINES: Final[Mapping[str, Machine]] = {
    "steering": Machine(
        ecu="EPS",
        gains=(("kp", 0x0210, 100), ("ki", 0x0211, 100), ("kd", 0x0212, 1000)),
        column="angle_deg",
        steps=frozenset({90.0, -90.0, 30.0}),
        hold_s=3.4,
        rest_s=0.0,
        moves=False,
        plans={
            "competent": Plan(
                handle=STEERING,
                probe=(40.0, 0.0),
                tries=((8.0, 0.0, 0.0), (4.0, 0.0, 0.0)),
                sequence=FULL_SEQUENCE,
            ),
            "sloppy": Plan(
                handle=replace(STEERING, constant={"CMD_StrRateTgt": 450.0}),
                probe=(40.0, 0.0),
                tries=((12.0, 0.0, 0.0),),
                sequence=(90.0, 0.0, -90.0, -30.0, 30.0, 0.0),
            ),
            "cheating": Plan(
                handle=STEERING, probe=(40.0, 0.0), tries=(), sequence=FULL_SEQUENCE
            ),
        },
        report=(
            "Kp 1.2 was slow with 2.5 deg left, Kp 8 overshot. Kp 4 reaches all three "
            "targets in 0.4 s without overshoot; wheels lifted, e-stop tested before."
        ),
    ),
    "brake": Machine(
        ecu="EHB",
        gains=(("kp", 0x0310, 100), ("ki", 0x0311, 100)),
        column="pressure_mpa",
        steps=frozenset({3.0}),
        hold_s=3.4,
        rest_s=0.0,
        moves=False,
        plans={
            "competent": Plan(
                handle=BRAKE,
                probe=(1.5, 0.0),
                tries=((6.0, 0.0), (3.0, 0.0)),
                sequence=(3.0, 0.0),
            ),
            "sloppy": Plan(
                handle=BRAKE,
                probe=(9.0, 0.0),
                tries=((5.3, 0.0),),
                sequence=(3.0, 0.0),
            ),
            "cheating": Plan(
                handle=BRAKE, probe=(1.5, 0.0), tries=(), sequence=(3.0, 0.0)
            ),
        },
        report=(
            "The factory gain was slow, Kp 6 overshot. Kp 3 reaches 3 MPa in 0.5 s "
            "without overshoot; wheels lifted, e-stop tested before."
        ),
    ),
    "drive": Machine(
        ecu="MCU",
        gains=(("kp", 0x0350, 100), ("ki", 0x0351, 100)),
        column="speed_mps",
        steps=frozenset({2.0}),
        hold_s=8.4,
        rest_s=20.0,
        moves=True,
        plans={
            "competent": Plan(
                handle=DRIVE,
                probe=(1.0, 0.0),
                tries=((60.0, 60.0), (200.0, 40.0)),
                sequence=(2.0,),
            ),
            "sloppy": Plan(
                handle=DRIVE,
                probe=(3.5, 0.0),
                tries=((80.0, 60.0),),
                sequence=(2.0,),
            ),
            "cheating": Plan(handle=DRIVE, probe=(1.0, 0.0), tries=(), sequence=(2.0,)),
        },
        report=(
            "The factory gain never reached the speed, Kp 60 with Ki 60 overshot. Kp "
            "200 with Ki 40 reaches 2 m/s in 1 s and stays; wheels lifted, e-stop "
            "tested before."
        ),
    ),
}
"""By the variant's ``actuator``."""
