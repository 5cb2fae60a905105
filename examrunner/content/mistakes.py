"""What is wrong with a content file, in our words instead of a library's."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from examrunner.content.schema_keys import Place as Place
from examrunner.content.schema_keys import Schema, entry_at, keys_at, leads_on

MOST_SHOWN: Final = 60
MOST_NAMES: Final = 30
SOME_NAMES: Final = 5
UNKNOWN_KEYS: Final = ("extra_forbidden", "unexpected_keyword_argument")
"""Error types about a key that is not there, in a model and in a dataclass."""
A_MOMENT: Final = "a time with its zone such as 2026-09-01T09:30:00+08:00"
SEE_SCHEMA: Final = "Correct it; `examrunner content schema` prints what is allowed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing to mend.

    Attributes:
        problem: What is wrong, with the value that was seen.
        remedy: What to do.
        place: Keys and indices that lead to it.
    """

    problem: str
    remedy: str
    place: Place


def first_mistake(error: ValidationError, data: object, schema: Schema) -> Mistake:
    """The mistake to show: an unknown key first, because it explains a missing one.

    Args:
        error: What pydantic found.
        data: The value that it looked at.
        schema: JSON Schema of what it expected.
    """
    found = error.errors(include_url=False)
    first = _telling(found, data, schema)
    place = _place(first["loc"], data)
    name = _name(place)
    match first["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            problem = f"there is no key called {name} here."
            remedy = nearest(str(place[-1]), keys_at(schema, data, place[:-1]))
        case "missing" | "missing_keyword_only_argument":
            what = "the key " if place and isinstance(place[-1], str) else ""
            problem, remedy = f"{what}{name} is missing.", "Add it."
        case "union_tag_invalid" | "literal_error" | "enum":
            problem, remedy = _unknown_word(name, first)
        case "union_tag_not_found":
            key = str(first.get("ctx", {}).get("discriminator", "")).strip("'")
            problem, remedy = f"the key '{key}' is missing.", "Add it."
        case _:
            problem, remedy = f"{_named(name, first)} {_must(first)}.", SEE_SCHEMA
    return Mistake(problem=problem, remedy=remedy, place=place)


def _telling(
    found: Sequence[ErrorDetails], data: object, schema: Schema
) -> ErrorDetails:
    """An unknown key, else the first; of several branches the one that has the key."""
    known_places: list[Place] = []
    for error in found:
        if error["type"] not in UNKNOWN_KEYS:
            continue
        place = _place(error["loc"], data)
        if place[-1] not in keys_at(schema, data, place[:-1]):
            return error
        known_places.append(place)
    for error in found:
        there = _place(error["loc"], data) in known_places
        if there and error["type"] not in UNKNOWN_KEYS:
            return error
    return found[0]


def nearest(name: str, valid: Iterable[str]) -> str:
    """A remedy that names what was probably meant.

    >>> nearest("pionts", ["points", "title"])
    "Did you mean 'points'? Valid: points, title."
    """
    names = sorted(valid)
    if not names:
        return "Remove it, or see `examrunner content schema`."
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    guess = f"Did you mean '{close[0]}'? " if close else ""
    if len(names) <= MOST_NAMES:
        return f"{guess}Valid: {', '.join(names)}."
    near = difflib.get_close_matches(name, names, n=SOME_NAMES, cutoff=0)
    return f"{guess}{len(names)} are valid, the nearest: {', '.join(near)}."


def _place(loc: tuple[int | str, ...], data: object) -> Place:
    """Pydantic's location without the names of union branches and "[key]"."""
    place: list[str | int] = []
    for number, part in enumerate(loc):
        if leads_on(data, part):
            data = entry_at(data, part)
            place.append(part)
        elif number == len(loc) - 1 and _may_miss(data, part):
            place.append(part)
    return tuple(place)


def _may_miss(data: object, part: str | int) -> bool:
    if isinstance(part, int):
        return isinstance(data, list)
    return isinstance(data, dict) and part != "[key]"


def _unknown_word(name: str, detail: ErrorDetails) -> tuple[str, str]:
    context = detail.get("ctx", {})
    expected = str(context.get("expected_tags") or context.get("expected"))
    words = [word.strip(" '\"") for word in expected.replace(" or ", ",").split(",")]
    if "tag" in context:
        name, seen = str(context["discriminator"]), str(context["tag"])
    else:
        seen = str(detail["input"])
    return f"{name} cannot be '{seen[:MOST_SHOWN]}'.", nearest(seen, words)


def _name(place: Place) -> str:
    if not place:
        return "the file"
    if isinstance(place[-1], str):
        return f"'{place[-1]}'"
    return f"entry {place[-1] + 1} of {_name(place[:-1])}"


def _named(name: str, detail: ErrorDetails) -> str:
    seen = detail.get("input")
    if isinstance(seen, dict | list) or seen is None or f"'{seen}'" == name:
        return name
    shown = repr(seen)
    if len(shown) > MOST_SHOWN:
        shown = f"{shown[:MOST_SHOWN]}..."
    return f"{name} is {shown} but"


Wording = Callable[[Mapping[str, Any]], str]

WORDINGS: Final[Mapping[str, Wording]] = {
    "bool": lambda c: "must be true or false",
    "dataclass": lambda c: "must hold keys and values",
    "date": lambda c: "must be a date such as 2026-09-01",
    "datetime": lambda c: f"must be {A_MOMENT}",
    "decimal": lambda c: "must be a number",
    "dict": lambda c: "must hold keys and values",
    "finite": lambda c: "must be a finite number",
    "float": lambda c: "must be a number",
    "greater_than": lambda c: f"must be above {c['gt']}",
    "greater_than_equal": lambda c: f"must be at least {c['ge']}",
    "int": lambda c: "must be a whole number",
    "less_than": lambda c: f"must be below {c['lt']}",
    "less_than_equal": lambda c: f"must be at most {c['le']}",
    "list": lambda c: "must be a list",
    "model": lambda c: "must hold keys and values",
    "none": lambda c: "must be empty",
    "string": lambda c: "must be text; put quotes around it",
    "string_pattern_mismatch": lambda c: f"must look like {c['pattern']}",
    "string_too_long": lambda c: f"must have at most {c['max_length']} characters",
    "string_too_short": lambda c: f"must have {c['min_length']} characters or more",
    "timezone": lambda c: f"must be {A_MOMENT}",
    "too_long": lambda c: f"must have at most {c['max_length']} entries",
    "too_short": lambda c: f"must have {c['min_length']} entries or more",
    "tuple": lambda c: "must be a list",
    "value_error": lambda c: f"cannot be used: {c['error']}",
}
"""Pydantic's error type, or what it starts with, to the rule that was broken."""


def _must(detail: ErrorDetails) -> str:
    kind = detail["type"]
    wording = WORDINGS.get(kind) or WORDINGS.get(kind.split("_")[0])
    return wording(detail.get("ctx", {})) if wording else "is not allowed here"
