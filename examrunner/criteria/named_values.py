"""Values of a submitted file by name, whatever the tool that wrote it calls them."""

from collections.abc import Mapping, Sequence

from examrunner.criteria.flow_yaml import Tree


def by_plain_name(tree: Tree) -> Mapping[str, Tree]:
    """Values by plain name; a single wrapping mapping is looked through."""
    while isinstance(tree, dict) and len(tree) == 1:
        (inner,) = tree.values()
        if not isinstance(inner, dict) or "data" in inner:
            break
        tree = inner
    if not isinstance(tree, dict):
        return {}
    return {plain_name(key): value for key, value in tree.items()}


def plain_name(word: str) -> str:
    """A name without case and punctuation.

    >>> plain_name("Camera_Matrix")
    'cameramatrix'
    """
    return "".join(letter for letter in word.lower() if letter.isalnum())


def first_of(values: Mapping[str, Tree], names: Sequence[str]) -> Tree | None:
    """The value of the first of ``names`` that is there."""
    plain = (plain_name(name) for name in names)
    return next((values[p] for p in plain if p in values), None)


def flat_numbers(value: Tree) -> list[float] | None:
    """The numbers of a list, or of a list of rows; None if one is something else.

    A matrix of OpenCV, a mapping with ``data``, is looked through.
    """
    if isinstance(value, dict):
        value = value.get("data", "")
    if not isinstance(value, list):
        return None
    flat: list[float] = []
    for item in value:
        if isinstance(item, bool) or not isinstance(item, int | float | list):
            return None
        inner = [item] if not isinstance(item, list) else item
        if any(isinstance(x, bool) or not isinstance(x, int | float) for x in inner):
            return None
        flat.extend(float(x) for x in inner if isinstance(x, int | float))
    return flat
