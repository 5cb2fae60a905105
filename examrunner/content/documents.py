"""YAML files as plain values that remember their lines."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from examrunner.content.mistakes import first_mistake
from examrunner.content.nodes import Unfolding
from examrunner.content.schema_keys import Place
from examrunner.content.syntax import syntax_error
from examrunner.model.errors import ContentError

T = TypeVar("T")

LARGEST_FILE_BYTES: Final = 1 << 18


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
    unfolding = Unfolding(path)
    try:
        text = content.decode("utf-8-sig")
        data = unfolding.plain(YAML(typ="safe", pure=True).compose(text))
    except UnicodeDecodeError as error:
        raise ContentError(
            f"byte {error.start} is not UTF-8.",
            where=str(path),
            remedy="Save the file as UTF-8.",
        ) from error
    except RecursionError:
        raise ContentError(
            "the file nests brackets or lists without end.",
            where=str(path),
            remedy="Close the brackets.",
        ) from None
    except (YAMLError, ValueError) as error:
        raise syntax_error(error, path) from error
    return Document(path=path, content=content, data=data, lines=unfolding.lines)


def read_as(adapter: TypeAdapter[T], document: Document) -> T:
    """The document as a typed value.

    Raises:
        ContentError: Names the first mistake with its line and the nearest valid
            name.
    """
    try:
        return adapter.validate_python(document.data)
    except ValidationError as error:
        raise explain(error, document, schema=adapter.json_schema()) from None


def explain(
    error: ValidationError,
    document: Document,
    below: Place = (),
    schema: Mapping[str, Any] | None = None,
) -> ContentError:
    """A pydantic error as a sentence of ours about a line of the document.

    Args:
        error: What pydantic found.
        document: The file.
        below: Place of the value that pydantic looked at.
        schema: JSON Schema of what it expected; names valid keys.
    """
    data = document.data
    for part in below:
        data = data[part]
    mistake = first_mistake(error, data, schema or {})
    return document.fail(mistake.problem, mistake.remedy, (*below, *mistake.place))


def is_finite(value: object) -> bool:
    """Whether a YAML number is one that can be computed with."""
    return isinstance(value, int | float) and math.isfinite(value)
