"""Which keys a JSON Schema allows at one place of a value."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Place = tuple[str | int, ...]
"""Keys and indices that lead to a value."""
Schema = Mapping[str, Any]


def keys_at(schema: Schema, data: object, place: Place) -> set[str]:
    """The keys that a JSON Schema allows at a place of a value."""
    definitions = schema.get("$defs", {})
    here = list(_flat(schema, data, definitions))
    for part in place:
        data = entry_at(data, part)
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
    if isinstance(tag, str) and tag in tagged.get("mapping", {}):
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
        patterns = schema.get("patternProperties", {}).items()
        options = [below for pattern, below in patterns if re.search(pattern, part)]
        options.append(schema.get("additionalProperties"))
    yield from (option for option in options if isinstance(option, Mapping))


def leads_on(data: object, part: str | int) -> bool:
    """Whether a key or index leads from a value to another one."""
    if isinstance(data, dict):
        return part in data
    return isinstance(data, list) and isinstance(part, int) and part < len(data)


def entry_at(data: Any, part: str | int) -> object:
    """The value that a key or index leads to; None if it leads nowhere."""
    return data[part] if leads_on(data, part) else None
