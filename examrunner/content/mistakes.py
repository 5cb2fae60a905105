"""What is wrong with a content file, in our words instead of a library's."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
Schema = Mapping[str, Any]

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
    first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
    place = _place(first["loc"], data)
    name = _name(place)
    match first["type"]:
        case "extra_forbidden":
            problem = f"there is no key called {name} here."
            remedy = nearest(str(place[-1]), keys_at(schema, data, place[:-1]))
        case "missing":
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


def keys_at(schema: Schema, data: object, place: Place) -> set[str]:
    """The keys that a JSON Schema allows at a place of a value."""
    definitions = schema.get("$defs", {})
    here = list(_flat(schema, data, definitions))
    for part in place:
        data = _entry(data, part)
        here = [
            flat
            for one in here
            for below in _below(one, part)
            for flat in _flat(below, data, definitions)
        ]
    return {key for one in here for key in one.get("properties", {})}


def _flat(schema: Schema, data: object, definitions: Schema) -> Iterator[Schema]:
    """A schema's alternatives; a tagged one is chosen by the tag in the value."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        yield from _flat(definitions[name], data, definitions)
        return
    yield schema
    tagged = schema.get("discriminator", {})
    tag = data.get(tagged.get("propertyName")) if isinstance(data, Mapping) else None
    if tag in tagged.get("mapping", {}):
        yield from _flat({"$ref": tagged["mapping"][tag]}, data, definitions)
        return
    for group in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(group, ()):
            yield from _flat(option, data, definitions)


def _below(schema: Schema, part: str | int) -> Iterator[Schema]:
    if isinstance(part, int):
        listed = schema.get("prefixItems", [])
        options = [listed[part] if part < len(listed) else schema.get("items")]
    elif part in schema.get("properties", {}):
        options = [schema["properties"][part]]
    else:
        patterns = schema.get("patternProperties", {})
        options = [*patterns.values(), schema.get("additionalProperties")]
    yield from (option for option in options if isinstance(option, Mapping))


def _place(loc: tuple[int | str, ...], data: object) -> Place:
    """Pydantic's location without the names of union branches and "[key]"."""
    place: list[str | int] = []
    for number, part in enumerate(loc):
        if _leads_on(data, part):
            data = _entry(data, part)
            place.append(part)
        elif number == len(loc) - 1 and _may_miss(data, part):
            place.append(part)
    return tuple(place)


def _may_miss(data: object, part: str | int) -> bool:
    if isinstance(part, int):
        return isinstance(data, list)
    return isinstance(data, dict) and part != "[key]"


def _leads_on(data: object, part: str | int) -> bool:
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def _entry(data: Any, part: str | int) -> object:
    return data[part] if _leads_on(data, part) else None


def _unknown_word(name: str, detail: ErrorDetails) -> tuple[str, str]:
    context = detail.get("ctx", {})
    expected = str(context.get("expected_tags") or context.get("expected"))
    words = [word.strip(" '\"") for word in expected.replace(" or ", ",").split(",")]
    if "tag" in context:
        name, seen = str(context["discriminator"]), str(context["tag"])
    else:
        seen = str(detail["input"])
    return f"{name} cannot be '{seen}'.", nearest(seen, words)


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
    return f"{name} is {seen!r} but"


Wording = Callable[[Mapping[str, Any]], str]

WORDINGS: Final[Mapping[str, Wording]] = {
    "bool": lambda c: "must be true or false",
    "date": lambda c: "must be a date such as 2026-09-01",
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
