"""The words of a text that a teacher wrote, read from left to right."""

import re
from dataclasses import dataclass

END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word.

    Attributes:
        kind: Group of the pattern that it matched, or ``end``.
        text: As it was written; empty at the end.
        at: Its first character, counted from 1.
    """

    kind: str
    text: str
    at: int


class Tokens:
    """The words of one text.

    Args:
        text: What was written.
        pattern: One named group for each kind of word.
        most: Longest text.
        failure: Raised, with why and at which character, where it cannot be read.

    Raises:
        ValueError: A ``failure``, if the text is too long or has a strange character.
    """

    def __init__(
        self, text: str, pattern: re.Pattern[str], most: int, failure: type[ValueError]
    ) -> None:
        if len(text) > most:
            raise failure(f"has {len(text)} characters, at most {most} are allowed")
        self._failure = failure
        self._tokens = _tokens(text, pattern, failure)
        self._next = 0

    @property
    def next(self) -> Token:
        """The next word, which stays."""
        return self._tokens[self._next]

    def take(self) -> Token:
        """The next word, which is then done with; the end never is."""
        token = self.next
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def taken(self, *texts: str) -> str:
        """The next word if it is one of these, which is then done with."""
        return self.take().text if self.next.text in texts else ""

    def expect(self, text: str) -> None:
        """Read this word; an empty one is the end.

        Raises:
            ValueError: A ``failure``, if another one stands there.
        """
        token = self.take()
        if token.text != text:
            raise self.unexpected(token)

    def unexpected(self, token: Token) -> ValueError:
        """What is said about a word that may not stand there."""
        if token.kind == END:
            return self._failure("ends too early")
        return self._failure(f"does not expect '{token.text}' at character {token.at}")


def _tokens(
    text: str, pattern: re.Pattern[str], failure: type[ValueError]
) -> list[Token]:
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        match = pattern.match(text, at)
        if match is None or match.lastgroup is None:
            raise failure(f"cannot read '{text[at]}' at character {at + 1}")
        found.append(Token(kind=match.lastgroup, text=match[0], at=at + 1))
        at = match.end()
    return [*found, Token(kind=END, text="", at=len(text) + 1)]
