"""Formulas of signal temporal logic as a rubric writes them: parsed, never executed.

    formula     = disjunction ["implies" formula]
    disjunction = conjunction ("or" conjunction)*
    conjunction = binary ("and" binary)*
    binary      = unary [("until" | "since") [bounds] unary]
    unary       = "not" unary | operator [bounds] unary | "(" formula ")" | claim
    operator    = "always" | "eventually" | "historically" | "once"
    bounds      = "[" seconds "," seconds "]"

``always`` and ``eventually`` look ahead, ``historically`` and ``once`` look back.
"""

import functools
import re
from dataclasses import dataclass
from typing import Final

from examrunner.criteria.tokens import Tokens

MOST_CHARACTERS: Final = 400
MOST_NESTED: Final = 30
"""Deepest nesting; with the length it bounds what a content file can ask for."""

TOKEN: Final = re.compile(
    r"(?P<number>\d+\.?\d*(?![\w.]))|(?P<word>[A-Za-z_]\w*)|(?P<mark>[\[\](),])"
)
UNARY: Final = ("always", "eventually", "historically", "once")
BINARY: Final = ("until", "since")
JOINING: Final = ("not", "and", "or", "implies")


class FormulaError(ValueError):
    """A text is no formula; the message says why and at which character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A stretch of time from now on, both ends inclusive, in seconds."""

    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A claim by its name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operator with what it is applied to.

    Attributes:
        operator: A word of the grammar.
        parts: One or two formulas.
        bounds: When it looks; None for all the time there is.
    """

    operator: str
    parts: tuple["Formula", ...]
    bounds: Bounds | None = None


Formula = Named | Operation


@functools.lru_cache(maxsize=256)
def parsed(text: str) -> Formula:
    """The formula that a text means.

    Raises:
        FormulaError: If it is none.
    """
    parser = _Parser(Tokens(text, TOKEN, MOST_CHARACTERS, FormulaError))
    found = parser.formula()
    parser.tokens.expect("")
    return found


def names_in(formula: Formula) -> tuple[str, ...]:
    """Every claim of a formula once, in the order of the text."""
    if isinstance(formula, Named):
        return (formula.name,)
    found = (name for part in formula.parts for name in names_in(part))
    return tuple(dict.fromkeys(found))


class _Parser:
    """Reads tokens from left to right by the grammar of this module."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._nested = 0

    def formula(self) -> Formula:
        self._nested += 1
        if self._nested > MOST_NESTED:
            raise FormulaError(f"nests more than {MOST_NESTED} formulas")
        left = self._joined("or", "and")
        if self.tokens.taken("implies"):
            left = Operation(operator="implies", parts=(left, self.formula()))
        self._nested -= 1
        return left

    def _joined(self, word: str, *tighter: str) -> Formula:
        """Parts with the same word between them, read from left to right."""
        found = self._joined(*tighter) if tighter else self._binary()
        while self.tokens.taken(word):
            right = self._joined(*tighter) if tighter else self._binary()
            found = Operation(operator=word, parts=(found, right))
        return found

    def _binary(self) -> Formula:
        left = self._unary()
        word = self.tokens.taken(*BINARY)
        if not word:
            return left
        bounds = self._bounds()
        return Operation(operator=word, parts=(left, self._unary()), bounds=bounds)

    def _unary(self) -> Formula:
        self._nested += 1
        if self._nested > MOST_NESTED:
            raise FormulaError(f"nests more than {MOST_NESTED} formulas")
        found = self._prefixed()
        self._nested -= 1
        return found

    def _prefixed(self) -> Formula:
        if self.tokens.taken("not"):
            return Operation(operator="not", parts=(self._unary(),))
        word = self.tokens.taken(*UNARY)
        if word:
            bounds = self._bounds()
            return Operation(operator=word, parts=(self._unary(),), bounds=bounds)
        if self.tokens.taken("("):
            found = self.formula()
            self.tokens.expect(")")
            return found
        token = self.tokens.take()
        if token.kind != "word" or token.text in (*BINARY, *JOINING):
            raise self.tokens.unexpected(token)
        return Named(name=token.text)

    def _bounds(self) -> Bounds | None:
        if not self.tokens.taken("["):
            return None
        at = self.tokens.next.at
        from_s = self._number()
        self.tokens.expect(",")
        to_s = self._number()
        self.tokens.expect("]")
        if from_s > to_s:
            problem = f"the stretch at character {at} ends before it begins"
            raise FormulaError(problem)
        return Bounds(from_s=from_s, to_s=to_s)

    def _number(self) -> float:
        token = self.tokens.take()
        if token.kind != "number":
            raise self.tokens.unexpected(token)
        return float(token.text)
