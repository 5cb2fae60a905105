"""Right poses in the wrong convention: inverted, or with other axes."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from examrunner.criteria.geometry import turn_between_deg
from examrunner.criteria.poses import Pose
from examrunner.model.camera import Floats

FITS_DEG: Final = 3.0
"""How close in angle a pose in another convention has to come."""
FITS_MM: Final = 100.0
"""The same for its translation."""
BODY_TO_OPTICAL: Final = np.array([[0.0, -1, 0], [0, 0, -1], [1, 0, 0]])
"""Forward, left, up as right, down, forward: the two frames that cameras have."""


def other_convention(submitted: Pose, right: Pose) -> str:
    """Name of the convention in which ``submitted`` is right; empty if in none.

    ``inverse`` maps the other way round, ``transposed`` has the rotation of the
    inverse with the right translation, ``axes`` takes body axes for optical ones or
    the other way round, before or after, also in the inverse.
    """
    if turn_between_deg(submitted.turn, right.turn) <= FITS_DEG:
        return ""
    for name, pose in _readings(submitted):
        angle = turn_between_deg(pose.turn, right.turn)
        apart = float(np.linalg.norm(pose.at_mm - right.at_mm))
        if angle <= FITS_DEG and apart <= FITS_MM:
            return name
    return ""


def _readings(pose: Pose) -> Iterator[tuple[str, Pose]]:
    back = inverse(pose)
    yield "inverse", back
    yield "transposed", Pose(turn=pose.turn.T, at_mm=pose.at_mm)
    for before, after in _axes():
        for each in (pose, back):
            turn = after @ each.turn @ before
            yield "axes", Pose(turn=turn, at_mm=after @ each.at_mm)


def _axes() -> Iterator[tuple[Floats, Floats]]:
    same = np.eye(3)
    choices = (same, BODY_TO_OPTICAL, BODY_TO_OPTICAL.T)
    for before in choices:
        for after in choices:
            if before is not same or after is not same:
                yield before, after


def inverse(pose: Pose) -> Pose:
    """The pose that maps the other way."""
    return Pose(turn=pose.turn.T, at_mm=-pose.turn.T @ pose.at_mm)
