"""Names under ``defs``: ``$name`` stands for a value, ``use: name`` for some keys."""

from collections.abc import Mapping
from typing import Any, Final

from examrunner.content.documents import Document
from examrunner.content.mistakes import Place, nearest

SECRET: Final = "$variant."
DEEPEST: Final = 20


def unfolded(
    keys: Mapping[str, Any], defs: Mapping[str, Any], document: Document, place: Place
) -> dict[str, Any]:
    """The keys of a criterion with every name replaced by what it stands for.

    Raises:
        ContentError: If a name is not defined, or is defined by itself.
    """
    shared: dict[str, Any] = {}
    if "use" in keys:
        found = _defined(keys["use"], defs, document, (*place, "use"))
        if not isinstance(found, dict):
            raise document.fail(
                f"'use: {keys['use']}' does not stand for keys and values.",
                "Define it as a mapping, or write the value at its key.",
                (*place, "use"),
            )
        shared = found
    own = {key: value for key, value in keys.items() if key != "use"}
    merged = shared | own
    return {
        key: _replaced(value, defs, document, (*place, key), 0)
        for key, value in merged.items()
    }


def _replaced(
    value: Any, defs: Mapping[str, Any], document: Document, place: Place, depth: int
) -> Any:
    if depth > DEEPEST:
        raise document.fail(
            "a name is defined by itself.", "Break the circle under 'defs'.", place
        )
    if isinstance(value, dict):
        return {
            key: _replaced(item, defs, document, (*place, key), depth)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [
            _replaced(item, defs, document, (*place, number), depth)
            for number, item in enumerate(value)
        ]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value.startswith((SECRET, "${")):
        return value
    found = _defined(value[1:], defs, document, place)
    return _replaced(found, defs, document, place, depth + 1)


def _defined(
    name: object, defs: Mapping[str, Any], document: Document, place: Place
) -> Any:
    if not isinstance(name, str) or name not in defs:
        raise document.fail(
            f"there is nothing called '{name}' under 'defs'.",
            nearest(str(name), defs),
            place,
        )
    return defs[name]
