"""Signals of a recording by the names that people type."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from examrunner.model.errors import ContentError

SHOWN_NAMES = 3


def chosen_signals(wanted: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """Full names of the wanted signals, in the order of ``known``; all if none.

    Args:
        wanted: ``Message.Signal``, a message for all its signals, or a bare signal
            name; each may begin with ``CHANNEL:``.
        known: The channel of every full name.

    Raises:
        ContentError: If a wanted name fits nothing.

    >>> known = {"A.X": "CH1", "B.X": "CH1", "B.Y": "CH1"}
    >>> chosen_signals(["B"], known), chosen_signals(["CH1:A.X"], known)
    (['B.X', 'B.Y'], ['A.X'])
    """
    if not wanted:
        return list(known)
    spellings = {name: _spellings(name, known[name]) for name in known}
    chosen: set[str] = set()
    for each in wanted:
        fitting = {name for name in known if each in spellings[name]}
        if not fitting:
            raise _unknown(each, {s for found in spellings.values() for s in found})
        chosen |= fitting
    return [name for name in known if name in chosen]


def _spellings(name: str, channel: str) -> tuple[str, ...]:
    full = name.removeprefix(f"{channel}:")
    message, _, signal = full.partition(".")
    short = (full, message, signal)
    return (*short, *(f"{channel}:{each}" for each in short))


def _unknown(name: str, candidates: Collection[str]) -> ContentError:
    close = get_close_matches(name, sorted(candidates), n=SHOWN_NAMES)
    nearest = ", ".join(close) or "none is similar"
    return ContentError(
        f"no signal is called '{name}'.",
        where="option --signals",
        remedy=f"Nearest names: {nearest}.",
    )
