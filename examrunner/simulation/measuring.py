"""When the camera that measures bodies takes its pictures."""

from typing import Final

from examrunner.simulation.actions import Action, Process
from examrunner.simulation.bodies import FIXED, Standing
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.simulated_rig import SimulatedRig

BURST: Final = 4
"""Pictures of a body that has come to rest."""
LOOK_NS: Final = NS_PER_S


def measured(base: SimulatedRig, camera: str) -> Process:
    """One picture first, one a second while something moves, a few once it rests.

    The first one proves that the camera works, even if nobody ever moves anything.
    """
    action = Action(do="capture", body={"camera": camera, "purpose": "measurement"})
    before: dict[str, Standing] = {}
    wanted = 1
    while True:
        now = {
            name: standing
            for name, standing in base.bodies.shown(base.kernel.now_ns).items()
            if name not in FIXED
        }
        if now != before:
            wanted = 1 if any(each.moving for each in now.values()) else BURST
        before = now
        if wanted:
            wanted -= 1
            yield action
        yield LOOK_NS
