"""A sequence that is computed when somebody looks at it."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar, overload

Item = TypeVar("Item")


class Deferred(Sequence[Item]):
    """Items that ``compute`` gives, once, when the first of them is asked for."""

    def __init__(self, compute: Callable[[], Sequence[Item]]) -> None:
        self._compute = compute

    @cached_property
    def _items(self) -> tuple[Item, ...]:
        return tuple(self._compute())

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)
