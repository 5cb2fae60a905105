"""Where a body stands and how it is turned.

Axes as in ISO 8855: x forward, y left, z up, millimetres. Angles are applied about z
(yaw), then y (pitch), then x (roll), each right-handed: yaw turns to the left, pitch
lowers the front, roll lowers the right side.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from examrunner.model.camera import Floats, rotation


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A body in the frame of another one.

    Attributes:
        at_mm: Its origin (x, y, z).
        yaw_deg: Turn about z.
        pitch_deg: Turn about y.
        roll_deg: Turn about x.
    """

    at_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0

    @property
    def turn(self) -> Floats:
        """Rotation matrix (3, 3): ``x_other = turn @ x_body + at_mm``."""
        turned: Floats = (
            _about((0, 0, 1), self.yaw_deg)
            @ _about((0, 1, 0), self.pitch_deg)
            @ _about((1, 0, 0), self.roll_deg)
        )
        return turned

    def place(self, points_mm: Floats) -> Floats:
        """Points (n, 3) of the body in the other frame."""
        placed: Floats = points_mm @ self.turn.T + np.array(self.at_mm)
        return placed

    @classmethod
    def of(cls, turn: Floats, at_mm: Floats) -> Self:
        """The placement of a rotation matrix (3, 3) and an origin (3,)."""
        x, y, z = (float(value) for value in at_mm)
        return cls(
            at_mm=(x, y, z),
            yaw_deg=float(np.degrees(np.arctan2(turn[1, 0], turn[0, 0]))),
            pitch_deg=float(np.degrees(np.arcsin(np.clip(-turn[2, 0], -1, 1)))),
            roll_deg=float(np.degrees(np.arctan2(turn[2, 1], turn[2, 2]))),
        )


def _about(axis: tuple[int, int, int], angle_deg: float) -> Floats:
    return rotation(np.radians(angle_deg) * np.array(axis, np.float64))
