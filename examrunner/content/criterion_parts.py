"""What a criterion is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def parts(value: object) -> Iterator[Any]:
    """A value and everything inside it that is a dataclass."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    if isinstance(value, Mapping):
        for item in value.values():
            yield from parts(item)
    if is_dataclass(value) and not isinstance(value, type):
        yield value
        for each in fields(value):
            yield from parts(getattr(value, each.name))


def texts(value: object) -> tuple[str, ...]:
    """A name or a list of names; what is no text is left out."""
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, tuple):
        return tuple(item for item in value if isinstance(item, str))
    return ()
