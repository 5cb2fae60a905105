"""A worked example as YAML: one line for each thing that happened."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

WIDTH: Final = 100


def yaml_text(example: Mapping[str, Any]) -> str:
    """The file; lists and mappings of the second level stand in lines of their own."""
    lines: list[str] = []
    for key, value in example.items():
        if isinstance(value, Mapping) and value:
            lines += [f"{key}:", *_of_mapping(value)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{key}:", *(line for item in value for line in _of_item(item))]
        else:
            lines.append(f"{key}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


def _of_mapping(value: Mapping[str, Any]) -> Iterator[str]:
    for key, item in value.items():
        yield from _wrapped(f"  {key}: ", _pieces(item))


def _of_item(item: Mapping[str, Any]) -> Iterator[str]:
    yield from _wrapped("  - ", _pieces(item))


def _wrapped(head: str, pieces: Iterator[str]) -> Iterator[str]:
    """Lines of at most ``WIDTH`` characters where the pieces allow it."""
    line = head
    for piece in pieces:
        if len(line) + len(piece.rstrip()) > WIDTH and line.strip() not in {"", "-"}:
            yield line.rstrip()
            line = "      "
        line += piece
    yield line.rstrip()


def _pieces(value: Any) -> Iterator[str]:
    """A value as texts between which a line may end."""
    if isinstance(value, Mapping):
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield from _ended([f"{key}: ", *_pieces(item)], number + 1 < len(value))
        yield "}"
    elif isinstance(value, list) and any(isinstance(v, list | dict) for v in value):
        yield "["
        for number, item in enumerate(value):
            yield from _ended(list(_pieces(item)), number + 1 < len(value))
        yield "]"
    else:
        yield _scalar(value)


def _ended(pieces: list[str], goes_on: bool) -> Iterator[str]:
    """The pieces; a comma stays at the end of the line that it follows."""
    yield from pieces[:-1]
    yield f"{pieces[-1]}, " if goes_on else pieces[-1]


def _scalar(value: Any) -> str:
    """JSON, which YAML reads as it is; whole numbers without a fraction."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return f"[{', '.join(_scalar(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)
