"""Attributes of cantools' messages and signals, with the defaults of the file."""

import math
from collections.abc import Mapping
from typing import Any


class Attributes:
    """Attributes of one message or signal, with the defaults of their definitions."""

    def __init__(self, owner: Any, defaults: Mapping[str, int | float | str]) -> None:
        self._own = {} if owner.dbc is None else (owner.dbc.attributes or {})
        self._defaults = defaults

    def number(self, name: str) -> float | None:
        return number_of(self._value(name))

    def text(self, name: str) -> str:
        """The value; of an enumeration its name, whichever way the file writes it."""
        value = self._value(name)
        definition = self._own[name].definition if name in self._own else None
        if definition is not None and definition.choices and isinstance(value, int):
            in_range = 0 <= value < len(definition.choices)
            return str(definition.choices[value]) if in_range else ""
        return "" if value is None else str(value)

    def _value(self, name: str) -> int | float | str | None:
        if name in self._own:
            value: int | float | str = self._own[name].value
            return value
        return self._defaults.get(name)


def number_of(value: object) -> float | None:
    """A finite number, also where the database writes it as text."""
    if not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
