"""Positions of bodies as signals: ``body@reference.component`` over time.

A value is known while the body rests: from the first of at least two pictures that
show it in the same place to the last of them. Before, between and after, it may be
moving, and nothing is known. Components as in ``body_positions``: ``distance``,
``lateral`` and ``height`` in mm, ``yaw``, ``pitch`` and ``roll`` in degrees.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from examrunner.criteria.body_positions import (
    COMPONENTS,
    UNITS,
    Seen,
    has_moved,
    seen_pairs,
)
from examrunner.model.camera import Floats
from examrunner.model.timeline import BodyPose, Quality, Series

AT: Final = "@"
HOLD_S: Final = 86_400.0
"""A body that rests does so until pictures show otherwise."""


def names_of(bodies: Sequence[str]) -> Mapping[str, str]:
    """Unit of every such signal by name."""
    return {
        f"{body}{AT}{reference}.{component}": UNITS[component]
        for body in bodies
        for reference in bodies
        for component in COMPONENTS
        if body != reference
    }


def bodies_in(names: Iterable[str]) -> tuple[str, ...]:
    """The bodies that such names are about."""
    return tuple(sorted({name.partition(AT)[0] for name in names if AT in name}))


def series_of(
    poses: Sequence[BodyPose], body: str, reference: str
) -> dict[str, Series]:
    """Every component of one body against another, by the name of its signal."""
    samples = list(_samples(list(seen_pairs(poses, body, reference))))
    t_ns = np.array([t for t, _ in samples], np.int64)
    values = np.array([value for _, value in samples]).reshape(-1, len(COMPONENTS))
    unknown = np.isnan(values[:, 0]) * int(Quality.NOT_AVAILABLE)
    return {
        (name := f"{body}{AT}{reference}.{component}"): Series(
            name=name,
            unit=UNITS[component],
            t_ns=t_ns,
            values=values[:, column],
            raw=np.zeros(len(t_ns), np.int64),
            quality=unknown.astype(np.uint8),
            hold_s=HOLD_S,
        )
        for column, component in enumerate(COMPONENTS)
    }


def _samples(pairs: Sequence[Seen]) -> Iterator[tuple[int, Floats]]:
    """Times and values (6,), NaN from where on nothing is known."""
    values = np.array([each.values for each in pairs]).reshape(-1, len(COMPONENTS))
    same = ~has_moved(np.diff(values, axis=0)) if len(pairs) else np.zeros(0, np.bool_)
    as_before, as_after = np.append(False, same), np.append(same, False)
    nothing = np.full(len(COMPONENTS), np.nan)
    for seen, before, after in zip(pairs, as_before, as_after, strict=False):
        yield seen.t_ns, seen.values if before or after else nothing
        if before and not after:
            yield seen.t_ns + 1, nothing


class BodySignals(Mapping[str, Series]):
    """All such signals, worked out when first asked for and then kept.

    Without a picture of the reference there is no signal; a body that was never put
    before the camera has one without samples.

    Args:
        poses: Bodies as the pictures show them.
        bodies: Names of the rig's bodies.
    """

    def __init__(self, poses: Sequence[BodyPose], bodies: Sequence[str]) -> None:
        self._poses = poses
        self._units = names_of(bodies)
        self._series: dict[str, Series] = {}

    def __getitem__(self, name: str) -> Series:
        if name not in self._units:
            raise KeyError(name)
        if name not in self._series:
            body, _, rest = name.partition(AT)
            reference = rest.partition(".")[0]
            if not any(pose.body == reference for pose in self._poses):
                raise KeyError(name)
            self._series |= series_of(self._poses, body, reference)
        return self._series[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._units)

    def __len__(self) -> int:
        return len(self._units)
