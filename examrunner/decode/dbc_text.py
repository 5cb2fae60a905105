"""The text of a DBC file: where its statements are, and what is wrong with them.

This looks only at what a parser would refuse as a whole or accept in silence, so that
one bad message neither costs the file nor goes unnoticed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

STRING: Final = re.compile(r'"(?:\\"|[^"])*"')
NOT_NEWLINE: Final = re.compile(r"[^\n]")
HEAD: Final = re.compile(
    r"^[ \t]*BO_[ \t]+(?P<number>\d{1,20})[ \t]+(?P<name>\w+)[ \t]*:"
    r"[ \t]*(?P<length>\d{1,20})[^\n]*"
    r"(?:\n[ \t]*SG_[ \t][^\n]*|\n[ \t]*(?=\n[ \t]*SG_[ \t]))*",
    re.MULTILINE,
)
SIGNAL: Final = re.compile(r"^[ \t]*SG_[ \t]+(\w+)", re.MULTILINE)
KEYWORD: Final = re.compile(
    r"^[ \t]*(VAL_|SIG_VALTYPE_|SG_MUL_VAL_|SIG_GROUP_|BO_TX_BU_|CM_|BA_|BA_REL_)\s",
    re.MULTILINE,
)
TARGET: Final = re.compile(
    r"\s*(?:(?:VAL_|SIG_VALTYPE_|SG_MUL_VAL_|SIG_GROUP_|BO_TX_BU_)"
    r'|CM_\s+(?:BO_|SG_)|BA_\s+"[^"]*"\s+(?:BO_|SG_)'
    r'|BA_REL_\s+"[^"]*"\s+BU_(?:SG|BO)_REL_\s+\w+(?:\s+SG_)?)'
    r"\s+(?P<number>\d{1,20})(?:\s+(?P<signal>\w+))?"
)
MULTIPLEXER_RANGE: Final = re.compile(r"(\d{1,20})\s*-\s*(\d{1,20})")

EXTENDED_BIT: Final = 1 << 31
PLACEHOLDER: Final = "VECTOR__INDEPENDENT_SIG_MSG"
"""Vector tools keep signals without a message in this one; it is never on a bus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A ``BO_`` statement with its signals.

    Attributes:
        number: Identifier as written: bit 31 marks 29-bit identifiers.
        name: Message name.
        length: Payload bytes.
        signals: Names of its signals.
        start: Offset of the statement in the text.
        end: Offset after its last signal.
        line: Line of the statement, from 1.
    """

    number: int
    name: str
    length: int
    signals: tuple[str, ...]
    start: int
    end: int
    line: int

    @property
    def extended(self) -> bool:
        """Whether the identifier is meant to have 29 bits."""
        return bool(self.number & EXTENDED_BIT)

    @property
    def can_id(self) -> int:
        """Identifier without the flag bit."""
        return self.number & ~EXTENDED_BIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A statement that says something about a message or signal.

    Attributes:
        keyword: ``VAL_``, ``BA_``, ...
        number: Identifier as written.
        signal: Signal name, or a word that only looks like one; empty if none.
        start: Offset in the text.
        end: Offset after its semicolon.
        line: Line, from 1.
        multiplexed: How many multiplexer values its ranges name together.
    """

    keyword: str
    number: int
    signal: str
    start: int
    end: int
    line: int
    multiplexed: int


class DbcText:
    """A DBC file that can be searched, and parts of which can be blanked.

    Blanking keeps every line where it was, so that lines in messages stay right.
    """

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self._line_starts = [0, *(m.end() for m in re.finditer("\n", self.text))]

    def heads(self) -> list[Head]:
        """Every message in order of the file."""
        return [
            Head(
                number=int(found["number"]),
                name=found["name"],
                length=int(found["length"]),
                signals=tuple(SIGNAL.findall(found[0])),
                start=found.start(),
                end=found.end(),
                line=self.line_of(found.start("number")),
            )
            for found in HEAD.finditer(self._masked())
            if found["name"] != PLACEHOLDER
        ]

    def references(self) -> Iterator[Reference]:
        """Every statement about a message or signal."""
        masked = self._masked()
        end = 0
        for found in KEYWORD.finditer(masked):
            if found.start() < end:
                continue
            end = masked.find(";", found.end()) + 1
            if not end:
                return
            statement = masked[found.start() : end]
            target = TARGET.match(statement)
            if target is not None:
                ranges = MULTIPLEXER_RANGE.findall(statement, target.end())
                yield Reference(
                    keyword=found[1],
                    number=int(target["number"]),
                    signal=target["signal"] or "",
                    start=found.start(),
                    end=end,
                    line=self.line_of(found.start(1)),
                    multiplexed=sum(int(high) - int(low) + 1 for low, high in ranges),
                )

    def line_of(self, offset: int) -> int:
        """Line of an offset, from 1."""
        return bisect_right(self._line_starts, offset)

    def line_of_signal(self, head: Head, signal: str) -> int:
        """Line on which the message lists the signal, or that of the message."""
        block = self.text[head.start : head.end]
        for found in SIGNAL.finditer(block):
            if found[1] == signal:
                return self.line_of(head.start + found.start(1))
        return head.line

    def blank(self, start: int, end: int) -> None:
        """Replaces a stretch by spaces."""
        spaces = NOT_NEWLINE.sub(" ", self.text[start:end])
        self.text = self.text[:start] + spaces + self.text[end:]

    def blank_line(self, line: int) -> str:
        """Replaces a line by spaces; what it said."""
        start = self._line_starts[line - 1]
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        said = self.text[start:end].strip()
        self.blank(start, end)
        return said

    def drop(self, heads: Sequence[Head]) -> None:
        """Blanks messages, and what refers to an identifier that is then gone."""
        if not heads:
            return
        dropped = {head.start for head in heads}
        kept = {head.number for head in self.heads() if head.start not in dropped}
        gone = {head.number for head in heads} - kept
        stretches = [(head.start, head.end) for head in heads]
        stretches += [
            (reference.start, reference.end)
            for reference in self.references()
            if reference.number in gone
        ]
        for start, end in stretches:
            self.blank(start, end)

    def _masked(self) -> str:
        """The text with the content of strings hidden: a string may say anything."""
        return STRING.sub(
            lambda found: '"' + NOT_NEWLINE.sub("~", found[0][1:-1]) + '"', self.text
        )
