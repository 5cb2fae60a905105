"""Signal values against the texts and numbers of a rubric."""

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.holding import Rows
from examrunner.criteria.scales import epsilon
from examrunner.model.errors import MissingError
from examrunner.model.timeline import Series

Scalar = float | str
"""A number, or a text of the signal's enumeration."""


def equal_to(series: Series, rows: Rows, wanted: Scalar) -> NDArray[np.bool_]:
    """Which samples have the wanted value.

    Raises:
        MissingError: If the signal has no such enumeration text.
    """
    if isinstance(wanted, str):
        return np.isin(series.raw[rows], raws_of(series, wanted))
    return np.abs(series.values[rows] - wanted) <= epsilon(series.step)


def raws_of(series: Series, text: str) -> list[int]:
    """Raw values behind an enumeration text.

    Raises:
        MissingError: If the signal has no such text.
    """
    found = [raw for raw, name in series.choices.items() if name == text]
    if not found:
        raise MissingError("choice", text=text, name=series.name)
    return found


def within(
    series: Series, rows: Rows, low: float | None, high: float | None
) -> NDArray[np.bool_]:
    """Which samples lie in [low, high], half a raw step in the candidate's favour."""
    values, slack = series.values[rows], epsilon(series.step)
    inside = np.ones(len(values), np.bool_)
    if low is not None:
        inside &= values >= low - slack
    if high is not None:
        inside &= values <= high + slack
    return inside


def shown(series: Series, row: int) -> str:
    """One sample as a person reads it."""
    text = series.choices.get(int(series.raw[row]))
    if text is not None:
        return text
    unit = f" {series.unit}" if series.unit else ""
    return f"{float(series.values[row]):.6g}{unit}"
