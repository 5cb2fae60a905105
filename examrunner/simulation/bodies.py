"""Bodies with tags around the bench, and where they stand over time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from examrunner.model.bodies import Body
from examrunner.model.placement import Placement
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S, Kernel

FIXED: Final = frozenset({"reference_bar", "roof_plate"})
"""Bodies that are part of the bench: their frame is the vehicle's."""
CARRIED_MM: Final = 600.0
"""From how far before its place a body comes into the picture."""
STEPS_PER_S: Final = 4
"""How finely a movement is played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a body is at one moment.

    Attributes:
        placement: In the vehicle's frame; None while it is put away.
        moving: Whether somebody is moving it.
    """

    placement: Placement | None
    moving: bool = False


class Bodies:
    """The bodies of a rig: a step function of time for each.

    Args:
        kernel: The rig's clock.
        bodies: As the rig describes them.
    """

    def __init__(self, kernel: Kernel, bodies: Mapping[str, Body]) -> None:
        self._kernel = kernel
        self.described = bodies
        self._standing: dict[str, History[Standing]] = {
            name: History(Standing(placement=Placement() if name in FIXED else None))
            for name in bodies
        }

    def place(self, name: str, placement: Placement | None) -> None:
        """Put a body somewhere at once; None puts it away."""
        now_ns = self._kernel.now_ns
        self._standing[name].set(now_ns, Standing(placement=placement))

    def move(self, name: str, placement: Placement, over_s: float = 2.0) -> None:
        """Move a body there, beginning now; it is seen moving until it rests.

        A body that was put away is carried in from the front.
        """
        history, begin_ns = self._standing[name], self._kernel.now_ns
        start = history.at(begin_ns).placement or _before(placement)
        steps = max(1, round(over_s * STEPS_PER_S))
        history.set(begin_ns, Standing(placement=start, moving=True))
        for step in range(1, steps + 1):
            at_ns = begin_ns + round(over_s * NS_PER_S * step / steps)
            now = _between(start, placement, step / steps)
            history.set(at_ns, Standing(placement=now, moving=step < steps))

    def where(self, name: str, t_ns: int | None = None) -> Placement | None:
        """Where a body stands now, or stood at a time; None if it is put away."""
        return self.standing(name, t_ns).placement

    def standing(self, name: str, t_ns: int | None = None) -> Standing:
        """Where a body is and whether it moves, now or at a time."""
        at_ns = self._kernel.now_ns if t_ns is None else t_ns
        return self._standing[name].at(at_ns)

    def shown(self, t_ns: int) -> Mapping[str, Standing]:
        """Every body that is not put away, at one moment."""
        found = {name: history.at(t_ns) for name, history in self._standing.items()}
        return {name: each for name, each in found.items() if each.placement}


def _before(placement: Placement) -> Placement:
    x, y, z = placement.at_mm
    return replace(placement, at_mm=(x + CARRIED_MM, y, z))


def _between(start: Placement, end: Placement, share: float) -> Placement:
    def mixed(a: float, b: float) -> float:
        return a + (b - a) * share

    x, y, z = (mixed(a, b) for a, b in zip(start.at_mm, end.at_mm, strict=True))
    if share == 1:
        return end
    return Placement(
        at_mm=(x, y, z),
        yaw_deg=mixed(start.yaw_deg, end.yaw_deg),
        pitch_deg=mixed(start.pitch_deg, end.pitch_deg),
        roll_deg=mixed(start.roll_deg, end.roll_deg),
    )
