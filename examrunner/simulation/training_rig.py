"""What every simulated rig can be asked, and where each rig type is built."""

import importlib
from collections.abc import Mapping
from typing import Final, Protocol

from examrunner.content.mistakes import nearest
from examrunner.model.errors import ContentError
from examrunner.model.station import Rig
from examrunner.simulation.simulated_rig import SimulatedRig

RIGS: Final = {
    "adas_bench": "examrunner.simulation.adas:AdasBench",
    "body_net": "examrunner.simulation.body:BodyNetwork",
    "chassis_bywire": "examrunner.simulation.chassis:Chassis",
}
"""Rig type to the class that simulates it, as text: a station loads only its own."""


class TrainingRig(Protocol):
    """A simulated rig of any type."""

    base: SimulatedRig

    def enabled(self) -> bool:
        """Whether an actuator is enabled."""

    @property
    def speed_mps(self) -> float:
        """How fast the wheels turn."""


def build_rig(
    description: Rig,
    databases: Mapping[str, bytes],
    seed: int,
    differing: Mapping[str, object],
) -> TrainingRig:
    """The simulated rig of a type.

    Args:
        description: As its content describes it.
        databases: Content of the database of each channel.
        seed: Decides everything that is random.
        differing: What a variant says about this rig, for example other gains.

    Raises:
        ContentError: If no simulation of that type exists.
    """
    place = RIGS.get(description.name)
    if place is None:
        raise ContentError(
            f"the rig type '{description.name}' cannot be simulated.",
            where=f"stations/{description.name}",
            remedy=nearest(description.name, RIGS),
        )
    module, name = place.split(":")
    built: TrainingRig = getattr(importlib.import_module(module), name)(
        description, databases, seed, differing
    )
    return built
