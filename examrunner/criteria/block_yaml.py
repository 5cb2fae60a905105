"""The part of YAML that calibration tools write, as plain values.

YAML libraries refuse what OpenCV's FileStorage writes, and FileStorage is no parser
for files from strangers. This reads block mappings and sequences, flow collections,
numbers and quoted text; anchors, merge keys and tags with a meaning are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from examrunner.criteria.flow_yaml import (
    CLOSE,
    DEEPEST,
    OPEN,
    SyntaxProblem,
    Tree,
    read_flow,
    scalar,
    unquoted,
)


@dataclass(slots=True)
class _Line:
    number: int
    indent: int
    text: str


def read_yaml(text: str) -> Tree:
    """The document in ``text``.

    Raises:
        SyntaxProblem: If a line is outside the part of YAML that is read here.
    """
    lines = list(_logical_lines(text))
    if not lines:
        raise SyntaxProblem("file.empty", 1)
    block = _Block(lines)
    tree = block.read(lines[0].indent, 0)
    if block.at < len(lines):
        raise SyntaxProblem("file.indent", lines[block.at].number)
    return tree


def _logical_lines(text: str) -> Iterator[_Line]:
    """Lines with content; a flow collection becomes one line."""
    pending: _Line | None = None
    parts: list[str] = []
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        content = _without_comment(line).rstrip()
        if not content.strip() or (depth == 0 and content.startswith(("%", "---"))):
            continue
        if "\t" in content[: len(content) - len(content.lstrip())]:
            raise SyntaxProblem("file.tab", number)
        if pending is None:
            indent = len(content) - len(content.lstrip(" "))
            pending = _Line(number, indent, "")
        parts.append(content.strip())
        depth += _depth_change(content, number)
        if depth <= 0:
            pending.text = " ".join(parts)
            yield pending
            pending, parts, depth = None, [], 0
    if pending is not None:
        raise SyntaxProblem("file.open_bracket", pending.number)


def _without_comment(line: str) -> str:
    if "#" not in line:
        return line
    quote = ""
    for at, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "#" and (at == 0 or line[at - 1] in " \t"):
            return line[:at]
    return line


def _depth_change(line: str, number: int) -> int:
    depth, quote, before = 0, "", ""
    for letter in line:
        if quote:
            quote = "" if letter == quote and before != "\\" else quote
        elif letter in "\"'" and before in {"", " ", "[", "{", ",", ":"}:
            quote = letter
        elif letter in OPEN:
            depth += 1
        elif letter in CLOSE:
            depth -= 1
        before = letter
    if abs(depth) > DEEPEST:
        raise SyntaxProblem("file.deep_brackets", number)
    return depth


@dataclass(slots=True)
class _Block:
    """A reader over the lines of one document.

    Attributes:
        lines: All lines.
        at: Index of the next line to read.
    """

    lines: list[_Line]
    at: int = 0

    def read(self, indent: int, depth: int) -> Tree:
        line = self.lines[self.at]
        if depth > DEEPEST:
            raise SyntaxProblem("file.deep_file", line.number)
        if _is_item(line.text):
            return self._sequence(indent, depth)
        if _split_key(line.text) is None:
            self.at += 1
            return _value(line.text, line.number)
        return self._mapping(indent, depth)

    def _mapping(self, indent: int, depth: int) -> dict[str, Tree]:
        found: dict[str, Tree] = {}
        while (line := self._next(indent)) is not None and not _is_item(line.text):
            split = _split_key(line.text)
            if split is None:
                raise SyntaxProblem("file.pair", line.number)
            key, rest = split
            if key in found:
                raise SyntaxProblem("file.twice", line.number, what=key)
            self.at += 1
            found[key] = self._after(rest, line, depth, items_may_align=True)
        return found

    def _sequence(self, indent: int, depth: int) -> list[Tree]:
        found: list[Tree] = []
        while (line := self._next(indent)) is not None and _is_item(line.text):
            rest = line.text[1:].strip()
            if _is_item(rest) or (
                not rest.startswith(tuple(OPEN)) and _split_key(rest) is not None
            ):
                shift = len(line.text) - len(line.text[1:].lstrip())
                self.lines[self.at] = _Line(line.number, indent + shift, rest)
                found.append(self.read(indent + shift, depth + 1))
                continue
            self.at += 1
            found.append(self._after(rest, line, depth, items_may_align=False))
        return found

    def _after(
        self, rest: str, line: _Line, depth: int, *, items_may_align: bool
    ) -> Tree:
        """The value after a key or a dash: on its line, or the block below."""
        if rest.startswith("!!"):
            rest = rest.partition(" ")[2].strip()
        if rest:
            return _value(rest, line.number)
        if self.at == len(self.lines):
            return ""
        below = self.lines[self.at]
        aligned = items_may_align and _is_item(below.text)
        if below.indent > line.indent or (aligned and below.indent == line.indent):
            return self.read(below.indent, depth + 1)
        return ""

    def _next(self, indent: int) -> _Line | None:
        if self.at == len(self.lines) or self.lines[self.at].indent != indent:
            return None
        return self.lines[self.at]


def _is_item(text: str) -> bool:
    return text == "-" or text.startswith("- ")


def _split_key(text: str) -> tuple[str, str] | None:
    """Key and rest of ``key: rest``; None if the text is no such pair."""
    if text[:1] in {*OPEN, *CLOSE}:
        return None
    start = text.find(text[0], 1) + 1 if text.startswith(("'", '"')) else 0
    colon = text.find(":", start)
    while colon >= 0 and text[colon + 1 : colon + 2] not in {"", " "}:
        colon = text.find(":", colon + 1)
    if colon < 1:
        return None
    return str(unquoted(text[:colon].strip())), text[colon + 1 :].strip()


def _value(text: str, number: int) -> Tree:
    if text[0] in OPEN:
        return read_flow(text, number)
    if text[0] in "&*|>":
        raise SyntaxProblem("file.kind", number, what=text[0])
    return scalar(text)
