"""Values on one line of YAML: numbers, quoted text, ``[1, 2]`` and ``{a: 1}``."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from examrunner.model.judgement import Sentence

Tree: TypeAlias = dict[str, "Tree"] | list["Tree"] | float | str
"""A plain value: mapping, sequence, number or text."""

DEEPEST: Final = 20
OPEN: Final = "[{"
CLOSE: Final = "]}"


class SyntaxProblem(ValueError):  # noqa: N818  # a sentence for a person, not a crash
    """What is wrong with a text, and the line (counted from 1) it is on."""

    def __init__(self, key: str, line: int, **values: object) -> None:
        super().__init__(key)
        self.said = Sentence(key=key, values=values)
        self.line = line


def read_flow(text: str, number: int) -> Tree:
    """The bracketed value on line ``number``.

    Raises:
        SyntaxProblem: If brackets, commas or colons do not fit.
    """
    flow = _Flow(text, number)
    tree = flow.read(0)
    if flow.rest():
        raise SyntaxProblem("file.after_bracket", number)
    return tree


def scalar(text: str) -> float | str:
    """A number if ``text`` is one, otherwise the text without its quotes."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    special = text.lower().lstrip("+-")
    if special in {".nan", ".inf"}:
        return math.nan if special == ".nan" else math.copysign(math.inf, _sign(text))
    try:
        return float(text)
    except ValueError:
        return text


def _sign(text: str) -> int:
    return -1 if text.startswith("-") else 1


def unquoted(text: str) -> str:
    """``text`` without the quotes around it."""
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


@dataclass(slots=True)
class _Flow:
    """A reader of ``[1, 2]`` and ``{a: 1}``."""

    text: str
    number: int
    at: int = 0

    def rest(self) -> str:
        return self.text[self.at :].strip()

    def read(self, depth: int) -> Tree:
        self._skip()
        if depth > DEEPEST:
            raise SyntaxProblem("file.deep_brackets", self.number)
        opened = self.text[self.at : self.at + 1]
        if opened == "[":
            return [self.read(depth + 1) for _ in self._items("]")]
        if opened == "{":
            pairs: dict[str, Tree] = {}
            for _ in self._items("}"):
                key = unquoted(self._word(":,}"))
                self._expect(":")
                pairs[key] = self.read(depth + 1)
            return pairs
        return scalar(self._word(",]}"))

    def _items(self, close: str) -> Iterator[None]:
        self.at += 1
        self._skip()
        while not self.text.startswith(close, self.at):
            yield
            self._skip()
            if not self.text.startswith(close, self.at):
                self._expect(",")
                self._skip()
        self.at += 1

    def _expect(self, letter: str) -> None:
        self._skip()
        if not self.text.startswith(letter, self.at):
            raise SyntaxProblem("file.letter", self.number, what=letter)
        self.at += 1

    def _skip(self) -> None:
        while self.text.startswith(" ", self.at):
            self.at += 1

    def _word(self, stops: str) -> str:
        self._skip()
        start = self.at
        if self.text[start : start + 1] in {'"', "'"}:
            end = self.text.find(self.text[start], start + 1)
            self.at = end + 1 if end > 0 else len(self.text)
            return self.text[start : self.at]
        while self.at < len(self.text) and self.text[self.at] not in stops:
            self.at += 1
        word = self.text[start : self.at].strip()
        if not word:
            raise SyntaxProblem("file.no_value", self.number)
        return word
