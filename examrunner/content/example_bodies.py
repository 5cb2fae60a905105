"""The bodies of a worked example, as a camera straight above them sees them."""

from typing import Final

import numpy as np

from examrunner.content.example_pictures import BodiesEntry, PoseEntry
from examrunner.model.placement import Placement
from examrunner.model.timeline import NS_PER_S, BodyPose

CAMERA: Final = "targets"
HEIGHT_MM: Final = 9000.0
DOWNWARDS: Final = np.array([[0.0, -1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, -1.0]])
"""Vehicle's frame to that of a camera that looks down, its top to the front."""
BURST_S: Final = (-0.05, 1.0, 2.0, 3.0, 4.0)
"""When pictures are taken: before something moves, and after it came to rest."""
TAGS: Final = 4


def poses_of(entry: BodiesEntry) -> tuple[BodyPose, ...]:
    """Every body in every picture, in order of time."""
    changes = sorted({0.0, *(row[0] for rows in entry.stand.values() for row in rows)})
    taken = sorted(
        {max(0.0, change + after) for change in changes for after in BURST_S}
    )
    found = []
    for t_s in taken:
        found.append(_pose(entry, entry.reference, t_s, Placement()))
        for name, rows in entry.stand.items():
            reached = [row for row in sorted(rows) if row[0] <= t_s]
            if reached:
                _, x, y, z, yaw, pitch, roll = reached[-1]
                placement = Placement(
                    at_mm=(x, y, z), yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll
                )
                found.append(_pose(entry, name, t_s, placement))
    return tuple(found)


def measured(entry: PoseEntry) -> BodyPose:
    """A pose as it was measured."""
    covariance = np.zeros((6, 6))
    covariance[np.triu_indices(6)] = entry.covariance
    return BodyPose(
        camera=entry.camera,
        body=entry.body,
        t_ns=round(entry.t_s * NS_PER_S),
        turn=np.array(entry.turn, np.float64).reshape(3, 3),
        at_mm=np.array(entry.at_mm, np.float64),
        covariance=np.triu(covariance) + np.triu(covariance, 1).T,
        tags=entry.tags,
        error_px=entry.error_px,
    )


def _pose(entry: BodiesEntry, body: str, t_s: float, placement: Placement) -> BodyPose:
    sigmas = [np.radians(entry.sigma_deg)] * 3 + [entry.sigma_mm] * 3
    return BodyPose(
        camera=CAMERA,
        body=body,
        t_ns=round(t_s * NS_PER_S),
        turn=DOWNWARDS @ placement.turn,
        at_mm=DOWNWARDS @ np.array(placement.at_mm) + np.array([0, 0, HEIGHT_MM]),
        covariance=np.diag(np.square(sigmas)),
        tags=TAGS,
        error_px=0.05,
    )
