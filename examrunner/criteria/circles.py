"""The circle through points of a plane."""

from typing import Final

import numpy as np

from examrunner.criteria.expressions import Column

FLAT: Final = 1e-6
"""Spread across the main direction, relative to that along it, of a line."""


def circle_radius(x: Column, y: Column) -> float:
    """Radius of the circle that fits points best; NaN if they lie on a line.

    Least squares of ``x^2 + y^2 - 2 a x - 2 b y - c`` over a, b and c (Kasa 1976),
    radius ``sqrt(c + a^2 + b^2)``; 0 for points that are all the same. Noise of
    standard deviation s on both axes makes a circle of radius r, whose points are
    spread all round, appear as about ``sqrt(r^2 + 2 s^2)``: the fit must not be asked
    to see radii far below the noise.
    """
    points = np.column_stack([x - x.mean(), y - y.mean()])
    along, across = np.linalg.svd(points, compute_uv=False)
    if not along:
        return 0.0
    if across <= FLAT * along:
        return float("nan")
    # Sizes near 1 keep the equations well conditioned.
    points = points / along
    rows = np.column_stack([2 * points, np.ones(len(points))])
    (a, b, c), *_ = np.linalg.lstsq(rows, (points**2).sum(axis=1), rcond=None)
    return float(np.sqrt(c + a * a + b * b) * along)
