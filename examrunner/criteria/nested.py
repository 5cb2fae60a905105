"""What criteria are made of, for whoever walks through them."""

import functools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any


def parts_of(value: Any) -> Iterator[tuple[str, Any]]:
    """Fields of a dataclass that hold more than nothing; none of any other value."""
    kind: Any = type(value)
    for name in _field_names(kind):
        part = getattr(value, name)
        if part:
            yield name, part


@functools.cache
def _field_names(kind: Any) -> tuple[str, ...]:
    """Remembered: a rubric is walked through at every judgement."""
    if not is_dataclass(kind):
        return ()
    return tuple(each.name for each in fields(kind))
