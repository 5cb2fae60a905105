"""Criteria from the keys of a rubric: each kind says which keys it takes."""

import functools
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from examrunner.content.documents import Document
from examrunner.content.mistakes import Place, first_mistake, nearest
from examrunner.criteria.registry import KINDS, class_of
from examrunner.model.rubric import Criterion

CONFIG: Final = ConfigDict(
    extra="forbid",
    allow_inf_nan=False,
    # Keys such as `from` and `while` are Python's words; fields carry an underscore.
    alias_generator=lambda name: name.rstrip("_"),
)
INNER: Final = "of"
"""Key of a criterion that holds further criteria."""


@functools.cache
def adapter_of(kind: str) -> TypeAdapter[list[Any]]:
    """Reads the keys of one kind; a list, because a dataclass takes no options."""
    listed: Any = list[class_of(kind)]  # type: ignore[misc]  # found by name
    return TypeAdapter(listed, config=CONFIG)


@functools.cache
def takes_inner(kind: str) -> bool:
    """Whether a kind holds further criteria."""
    return any(each.name == INNER for each in fields(class_of(kind)))


def criterion_of(
    kind: object, keys: Mapping[str, Any], document: Document, place: Place
) -> Criterion:
    """A criterion of that kind.

    Args:
        kind: What the rubric calls it.
        keys: Its own keys, names already replaced.
        document: The rubric.
        place: Where the criterion stands.

    Raises:
        ContentError: If there is no such kind, or a key is wrong.
    """
    if not isinstance(kind, str) or kind not in KINDS:
        raise document.fail(
            f"there is no criterion kind called '{kind}'.",
            nearest(str(kind), KINDS),
            (*place, "kind"),
        )
    given = dict(keys)
    if takes_inner(kind):
        given[INNER] = _inner(given, document, place)
    adapter = adapter_of(kind)
    try:
        built: Criterion = adapter.validate_python([given])[0]
    except ValidationError as error:
        mistake = first_mistake(error, [given], adapter.json_schema())
        raise document.fail(
            mistake.problem, mistake.remedy, (*place, *mistake.place[1:])
        ) from None
    return built


def _inner(
    given: Mapping[str, Any], document: Document, place: Place
) -> tuple[Criterion, ...]:
    listed = given.get(INNER)
    if not isinstance(listed, list) or not listed:
        raise document.fail(
            f"'{INNER}' must list criteria.", "Give at least one.", (*place, INNER)
        )
    return tuple(
        _inner_criterion(keys, document, (*place, INNER, number))
        for number, keys in enumerate(listed)
    )


def _inner_criterion(keys: object, document: Document, place: Place) -> Criterion:
    if not isinstance(keys, dict):
        raise document.fail(
            "a criterion must hold keys and values.", "Give 'kind' and its keys.", place
        )
    own = {key: value for key, value in keys.items() if key != "kind"}
    return criterion_of(keys.get("kind"), own, document, place)
