"""Signals of a recording by the names that people type."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from examrunner.model.errors import ContentError

SHOWN_NAMES = 3


def chosen_signals(wanted: Sequence[str], known: Iterable[str]) -> list[str]:
    """Full names of the wanted signals, in the order of ``known``; all if none.

    Args:
        wanted: ``Message.Signal``, a message for all its signals, or a bare signal
            name; each may begin with ``CHANNEL:``.
        known: Every full name.

    Raises:
        ContentError: If a wanted name fits nothing.

    >>> chosen_signals(["B"], ["A.X", "B.X", "B.Y"]), chosen_signals(["X"], ["A.X"])
    (['B.X', 'B.Y'], ['A.X'])
    """
    names = list(known)
    if not wanted:
        return names
    chosen: set[str] = set()
    for each in wanted:
        fitting = {name for name in names if each in _spellings(name)}
        if not fitting:
            raise _unknown(each, names)
        chosen |= fitting
    return [name for name in names if name in chosen]


def _spellings(name: str) -> tuple[str, ...]:
    message, _, signal = name.partition(".")
    bare = name.rpartition(":")[2]
    return name, message, signal, bare, bare.partition(".")[0]


def _unknown(name: str, names: Sequence[str]) -> ContentError:
    candidates = {spelling for known in names for spelling in _spellings(known)}
    close = get_close_matches(name, sorted(candidates), n=SHOWN_NAMES)
    nearest = ", ".join(close) or "none is similar"
    return ContentError(
        f"no signal is called '{name}'.",
        where="option --signals",
        remedy=f"Nearest names: {nearest}.",
    )
