"""Why the clock may stand still: a closed list."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from examrunner.model.text import Text


class PauseCause(StrEnum):
    """Why time is given back to a candidate."""

    POWER_CHECK = "power_check"
    SAFETY_CHECK = "safety_check"
    RIG_FAULT = "rig_fault"
    STATION_FAULT = "station_fault"
    QUERY = "query"
    MEDICAL = "medical"
    EVACUATION = "evacuation"
    OTHER = "other"


CAUSE_WORDS: Final[Mapping[PauseCause, Text]] = {
    PauseCause.POWER_CHECK: Text(
        zh="考评员通电前检查电路", en="examiner checks the circuit before power-on"
    ),
    PauseCause.SAFETY_CHECK: Text(
        zh="考评员安全检查", en="examiner checks or restores safety"
    ),
    PauseCause.RIG_FAULT: Text(zh="设备故障处理", en="rig is being repaired"),
    PauseCause.STATION_FAULT: Text(
        zh="电脑或软件故障", en="computer or program is being repaired"
    ),
    PauseCause.QUERY: Text(zh="题意或操作问题", en="question about the task"),
    PauseCause.MEDICAL: Text(zh="身体不适", en="medical"),
    PauseCause.EVACUATION: Text(zh="紧急疏散", en="evacuation or alarm"),
    PauseCause.OTHER: Text(zh="其他（须注明）", en="other (say what)"),
}
"""Every cause; ``other`` needs a note."""


def cause_of(said: str) -> tuple[PauseCause, str]:
    """The cause that was said, and a note where it is none of the list.

    >>> cause_of("medical")
    (<PauseCause.MEDICAL: 'medical'>, '')
    >>> cause_of("bee in the hall")
    (<PauseCause.OTHER: 'other'>, 'bee in the hall')
    """
    if said in set(PauseCause):
        return PauseCause(said), ""
    return PauseCause.OTHER, said
