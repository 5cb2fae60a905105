"""Why an attempt stopped, and what follows from it: a closed list."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from examrunner.model.recording import Ending
from examrunner.model.text import Text


class OutcomeCode(StrEnum):
    """Why an attempt stopped."""

    COMPLETED = "completed"
    TIME_UP = "time_up"
    CANDIDATE_WITHDREW = "candidate_withdrew"
    ABORTED_BY_EXAMINER = "aborted_by_examiner"
    UNSAFE = "unsafe"
    RIG_FAULT = "rig_fault"
    WRONG_CANDIDATE = "wrong_candidate"
    POWER_LOST = "power_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What an outcome means for the recording and for the candidate.

    Attributes:
        words: For people.
        ending: What the recording says.
        voids: Whether the attempt does not count and is never judged.
        resits: Whether the candidate gets another attempt, with another variant.
        by_examiner: Whether an examiner may choose it when stopping.
    """

    words: Text
    ending: Ending
    voids: bool = False
    resits: bool = False
    by_examiner: bool = True


CONSEQUENCES: Final[Mapping[OutcomeCode, Consequence]] = {
    OutcomeCode.COMPLETED: Consequence(
        words=Text(zh="考生交卷", en="handed in"),
        ending=Ending.FINISHED,
        by_examiner=False,
    ),
    OutcomeCode.TIME_UP: Consequence(
        words=Text(zh="时间到", en="time is up"),
        ending=Ending.TIME_UP,
        by_examiner=False,
    ),
    OutcomeCode.CANDIDATE_WITHDREW: Consequence(
        words=Text(zh="考生放弃", en="the candidate withdrew"),
        ending=Ending.CANDIDATE_LEFT,
    ),
    OutcomeCode.ABORTED_BY_EXAMINER: Consequence(
        words=Text(zh="考评员终止", en="aborted by the examiner"),
        ending=Ending.STOPPED_BY_EXAMINER,
    ),
    OutcomeCode.UNSAFE: Consequence(
        words=Text(zh="危险操作，紧急停止", en="unsafe: emergency stop"),
        ending=Ending.SAFETY,
    ),
    OutcomeCode.RIG_FAULT: Consequence(
        words=Text(zh="设备故障，作废并补考", en="rig fault: void, to be sat again"),
        ending=Ending.RIG_FAULT,
        voids=True,
        resits=True,
    ),
    OutcomeCode.WRONG_CANDIDATE: Consequence(
        words=Text(zh="考生有误，作废并补考", en="wrong candidate: void, sat again"),
        ending=Ending.STOPPED_BY_EXAMINER,
        voids=True,
        resits=True,
    ),
    OutcomeCode.POWER_LOST: Consequence(
        words=Text(zh="断电或程序中断", en="power or program was lost"),
        ending=Ending.POWER_LOST,
        by_examiner=False,
    ),
}
"""Every outcome; a rig's failure is never a candidate's zero."""
