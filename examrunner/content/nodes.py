"""Plain values from YAML nodes, each with its line, within bounds.

The library's own constructors are not used: they build dates, sets and strangers'
objects, stumble over some of them, and forget where a merged key stood.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from examrunner.content.schema_keys import Place
from examrunner.model.errors import ContentError

MOST_VALUES: Final = 200_000
DEEPEST: Final = 60
CORE: Final = "tag:yaml.org,2002:"


class Unfolding:
    """One file's nodes as dict, list, str, int, float, bool and None.

    Args:
        path: Where errors say that the nodes come from.

    Attributes:
        lines: Line, counted from 1, of every key and item by its place.
    """

    def __init__(self, path: Path) -> None:
        self.lines: dict[Place, int] = {}
        self._path = path
        self._values = 0

    def plain(self, node: Node | None, place: Place = ()) -> Any:
        """The value of a node.

        Raises:
            ContentError: If it has no plain value, or unfolds without bound.
        """
        self._values += 1
        if self._values > MOST_VALUES or len(place) > DEEPEST:
            raise self._fail(
                f"the file unfolds to more than {MOST_VALUES:,} values or {DEEPEST} "
                "levels",
                self.lines.get(place, 1),
                "Remove anchors that refer to each other.",
            )
        if node is None:
            return None
        self.lines.setdefault(place, _line(node))
        match node:
            case MappingNode() if node.tag == f"{CORE}map":
                return self._mapping(node, place)
            case SequenceNode() if node.tag == f"{CORE}seq":
                return [
                    self.plain(item, (*place, number))
                    for number, item in enumerate(node.value)
                ]
            case ScalarNode():
                return self._scalar(node)
        raise self._tagged(node)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if key.tag == f"{CORE}merge":
                for source in _sources(value):
                    merged = {**self._merged(source, place), **merged}
                continue
            text = self._key(key)
            if text in plain:
                raise self._fail(
                    f"the key '{text}' stands here twice",
                    _line(key),
                    "Remove one of them.",
                )
            self.lines[(*place, text)] = _line(key)
            plain[text] = self.plain(value, (*place, text))
        return {**merged, **plain}

    def _merged(self, source: Node, place: Place) -> dict[str, Any]:
        value = self.plain(source, (*place, "<<"))
        if not isinstance(value, dict):
            raise self._fail(
                "'<<' does not stand before a mapping",
                _line(source),
                "Let it refer to an anchor of keys and values.",
            )
        return value

    def _key(self, key: Node) -> str:
        if not isinstance(key, ScalarNode):
            raise self._fail(
                "a list or mapping stands where a key belongs",
                _line(key),
                "Write a plain key.",
            )
        text = str(key.value)
        if key.tag == f"{CORE}int" and text[:2].lower() == "0x":
            return f"0x{text[2:].upper()}"
        return text

    def _scalar(self, node: ScalarNode) -> Any:
        kind, text = str(node.tag).removeprefix(CORE), str(node.value)
        try:
            match kind:
                case "str" | "timestamp" | "value":
                    return text
                case "null":
                    return None
                case "bool":
                    return {"true": True, "false": False}[text.lower()]
                case "int":
                    return _whole(text)
                case "float":
                    return _real(text)
        except (KeyError, ValueError):
            raise self._fail(
                f"'{text[:40]}' is no value of that kind",
                _line(node),
                "Correct it, or put quotes around a text.",
            ) from None
        raise self._tagged(node)

    def _tagged(self, node: Node) -> ContentError:
        return self._fail(
            f"the tag '{node.tag}' has no meaning here",
            _line(node),
            "Remove the tag.",
        )

    def _fail(self, problem: str, line: int, remedy: str) -> ContentError:
        return ContentError(f"{problem}.", where=f"{self._path}:{line}", remedy=remedy)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _sources(value: Node) -> Iterator[Node]:
    yield from value.value if isinstance(value, SequenceNode) else (value,)


def _whole(text: str) -> int:
    plain = text.replace("_", "")
    digits = plain.lstrip("+-")
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2].lower(), 10)
    return int(plain, base)


def _real(text: str) -> float:
    plain = text.replace("_", "").lower()
    return float(plain.replace(".inf", "inf").replace(".nan", "nan"))
