"""Cursors of lists: the key of the last item, opaque to callers."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from examrunner.service.refusals import UnusableError
from examrunner.wire import Page

Item = TypeVar("Item")
CursorParam = Annotated[str, Query(max_length=100)]
LimitParam = Annotated[int, Query(ge=1, le=500)]


def page_of(
    items: Sequence[Item], limit: int, key: Callable[[Item], object]
) -> Page[Item]:
    """A page of ``items``, of which one more than ``limit`` was asked for."""
    shown = list(items[:limit])
    more = len(items) > limit
    return Page(items=shown, next=str(key(shown[-1])) if more else None)


def number_of(cursor: str) -> int:
    """The number that a cursor stands for; 0 for the beginning.

    Raises:
        UnusableError: If it is no cursor of such a list.
    """
    if not cursor:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise UnusableError(
            f"{cursor!r} is no cursor of this list.",
            where="cursor",
            remedy="Use 'next' of an earlier answer, or leave it out.",
        )
    return int(cursor)
