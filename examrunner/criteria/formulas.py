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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str
    text: str
    at: int


@functools.lru_cache(maxsize=256)
def parsed(text: str) -> Formula:
    """The formula that a text means.

    Raises:
        FormulaError: If it is none.
    """
    if len(text) > MOST_CHARACTERS:
        problem = f"has {len(text)} characters, at most {MOST_CHARACTERS} are allowed"
        raise FormulaError(problem)
    parser = _Parser(_tokens(text))
    found = parser.formula()
    parser.finish()
    return found


def names_in(formula: Formula) -> tuple[str, ...]:
    """Every claim of a formula once, in the order of the text."""
    if isinstance(formula, Named):
        return (formula.name,)
    found = (name for part in formula.parts for name in names_in(part))
    return tuple(dict.fromkeys(found))


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise FormulaError(f"cannot read '{text[at]}' at character {at + 1}")
        found.append(_Token(kind=match.lastgroup, text=match[0], at=at + 1))
        at = match.end()
    return [*found, _Token(kind="end", text="", at=len(text) + 1)]


class _Parser:
    """Reads tokens from left to right by the grammar of this module."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._nested = 0

    def formula(self) -> Formula:
        self._nested += 1
        if self._nested > MOST_NESTED:
            raise FormulaError(f"nests more than {MOST_NESTED} formulas")
        left = self._joined("or", "and")
        if self._taken("implies"):
            left = Operation(operator="implies", parts=(left, self.formula()))
        self._nested -= 1
        return left

    def finish(self) -> None:
        if self._tokens[self._next].kind != "end":
            raise _unexpected(self._tokens[self._next])

    def _joined(self, word: str, *tighter: str) -> Formula:
        """Parts with the same word between them, read from left to right."""
        found = self._joined(*tighter) if tighter else self._binary()
        while self._taken(word):
            right = self._joined(*tighter) if tighter else self._binary()
            found = Operation(operator=word, parts=(found, right))
        return found

    def _binary(self) -> Formula:
        left = self._unary()
        word = self._taken(*BINARY)
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
        if self._taken("not"):
            return Operation(operator="not", parts=(self._unary(),))
        word = self._taken(*UNARY)
        if word:
            bounds = self._bounds()
            return Operation(operator=word, parts=(self._unary(),), bounds=bounds)
        if self._taken("("):
            found = self.formula()
            self._expect(")")
            return found
        token = self._take()
        if token.kind != "word" or token.text in (*BINARY, *JOINING):
            raise _unexpected(token)
        return Named(name=token.text)

    def _bounds(self) -> Bounds | None:
        if not self._taken("["):
            return None
        at = self._tokens[self._next].at
        from_s = self._number()
        self._expect(",")
        to_s = self._number()
        self._expect("]")
        if from_s > to_s:
            problem = f"the stretch at character {at} ends before it begins"
            raise FormulaError(problem)
        return Bounds(from_s=from_s, to_s=to_s)

    def _number(self) -> float:
        token = self._take()
        if token.kind != "number":
            raise _unexpected(token)
        return float(token.text)

    def _expect(self, text: str) -> None:
        token = self._take()
        if token.text != text:
            raise _unexpected(token)

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _taken(self, *texts: str) -> str:
        """The next token if it is one of these, which is then done with."""
        token = self._tokens[self._next]
        return self._take().text if token.text in texts else ""


def _unexpected(token: _Token) -> FormulaError:
    if token.kind == "end":
        return FormulaError("ends too early")
    return FormulaError(f"does not expect '{token.text}' at character {token.at}")
