"""YAML files as plain values that remember their lines."""

import difflib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarbool import ScalarBoolean
from ruamel.yaml.scalarint import HexCapsInt, HexInt

from examrunner.model.errors import ContentError

Place = tuple[str | int, ...]
T = TypeVar("T")

LARGEST_FILE_BYTES: Final = 1 << 20
MOST_NODES: Final = 200_000
DEEPEST: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML 1.2 file: enumeration texts such as ON stay text.

    Attributes:
        path: The file.
        content: Its bytes, as digests want them.
        data: dict, list, str, int, float, bool and None only.
        lines: Line, counted from 1, of every key and item by its place.
    """

    path: Path
    content: bytes
    data: Any
    lines: Mapping[Place, int]

    def where(self, place: Iterable[str | int] = ()) -> str:
        """``file:line`` of a place, or of its nearest ancestor."""
        found = tuple(place)
        while found and found not in self.lines:
            found = found[:-1]
        return f"{self.path}:{self.lines.get(found, 1)}"

    def fail(
        self, problem: str, remedy: str, place: Iterable[str | int] = ()
    ) -> ContentError:
        """The error to raise about one place of this file."""
        return ContentError(problem, where=self.where(place), remedy=remedy)


def read_document(path: Path) -> Document:
    """Read one YAML file.

    Raises:
        ContentError: If it cannot be read, is no YAML, or unfolds without bound.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContentError(
            f"the file cannot be read ({error.strerror}).",
            where=str(path),
            remedy="Check the name and the permissions of the file.",
        ) from error
    return parse_document(content, path)


def parse_document(content: bytes, path: Path) -> Document:
    """Parse YAML that was read from ``path``.

    Raises:
        ContentError: See ``read_document``.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise ContentError(
            f"the file has {len(content):,} bytes; {LARGEST_FILE_BYTES:,} are allowed.",
            where=str(path),
            remedy="Keep recordings and pictures out of content files.",
        )
    lines: dict[Place, int] = {}
    try:
        loaded = YAML(typ="rt", pure=True).load(content.decode("utf-8-sig"))
        data = _Unfolding(path, lines).plain(loaded, ())
    except UnicodeDecodeError as error:
        raise ContentError(
            f"byte {error.start} is not UTF-8.",
            where=str(path),
            remedy="Save the file as UTF-8.",
        ) from error
    except RecursionError:
        raise _too_large(path, 1) from None
    except YAMLError as error:
        raise _syntax_error(error, path) from error
    return Document(path=path, content=content, data=data, lines=lines)


def _syntax_error(error: YAMLError, path: Path) -> ContentError:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    problem = (
        error.problem if isinstance(error, MarkedYAMLError) else None
    ) or "syntax"
    return ContentError(
        f"this is not valid YAML: {problem}.",
        where=f"{path}:{mark.line + 1}" if mark else str(path),
        remedy="Check indentation, quotes and colons around that line.",
    )


def _too_large(path: Path, line: int) -> ContentError:
    return ContentError(
        f"the file unfolds to more than {MOST_NODES:,} values or {DEEPEST} levels.",
        where=f"{path}:{line}",
        remedy="Remove anchors that refer to each other.",
    )


class _Unfolding:
    """Turns ruamel's containers into plain ones, within bounds."""

    def __init__(self, path: Path, lines: dict[Place, int]) -> None:
        self._path = path
        self._lines = lines
        self._nodes = 0

    def plain(self, value: Any, place: Place) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or len(place) > DEEPEST:
            raise _too_large(self._path, self._lines.get(place, 1))
        if isinstance(value, CommentedMap):
            return self._mapping(value, place)
        if isinstance(value, CommentedSeq):
            return [
                self._child(value.lc.item(index), item, (*place, index))
                for index, item in enumerate(value)
            ]
        return _scalar(value)

    def _mapping(self, value: CommentedMap, place: Place) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key, item in value.items():
            text = _key(key)
            # A key that `<<` merged in has no position of its own.
            at = value.lc.data.get(key, (self._lines.get(place, 1) - 1,))
            if text in plain:
                raise ContentError(
                    f"the key '{text}' stands here twice.",
                    where=f"{self._path}:{at[0] + 1}",
                    remedy="Remove one of them.",
                )
            plain[text] = self._child((at[0], 0), item, (*place, text))
        return plain

    def _child(self, position: tuple[int, int], item: Any, place: Place) -> Any:
        self._lines[place] = position[0] + 1
        return self.plain(item, place)


def _key(key: Any) -> str:
    if isinstance(key, HexInt | HexCapsInt):
        width = key._width or 0  # type: ignore[union-attr]  # noqa: SLF001
        # ruamel sets it without declaring it, and keeps the written width nowhere else.
        return f"0x{int(key):0{width}X}"
    return str(key)


def _scalar(value: Any) -> Any:
    if isinstance(value, ScalarBoolean):
        return bool(value)
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value if value is None else str(value)


def read_as(adapter: TypeAdapter[T], document: Document) -> T:
    """The document as a typed value.

    Raises:
        ContentError: Names the first mistake with its line and the nearest valid
            name.
    """
    try:
        return adapter.validate_python(document.data)
    except ValidationError as error:
        raise explain(error, document) from None


Wording = Callable[[Mapping[str, Any]], tuple[str, str]]


def explain(
    error: ValidationError, document: Document, below: Place = ()
) -> ContentError:
    """A pydantic error as a sentence of ours about a line of the document."""
    found = error.errors(include_url=False)
    first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
    place = (*below, *(part for part in first["loc"] if isinstance(part, str | int)))
    name = str(place[-1]) if place else "the file"
    if first["type"] == "extra_forbidden":
        return document.fail(
            f"there is no key called '{name}' here.",
            nearest(name, _siblings(error)),
            place,
        )
    if first["type"] == "missing":
        return document.fail(f"the key '{name}' is missing.", "Add it.", place)
    seen = first.get("input")
    shown = "" if isinstance(seen, dict | list) else f" {seen!r}"
    return document.fail(
        f"'{name}'{shown} is wrong: {first['msg'].lower()}.",
        "Correct the value; `examrunner content schema` prints what is allowed.",
        place,
    )


def _siblings(error: ValidationError) -> list[str]:
    return sorted(
        {
            str(e["loc"][-1])
            for e in error.errors()
            if e["type"] == "missing" and e["loc"]
        }
    )


def nearest(name: str, valid: Iterable[str]) -> str:
    """A remedy that names what was probably meant.

    >>> nearest("pionts", ["points", "title"])
    "Did you mean 'points'? Valid: points, title."
    """
    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    guess = f"Did you mean '{close[0]}'? " if close else ""
    if not names:
        return "Remove it, or see `examrunner content schema`."
    return f"{guess}Valid: {', '.join(names)}."


def is_finite(value: object) -> bool:
    """Whether a YAML number is one that can be computed with."""
    return isinstance(value, int | float) and math.isfinite(value)
