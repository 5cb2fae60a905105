"""Keywords in what candidates write, in Chinese and English."""

import re
import unicodedata
from typing import Final

APOSTROPHES: Final = str.maketrans({"\u2019": "'", "\u02bc": "'"})
CLAUSE_ENDS: Final = re.compile(r"[,;:!?\u3002\u3001\n]+|\.(?!\d)")
SPACING: Final = re.compile(r"[^\w'.%\u2126+]+|_+")
NEGATING_WORDS: Final = frozenset(
    {"cannot", "neither", "never", "no", "none", "nor", "not", "without"}
)
WORDS_BACK: Final = 3
"""How many words before a keyword may negate it."""
NEGATING_SIGNS: Final = frozenset("不没未无非")
SIGNS_BACK: Final = 3
"""How many Chinese characters before a keyword may hold the one that negates it."""


def clauses_of(text: str) -> tuple[str, ...]:
    """A text in plain lower case, without marks, cut where a negation ends.

    >>> clauses_of("ＴＥＣ＝256，Bus-Off.")
    ('tec 256', 'bus off')
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(APOSTROPHES)
    spaced = (SPACING.sub(" ", part).strip() for part in CLAUSE_ENDS.split(folded))
    return tuple(part for part in spaced if part)


def says(text: str, keyword: str) -> bool:
    """Whether a text says a keyword and does not negate it.

    Keywords are never matched loosely: "not open" is no way to say "open", and a
    keyword that negates is found only as it stands.

    >>> says("The H line is open.", "open"), says("The H line is not open.", "open")
    (True, False)
    >>> says("not open", "not open"), says("没有断路", "断路"), says("reopened", "open")
    (True, False, False)
    """
    wanted = " ".join(clauses_of(keyword))
    if not wanted:
        return False
    pattern = re.compile(
        rf"{_edge(wanted[0], '<')}{re.escape(wanted)}{_edge(wanted[-1], '')}"
    )
    return any(
        not _negated(clause[: found.start()])
        for clause in clauses_of(text)
        for found in pattern.finditer(clause)
    )


def _edge(sign: str, behind: str) -> str:
    """Words of letters end where another sign begins; Chinese ones have no ends."""
    return rf"(?{behind}![a-z0-9])" if sign.isascii() and sign.isalnum() else ""


def _negated(before: str) -> bool:
    words = before.split()[-WORDS_BACK:]
    if any(word in NEGATING_WORDS or word.endswith("n't") for word in words):
        return True
    return not NEGATING_SIGNS.isdisjoint(before.rstrip()[-SIGNS_BACK:])
