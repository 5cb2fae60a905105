"""JSON Schemas of everything that people write, for editors and strangers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from examrunner.content.attempt_files import ANSWERS, CASE, DECISIONS, EVENTS
from examrunner.content.examples import EXAMPLE
from examrunner.content.golden import GOLDEN
from examrunner.content.mistakes import nearest
from examrunner.content.rigs import ECUS, RIG
from examrunner.content.rubric_schema import rubric_schema
from examrunner.content.schemes import SCHEME
from examrunner.content.stations import STATION
from examrunner.model.errors import ContentError

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

ADAPTERS: Final[Mapping[str, TypeAdapter[Any]]] = {
    "answers": ANSWERS,
    "case": CASE,
    "decisions": DECISIONS,
    "ecus": ECUS,
    "events": EVENTS,
    "example": EXAMPLE,
    "golden": GOLDEN,
    "rig": RIG,
    "scheme": SCHEME,
    "station": STATION,
}
"""Kind of file to the type that reads it."""

COMPOSED: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {"rubric": rubric_schema}
"""Kinds of file that several types read together."""

KINDS: Final = tuple(sorted({*ADAPTERS, *COMPOSED}))


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file.

    Raises:
        ContentError: If there is no such kind.
    """
    if kind not in KINDS:
        raise ContentError(
            f"there is no schema for '{kind}'.",
            where="command line",
            remedy=nearest(kind, KINDS),
        )
    found = COMPOSED[kind]() if kind in COMPOSED else ADAPTERS[kind].json_schema()
    return {"$schema": DIALECT, **found, "title": f"examrunner {kind}"}
