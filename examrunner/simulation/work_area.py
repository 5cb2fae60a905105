"""What the work-area camera sees: a person at the rig and what that person wears."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from examrunner.simulation.history import History
from examrunner.simulation.kernel import Kernel

EVERYTHING: Final = frozenset({"coat", "gloves"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One moment before the work-area camera.

    Attributes:
        present: Whether the operator is in the picture.
        wearing: Protective equipment: ``coat``, ``gloves``, ``helmet``.
        across: Where the operator stands, 0 left to 1 right.
        lean_deg: How far the operator leans.
    """

    present: bool = True
    wearing: frozenset[str] = frozenset()
    across: float = 0.5
    lean_deg: float = 0.0


class WorkArea:
    """The scene over time.

    Args:
        kernel: The rig's clock.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self.scene: History[Scene] = History(Scene(present=False))

    def enter(self, wearing: Collection[str]) -> None:
        """The operator steps to the rig."""
        self._show(Scene(wearing=frozenset(wearing)))

    def move(self, across: float, lean_deg: float) -> None:
        """The operator moves."""
        self._show(replace(self.scene.latest, across=across, lean_deg=lean_deg))

    def leave(self) -> None:
        """The operator leaves the picture."""
        self._show(replace(self.scene.latest, present=False))

    def _show(self, scene: Scene) -> None:
        self.scene.set(self._kernel.now_ns, scene)
