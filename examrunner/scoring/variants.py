"""Secrets of a case, filled into criteria where the rubric names them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from examrunner.criteria.nested import parts_of
from examrunner.model.case import Case
from examrunner.model.errors import MissingError

WHOLE: Final = re.compile(r"^\$variant\.(\w+)$")
WITHIN: Final = re.compile(r"\$\{variant\.(\w+)\}")


def bound(value: Any, case: Case) -> Any:
    """A criterion with ``$variant.key`` and ``${variant.key}`` filled in.

    Raises:
        MissingError: If the case does not know the key.
    """
    if isinstance(value, str):
        return _bound_text(value, case)
    if isinstance(value, tuple):
        return tuple(bound(item, case) for item in value)
    if isinstance(value, Mapping):
        return {key: bound(item, case) for key, item in value.items()}
    changed = {}
    for name, before in parts_of(value):
        after = bound(before, case)
        if after is not before and after != before:
            changed[name] = after
    return replace(value, **changed) if changed else value


def keys_named(value: Any) -> frozenset[str]:
    """The secrets that a criterion names, at any depth."""
    if isinstance(value, str):
        match = WHOLE.match(value)
        return frozenset([match[1]] if match else WITHIN.findall(value))
    if isinstance(value, tuple):
        return frozenset().union(*(keys_named(item) for item in value))
    if isinstance(value, Mapping):
        return frozenset().union(*(keys_named(item) for item in value.values()))
    return frozenset().union(*(keys_named(part) for _, part in parts_of(value)))


def _bound_text(text: str, case: Case) -> object:
    if "$" not in text:
        return text
    match = WHOLE.match(text)
    if match:
        return _frozen(_secret(case, match[1]))
    return WITHIN.sub(lambda found: str(_secret(case, found[1])), text)


def _secret(case: Case, key: str) -> object:
    if key not in case.truth:
        raise MissingError("variant_value", name=key)
    return case.truth[key]


def _frozen(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    return value
