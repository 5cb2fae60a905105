"""Rigid bodies with tags: what a camera measures the pose of."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.model.camera import Floats

Vector = tuple[float, float, float]

AXES: Final = {
    f"{sign}{name}": tuple(
        (1.0 if sign == "+" else -1.0) if each == name else 0.0 for each in "xyz"
    )
    for sign in "+-"
    for name in "xyz"
}
"""Unit vectors by name, ``+x`` to ``-z``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One square marker on a body, in the body's frame.

    Attributes:
        id: Of its dictionary.
        at_mm: Centre.
        size_mm: Edge of the black square.
        facing: Axis that the printed side looks along, a key of ``AXES``.
        up: Axis that the top of the print points along.
    """

    id: int
    at_mm: Vector
    size_mm: float
    facing: str
    up: str

    @property
    def sides(self) -> Floats:
        """Unit vectors (2, 3): to the right and downwards, as a reader sees it."""
        facing, up = np.array(AXES[self.facing]), np.array(AXES[self.up])
        return np.array([np.cross(up, facing), -up])

    def corners_mm(self, margin_mm: float = 0.0) -> Floats:
        """Corners (4, 3), top left first and clockwise, as OpenCV reports them."""
        half = self.size_mm / 2 + margin_mm
        signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float64)
        corners: Floats = np.array(self.at_mm) + half * signs @ self.sides
        return corners


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A rigid body and the tags on it.

    Attributes:
        name: ``target_stand``.
        tags: At least one; two or more for a pose that can be trusted.
    """

    name: str
    tags: tuple[Tag, ...]
