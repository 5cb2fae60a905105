"""What is set at a rig, from a healthy one back to a healthy one. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class FaultLife(StrEnum):
    """What a rig's fault is doing."""

    NONE = "none"
    ARMED = "armed"
    OBSERVED = "observed"
    CLEARED = "cleared"
    HEALTHY = "healthy"
    LOCKED = "locked"


class FaultSignal(StrEnum):
    """What happens to it."""

    ARM = "arm"
    OBSERVE = "observe"
    CLEAR = "clear"
    SEE_BASELINE = "see_baseline"
    LOCK = "lock"


SAFE: Final = frozenset({FaultLife.NONE, FaultLife.HEALTHY, FaultLife.LOCKED})
"""What an attempt may leave behind. A locked rig meets nobody until it is released."""

FAULT_STEPS: Final[Mapping[tuple[FaultLife, FaultSignal], FaultLife]] = {
    (FaultLife.NONE, FaultSignal.ARM): FaultLife.ARMED,
    (FaultLife.NONE, FaultSignal.CLEAR): FaultLife.CLEARED,
    (FaultLife.ARMED, FaultSignal.OBSERVE): FaultLife.OBSERVED,
    (FaultLife.ARMED, FaultSignal.CLEAR): FaultLife.CLEARED,
    (FaultLife.OBSERVED, FaultSignal.CLEAR): FaultLife.CLEARED,
    (FaultLife.CLEARED, FaultSignal.SEE_BASELINE): FaultLife.HEALTHY,
    **{
        (life, FaultSignal.LOCK): FaultLife.LOCKED
        for life in (
            FaultLife.NONE,
            FaultLife.ARMED,
            FaultLife.OBSERVED,
            FaultLife.CLEARED,
        )
    },
}
"""Everything that may happen to it."""


def rebuilt(life: FaultLife) -> FaultLife:
    """What a rig that is built anew leaves of a fault: nothing."""
    return life if life is FaultLife.NONE else FaultLife.HEALTHY
