"""By what a recording can be recognised again: noise never repeats itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NoiseTrace:
    """Marks of one noisy signal: two that are equal come from the same noise.

    Attributes:
        name: ``Message.Signal``.
        t_ns: int64 (n,), where the stretch of each mark begins, ascending.
        end_ns: int64 (n,), where it ends.
        marks: uint64 (n,).
    """

    name: str
    t_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]
    marks: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureTrace:
    """What is remembered of one picture.

    Attributes:
        camera: Camera name.
        picture: Name of the picture in its recording.
        t_ns: When it was taken.
        purpose: ``still`` or ``thumbnail``.
        size_px: (width, height).
        brightness: Mean grey value, 0 to 255.
        detail: Variance of the Laplacian at 1,024 places over the whole picture.
        change: Mean difference to the previous picture of this camera, purpose and
            size, in grey values; None if there is none.
        grain: uint64 (16,), one bit for each of 1,024 places that are the same in
            every picture of that size: whether it is brighter than its neighbours.
        flat: uint64 (16,), likewise: whether nothing but noise makes the difference.
    """

    camera: str
    picture: str
    t_ns: int
    purpose: str
    size_px: tuple[int, int]
    brightness: float
    detail: float
    change: float | None
    grain: NDArray[np.uint64]
    flat: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Earlier:
    """What is remembered of an earlier recording.

    Attributes:
        digest: Of the recording.
        noise: Marks of each noisy signal by name, ascending.
        pictures: Its pictures.
    """

    digest: str
    noise: Mapping[str, NDArray[np.uint64]] = field(default_factory=dict)
    pictures: tuple[PictureTrace, ...] = ()
