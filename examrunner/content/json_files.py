"""JSON files that people and programs hand in, as typed values."""

import json
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError

from examrunner.content.mistakes import first_mistake
from examrunner.content.schema_keys import Place
from examrunner.model.errors import ContentError

T = TypeVar("T")

LARGEST_FILE_BYTES: Final = 1 << 26
MOST_DIGITS: Final = 300


def read_json_as(adapter: TypeAdapter[T], path: Path) -> T:
    """The file as a typed value.

    Raises:
        ContentError: If it cannot be read, is no JSON, or is not what is expected.
    """
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise ContentError(
                f"the file has more than {LARGEST_FILE_BYTES:,} bytes.",
                where=str(path),
                remedy="Leave pictures and recordings out of it.",
            )
        content = path.read_bytes()
    except OSError as error:
        raise ContentError(
            f"the file cannot be read ({error.strerror}).",
            where=str(path),
            remedy="Check the name and the permissions of the file.",
        ) from error
    return parse_json_as(adapter, content, path)


def parse_json_as(adapter: TypeAdapter[T], content: bytes, path: Path) -> T:
    """Content that was read from ``path`` as a typed value.

    Raises:
        ContentError: See ``read_json_as``.
    """
    data = _parsed(content, path)
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        mistake = first_mistake(error, data, adapter.json_schema())
        place = _shown(mistake.place)
        raise ContentError(
            mistake.problem,
            where=f"{path}, {place}" if place else str(path),
            remedy=mistake.remedy,
        ) from None


def _parsed(content: bytes, path: Path) -> Any:
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            parse_constant=_no_constant,
            parse_int=_whole,
            object_pairs_hook=_no_twice,
        )
    except json.JSONDecodeError as error:
        where, problem = f"{path}:{error.lineno}", "this is not valid JSON"
    except UnicodeDecodeError as error:
        where, problem = str(path), f"byte {error.start} is not UTF-8"
    except RecursionError:
        where, problem = str(path), "the file nests brackets without end"
    except ValueError as error:
        where, problem = str(path), str(error)
    raise ContentError(
        f"{problem}.", where=where, remedy="Correct the file, or write it again."
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has {len(digits):,} digits")
    return int(digits)


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key '{twice}' stands twice in one place")
    return found


def _shown(place: Place) -> str:
    """A place as ``entry 3, 'value'``."""
    parts = (
        f"entry {part + 1}" if isinstance(part, int) else f"'{part}'" for part in place
    )
    return ", ".join(parts)
