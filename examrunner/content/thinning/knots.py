"""A column of numbers as few points with straight lines between them."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


def knots(at: Column, values: Column, tolerance: float) -> list[int]:
    """Rows of points; lines between them are never further off than ``tolerance``.

    The swinging door: a line from the last point goes on as long as some slope meets
    every value since. The points are values of the column, the last one included.

    Args:
        at: float64 (n,), ascending; equal values begin a new line.
        values: float64 (n,).
        tolerance: Largest distance, in the unit of ``values``.

    >>> import numpy as np
    >>> knots(np.arange(5.0), np.array([0, 1, 2, 2, 2.0]), 0.0)
    [0, 2, 4]
    """
    x, y = at.tolist(), values.tolist()
    if not x:
        return []
    found = [0]
    low, high = -np.inf, np.inf
    for row in range(1, len(x)):
        start = found[-1]
        along = x[row] - x[start]
        rise = y[row] - y[start]
        if along > 0 and low <= rise / along <= high:
            low = max(low, (rise - tolerance) / along)
            high = min(high, (rise + tolerance) / along)
            continue
        if row - 1 != start:
            found.append(row - 1)
        along, rise = x[row] - x[row - 1], y[row] - y[row - 1]
        if along > 0:
            low, high = (rise - tolerance) / along, (rise + tolerance) / along
        else:
            found.append(row)
            low, high = -np.inf, np.inf
    if found[-1] != len(x) - 1:
        found.append(len(x) - 1)
    return found


def ranges(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open ranges of rows in which a mask holds.

    >>> import numpy as np
    >>> ranges(np.array([True, False, True, True]))
    [(0, 1), (2, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.view(np.int8), [0]))))
    return [(a, b) for a, b in list(pairwise(edges.tolist()))[::2]]
