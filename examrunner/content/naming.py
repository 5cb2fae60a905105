"""What somebody means who types a kind or a name."""

from collections.abc import Iterable

from examrunner.content.mistakes import nearest
from examrunner.content.search import PATTERNS, Found, SearchPath
from examrunner.model.errors import ContentError


def named(
    path: SearchPath, name: str | None = None, kind: str | None = None
) -> tuple[Found, ...]:
    """All content of that kind or name, full or short; everything for None.

    Raises:
        ContentError: If nothing is called so.
    """
    if name in PATTERNS and kind is None:
        return path.list(name)
    known = [found for k in ([kind] if kind else PATTERNS) for found in path.list(k)]
    if name is None:
        return tuple(known)
    matches = tuple(f for f in known if name in {f.name, f.short_name})
    if not matches:
        raise ContentError(
            f"there is no content called '{name}'.",
            where=", ".join(map(str, path.roots)),
            remedy=nearest(name, _names(known)),
        )
    return matches


def _names(found: Iterable[Found]) -> set[str]:
    return {f.short_name for f in found}
