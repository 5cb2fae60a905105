"""Who takes part in the demo, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SCHEME: Final = "icv-testing-calibration"
COHORT: Final = "demo"
EXAMINER: Final = "Chen Wei"
ADMINISTRATOR: Final = "Li Na"


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One scripted candidate.

    Attributes:
        student_number: In the roster.
        name: In the roster.
        profile: How the script works.
    """

    student_number: str
    name: str
    profile: str


PLAYERS: Final = (
    Player(student_number="20260101", name="张伟", profile="competent"),
    Player(student_number="20260102", name="李娜", profile="sloppy"),
    Player(student_number="20260103", name="王强", profile="cheating"),
)

STATIONS: Final[Mapping[str, str]] = {
    "sim-adas-01": "adas_bench",
    "sim-chassis-01": "chassis_bywire",
    "sim-body-01": "body_net",
}
"""Station to its rig type."""

TASKS: Final = ("C01", "C06", "F13")


def roster() -> str:
    """The candidates as a school exports them."""
    lines = [f"{player.student_number},{player.name}" for player in PLAYERS]
    return "\n".join(["学号,姓名", *lines, ""])
