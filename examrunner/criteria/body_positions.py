"""Where a body rested against another one, from the pictures that show both.

With reference pose T_r and body pose T_b in the camera's frame the body stands at
T_r^-1 T_b in the frame of the reference: a moved camera changes nothing. A picture
counts if the body stood where the newest picture shows it, so that a body is measured
at rest; the median over those pictures is its position.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.losses import lost_on
from examrunner.criteria.spans import Spans
from examrunner.model.camera import Floats
from examrunner.model.errors import MissingError
from examrunner.model.placement import Placement
from examrunner.model.timeline import BodyPose, Timeline

Component = Literal[
    "distance", "lateral", "height", "yaw", "pitch", "roll", "azimuth", "shift"
]
COMPONENTS: Final[tuple[Component, ...]] = (
    "distance",
    "lateral",
    "height",
    "yaw",
    "pitch",
    "roll",
)
"""What one picture gives, in the order of ``Seen.values``."""
UNITS: Final[Mapping[Component, str]] = {
    "distance": "mm", "lateral": "mm", "height": "mm", "shift": "mm",
    "yaw": "deg", "pitch": "deg", "roll": "deg", "azimuth": "deg",
}  # fmt: skip
DECIMALS: Final = {"mm": 1, "deg": 2}
STILL_MM, STILL_DEG = 5.0, 0.4
"""A body that is farther from where it stands later was still being moved."""
OF_MEDIAN: Final = np.sqrt(np.pi / 2)
"""Deviation of a median against that of a mean."""
FEWEST_TAGS: Final = 2
"""A single tag flips: it tells no pose."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """A body against its reference in one picture.

    Attributes:
        t_ns: When the picture was taken.
        values: float64 (6,), x, y, z in mm, yaw, pitch, roll in degrees.
        sigmas: float64 (6,), their standard deviations.
    """

    t_ns: int
    values: Floats
    sigmas: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rest:
    """Where a body rested, from the point that positions are counted from.

    Attributes:
        values: Median of every component, and the azimuth.
        sigmas: Their standard deviations.
        pictures: How many pictures say so.
        from_ns: The first of them.
        to_ns: The last of them.
    """

    values: Mapping[Component, float]
    sigmas: Mapping[Component, float]
    pictures: int
    from_ns: int
    to_ns: int


def rest_before(
    timeline: Timeline,
    body: str,
    reference: str,
    at_ns: int,
    *,
    origin_mm: tuple[float, float, float] = (0.0, 0.0, 0.0),
    frames: int = 30,
) -> Rest | None:
    """Where a body stood at a moment; None if the newest picture does not show it.

    Args:
        timeline: What was recorded.
        body: The body.
        reference: The body whose frame is meant.
        at_ns: Only pictures taken before this count.
        origin_mm: Point of that frame from which positions are counted.
        frames: How many pictures are used at most.

    Raises:
        MissingError: If no picture shows the reference, or none since a loss.
    """
    known = [pose for pose in timeline.poses if pose.t_ns < at_ns]
    references = [pose for pose in known if pose.body == reference]
    if not references:
        raise MissingError("pictures_of_body", name=reference)
    newest = references[-1]
    since = Spans.of([(newest.t_ns, at_ns)])
    if (lost_on(timeline, newest.camera) & since).total_ns:
        raise MissingError("pictures", name=newest.camera)
    pairs = list(seen_pairs(known, body, reference))
    if not pairs or pairs[-1].t_ns != newest.t_ns:
        return None
    return _median(_at_rest(pairs)[-frames:], np.array(origin_mm))


def seen_pairs(poses: Sequence[BodyPose], body: str, reference: str) -> Iterator[Seen]:
    """A body against its reference in every picture that tells both, in order."""
    against = {(p.camera, p.t_ns): p for p in poses if p.body == reference}
    for pose in poses:
        other = against.get((pose.camera, pose.t_ns))
        if pose.body != body or other is None:
            continue
        if min(pose.tags, other.tags) >= FEWEST_TAGS:
            yield _seen(pose, other)


def _seen(pose: BodyPose, reference: BodyPose) -> Seen:
    back = reference.turn.T
    apart = pose.at_mm - reference.at_mm
    placement = Placement.of(back @ pose.turn, back @ apart)
    angles = (placement.yaw_deg, placement.pitch_deg, placement.roll_deg)
    variances = np.diag(_covariance(pose, reference, apart))
    yaw_pitch_roll = np.degrees(np.sqrt(variances[2::-1]))
    return Seen(
        t_ns=pose.t_ns,
        values=np.array([*placement.at_mm, *angles]),
        sigmas=np.concatenate([np.sqrt(variances[3:]), yaw_pitch_roll]),
    )


def _covariance(pose: BodyPose, reference: BodyPose, apart: Floats) -> Floats:
    """Of turn (radians) and position (mm) in the reference's frame, to first order.

    A turn of the reference by w moves a body at ``apart`` by -w x apart.
    """
    back = np.kron(np.eye(2), reference.turn.T)
    lever = np.eye(6)
    x, y, z = apart
    lever[3:, :3] = [[0, -z, y], [z, 0, -x], [-y, x, 0]]
    joint = pose.covariance + lever @ reference.covariance @ lever.T
    turned: Floats = back @ joint @ back.T
    return turned


def _at_rest(pairs: list[Seen]) -> list[Seen]:
    """The last pictures in which the body stands where the newest one shows it."""
    newest = pairs[-1].values
    moved = has_moved(np.array([each.values for each in pairs]) - newest)
    last = np.flatnonzero(moved)
    return pairs[int(last[-1]) + 1 :] if len(last) else pairs


def has_moved(away: Floats) -> NDArray[np.bool_]:
    """Whether differences (n, 6) of what pictures show are more than noise."""
    far = np.abs(away)
    limits = np.array([STILL_MM] * 3 + [STILL_DEG] * 3)
    moved: NDArray[np.bool_] = np.any(far > limits, axis=1)
    return moved


def _median(pairs: list[Seen], origin_mm: Floats) -> Rest:
    values = np.median([each.values for each in pairs], axis=0)
    values[:3] -= origin_mm
    single = np.sqrt(np.mean([each.sigmas**2 for each in pairs], axis=0))
    sigmas = single * (OF_MEDIAN / np.sqrt(len(pairs)) if len(pairs) > 1 else 1.0)
    x, y = values[:2]
    away = float(np.hypot(x, y))
    across = float(np.hypot(x * sigmas[1], y * sigmas[0])) / max(away, 1e-9) ** 2
    found: dict[Component, float] = dict(zip(COMPONENTS, values.tolist(), strict=True))
    spread: dict[Component, float] = dict(zip(COMPONENTS, sigmas.tolist(), strict=True))
    return Rest(
        values={**found, "azimuth": float(np.degrees(np.arctan2(y, x)))},
        sigmas={**spread, "azimuth": float(np.degrees(across))},
        pictures=len(pairs),
        from_ns=pairs[0].t_ns,
        to_ns=pairs[-1].t_ns,
    )


def shift_between(before: Rest, after: Rest) -> tuple[float, float]:
    """How far a body moved between two rests, and the standard deviation of that.

    The same pictures say for sure that it did not; otherwise the deviation is that
    along the movement, and without any the largest of the three.
    """
    if before.to_ns == after.to_ns:
        return 0.0, 0.0
    keys: tuple[Component, ...] = ("distance", "lateral", "height")
    moved = np.array([after.values[k] - before.values[k] for k in keys])
    sigmas = np.array([np.hypot(before.sigmas[k], after.sigmas[k]) for k in keys])
    way = float(np.linalg.norm(moved))
    if way < float(sigmas.max()):
        return way, float(sigmas.max())
    return way, float(np.linalg.norm(moved / way * sigmas))
