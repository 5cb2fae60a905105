"""Arithmetic over signals as a rubric writes it: parsed here, never executed.

    sum     = product (("+" | "-") product)*
    product = sign (("*" | "/") sign)*
    sign    = "-" sign | atom
    atom    = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"

Functions are ``abs`` of one value, ``min`` and ``max`` of at least two.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.tokens import Token, Tokens

Column = NDArray[np.float64]

MOST_CHARACTERS: Final = 400
MOST_NESTED: Final = 30
"""Deepest nesting; with the length it bounds what a content file can ask for."""

TOKEN: Final = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<name>(?:[A-Za-z_]\w*:)?[A-Za-z_]\w*(?:\.\w+)+)"
    r"|(?P<function>[A-Za-z_]\w*)"
    r"|(?P<mark>[-+*/(),])"
)
LEAST_ARGUMENTS: Final = {"abs": 1, "min": 2, "max": 2}


class ExpressionError(ValueError):
    """A text is no expression; the message says why and at which character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A signal, ``Message.Signal`` or ``fib.<quantity>``."""

    signal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operator or function with what it is applied to.

    Attributes:
        operator: ``+ - * /``, ``abs``, ``min`` or ``max``; ``-`` also of one part.
        parts: What it is applied to.
    """

    operator: str
    parts: tuple["Expression", ...]


Expression = Number | Name | Operation


def parse(text: str) -> Expression:
    """The expression that a text means.

    Raises:
        ExpressionError: If it is none.
    """
    parser = _Parser(Tokens(text, TOKEN, MOST_CHARACTERS, ExpressionError))
    found = parser.sum()
    parser.tokens.expect("")
    return found


class _Parser:
    """Reads tokens from left to right by the grammar of this module."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._nested = 0

    def sum(self) -> Expression:
        found = self._product()
        while operator := self.tokens.taken("+", "-"):
            found = Operation(operator=operator, parts=(found, self._product()))
        return found

    def _product(self) -> Expression:
        found = self._sign()
        while operator := self.tokens.taken("*", "/"):
            found = Operation(operator=operator, parts=(found, self._sign()))
        return found

    def _sign(self) -> Expression:
        signs = 0
        while self.tokens.taken("-"):
            signs += 1
        found = self._atom()
        return Operation(operator="-", parts=(found,)) if signs % 2 else found

    def _atom(self) -> Expression:
        token = self.tokens.take()
        if token.kind == "number":
            return Number(value=float(token.text))
        if token.kind == "name":
            return Name(signal=token.text)
        if token.kind == "function":
            return self._function(token)
        if token.text == "(":
            return self._inside(most=1)[0]
        raise self.tokens.unexpected(token)

    def _function(self, token: Token) -> Expression:
        least = LEAST_ARGUMENTS.get(token.text)
        if least is None:
            raise ExpressionError(
                f"'{token.text}' at character {token.at} is neither a signal, written "
                "Message.Signal, nor abs, min or max"
            )
        self.tokens.expect("(")
        parts = self._inside(most=MOST_CHARACTERS)
        if len(parts) < least or (token.text == "abs" and len(parts) > 1):
            raise ExpressionError(
                f"'{token.text}' at character {token.at} has {len(parts)} values"
            )
        return Operation(operator=token.text, parts=parts)

    def _inside(self, most: int) -> tuple[Expression, ...]:
        """What stands between an opening bracket and its closing one."""
        self._nested += 1
        if self._nested > MOST_NESTED:
            raise ExpressionError(f"has more than {MOST_NESTED} nested brackets")
        parts = [self.sum()]
        while len(parts) < most and self.tokens.taken(","):
            parts.append(self.sum())
        self.tokens.expect(")")
        self._nested -= 1
        return tuple(parts)


def signals_in(expression: Expression) -> tuple[str, ...]:
    """Every signal of an expression once, in the order of the text."""
    if isinstance(expression, Name):
        return (expression.signal,)
    if isinstance(expression, Number):
        return ()
    found = (name for part in expression.parts for name in signals_in(part))
    return tuple(dict.fromkeys(found))


def evaluated(
    expression: Expression, columns: Mapping[str, Column], size: int
) -> Column:
    """The values of an expression; not finite where it has none, as after x / 0.

    Args:
        expression: What to work out.
        columns: float64 (n,) by signal.
        size: How many values a constant expression has.
    """
    with np.errstate(all="ignore"):
        found = _evaluated(expression, columns)
    filled: Column = np.broadcast_to(found, size) if len(found) == 1 else found
    return filled


def _evaluated(expression: Expression, columns: Mapping[str, Column]) -> Column:
    if isinstance(expression, Number):
        return np.float64(expression.value) * np.ones(1)
    if isinstance(expression, Name):
        return columns[expression.signal]
    parts = [_evaluated(part, columns) for part in expression.parts]
    return _applied(expression.operator, parts)


def _applied(operator: str, parts: list[Column]) -> Column:
    found: Column
    if operator == "abs":
        found = np.abs(parts[0])
    elif operator == "-" and len(parts) == 1:
        found = -parts[0]
    elif operator in BINARY:
        found = BINARY[operator](parts[0], parts[1])
    else:
        found = parts[0]
        for part in parts[1:]:
            found = FOLDED[operator](found, part)
    return found


BINARY: Final = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}
FOLDED: Final = {"min": np.minimum, "max": np.maximum}
