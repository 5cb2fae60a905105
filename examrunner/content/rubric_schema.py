"""The JSON Schema of rubric.yaml, put together from the types that read it."""

from typing import Any, Final

from pydantic import TypeAdapter

from examrunner.content.entries import Entry
from examrunner.content.rubric_criteria import INNER, adapter_of, takes_inner
from examrunner.content.rubric_entries import (
    DeductionEntry,
    LineEntry,
    RubricFile,
    VetoEntry,
)
from examrunner.criteria.registry import KINDS

Schema = dict[str, Any]

NAME: Final[Schema] = {"type": "string", "pattern": r"^\$"}
"""A name under ``defs``, or a secret of the variant, may stand for any value."""
FRAMES: Final[dict[str, type[Entry]]] = {
    "line": LineEntry,
    "veto": VetoEntry,
    "deduction": DeductionEntry,
}


def rubric_schema() -> Schema:
    """The JSON Schema that completes and checks a rubric in an editor."""
    schema: Schema = TypeAdapter(RubricFile).json_schema()
    definitions: Schema = schema["$defs"]
    for kind in KINDS:
        definitions |= _parts_of(kind)
    for name, entry in FRAMES.items():
        frame: Schema = TypeAdapter(entry).json_schema()
        definitions |= {
            key: _with_names(part) for key, part in frame.pop("$defs", {}).items()
        }
        definitions[name] = _any_kind(definitions, frame)
    definitions["inner"] = _any_kind(definitions, {})
    groups = definitions["GroupEntry"]["properties"]["criteria"]
    groups["items"] = {"$ref": "#/$defs/line"}
    schema["properties"]["vetoes"]["items"] = {"$ref": "#/$defs/veto"}
    schema["properties"]["deductions"]["items"] = {"$ref": "#/$defs/deduction"}
    return schema


def _any_kind(definitions: Schema, frame: Schema) -> Schema:
    found = [_criterion(kind, definitions[f"kind.{kind}"], frame) for kind in KINDS]
    return {"oneOf": found}


def _parts_of(kind: str) -> Schema:
    """The types of one kind; its own stands under ``kind.<kind>``."""
    found: Schema = adapter_of(kind).json_schema()
    parts: Schema = found.get("$defs", {})
    own = found["items"]["$ref"].rsplit("/", 1)[-1]
    named = {name: _with_names(part) for name, part in parts.items()}
    return {**named, f"kind.{kind}": named[own]}


def _with_names(part: Schema) -> Schema:
    """Lets a name stand for every value of an object."""
    if "properties" not in part:
        return part
    properties = {key: _or_name(value) for key, value in part["properties"].items()}
    return {**part, "properties": properties}


def _or_name(value: Schema) -> Schema:
    """A value, or a name; of a list each entry too."""
    if isinstance(value.get("items"), dict):
        value = {**value, "items": {"anyOf": [value["items"], NAME]}}
    return {"anyOf": [value, NAME]}


def _criterion(kind: str, own: Schema, frame: Schema) -> Schema:
    """A criterion of one kind within a frame; ``use`` may bring any of its keys."""
    properties = {
        **{k: _or_name(v) for k, v in frame.get("properties", {}).items()},
        **own["properties"],
        "kind": {"const": kind},
    }
    if frame:
        properties["use"] = {"type": "string"}
    if takes_inner(kind):
        inner = {"type": "array", "items": {"$ref": "#/$defs/inner"}, "minItems": 1}
        properties[INNER] = inner
    return {
        "title": kind,
        "description": own.get("description", ""),
        "type": "object",
        "properties": properties,
        "required": ["kind", *(k for k in frame.get("required", ()) if k != "kind")],
        "additionalProperties": False,
    }
