"""Where content lies, and which file wins."""

import importlib.metadata
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.content.mistakes import nearest
from examrunner.model.errors import ContentError

PATTERNS: Final = {
    "dbc": "dbc/*.dbc",
    "ecus": "stations/*/ecus.yaml",
    "rig": "stations/*/rig.yaml",
    "rubric": "rubrics/*/*/rubric.yaml",
    "scheme": "rubrics/*/scheme.yaml",
    "sheet": "rubrics/*/*/sheet.*.md",
    "station": "stations/*/profiles/*.yaml",
}
"""Kind of content to where its files lie below a root."""

FOLDERS: Final = ("stations", "rubrics", "dbc")
ENTRY_POINTS: Final = "examrunner.content"
PACKAGE: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One piece of content.

    Attributes:
        kind: A key of ``PATTERNS``.
        name: Full name, for example ``icv-testing-calibration/C01``.
        path: The file that wins.
        hides: Files of the same name further back, in order.
    """

    kind: str
    name: str
    path: Path
    hides: tuple[Path, ...] = ()

    @property
    def short_name(self) -> str:
        """The name without its folder, for example ``C01``."""
        return self.name.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPath:
    """Content folders in order: the first that has a file wins with the whole file.

    Attributes:
        roots: Folders that hold ``stations/``, ``rubrics/`` and ``dbc/``.
    """

    roots: tuple[Path, ...]

    @classmethod
    def of(cls, roots: Sequence[Path] = ()) -> "SearchPath":
        """The given folders, then installed content packages, then what is built in.

        Raises:
            ContentError: If a folder holds no content.
        """
        given = tuple(_checked(root.absolute()) for root in roots)
        return cls(roots=(*given, *_installed(), built_in()))

    def list(self, kind: str) -> tuple[Found, ...]:
        """Everything of one kind, by name.

        Raises:
            ContentError: If there is no such kind.
        """
        if kind not in PATTERNS:
            raise ContentError(
                f"there is no kind of content called '{kind}'.",
                where="command line",
                remedy=nearest(kind, PATTERNS),
            )
        found: dict[str, list[Path]] = {}
        for name, path in self._files(kind):
            found.setdefault(name, []).append(path)
        return tuple(
            Found(kind=kind, name=name, path=paths[0], hides=tuple(paths[1:]))
            for name, paths in sorted(found.items())
        )

    def lookup(self, kind: str, name: str) -> Found:
        """The piece with that full or short name.

        Raises:
            ContentError: If there is none, or more than one.
        """
        listed = self.list(kind)
        matches = [f for f in listed if f.name == name] or [
            f for f in listed if f.short_name == name
        ]
        if len(matches) == 1:
            return matches[0]
        names = [f.name for f in matches or listed]
        raise ContentError(
            f"there {'is no' if not matches else 'is more than one'} {kind} '{name}'.",
            where=", ".join(map(str, self.roots)),
            remedy=nearest(name, names)
            if names
            else "Add one, or name its folder with --content.",
        )

    def find(self, kind: str, name: str) -> Path:
        """The file with that full or short name.

        Raises:
            ContentError: See ``lookup``.
        """
        return self.lookup(kind, name).path

    def _files(self, kind: str) -> Iterator[tuple[str, Path]]:
        for root in self.roots:
            for path in sorted(root.glob(PATTERNS[kind])):
                yield _name(kind, path), path


def built_in() -> Path:
    """The content that comes with the program: in the wheel, else the checkout."""
    shipped = PACKAGE / "_content"
    return shipped if shipped.is_dir() else PACKAGE.parent


def _name(kind: str, path: Path) -> str:
    match kind:
        case "dbc":
            return path.name
        case "station":
            return f"{path.parents[1].name}/{path.stem}"
        case "sheet":
            task = path.parent
            return f"{task.parent.name}/{task.name}.{path.name.split('.')[1]}"
        case "rubric":
            return f"{path.parents[1].name}/{path.parent.name}"
        case _:
            return path.parent.name


def _checked(root: Path) -> Path:
    if not any((root / folder).is_dir() for folder in FOLDERS):
        raise ContentError(
            f"this folder holds none of {', '.join(FOLDERS)}.",
            where=str(root),
            remedy="Name the folder that contains them.",
        )
    return root


def _installed() -> Iterator[Path]:
    for point in sorted(importlib.metadata.entry_points(group=ENTRY_POINTS)):
        package = importlib.util.find_spec(point.module)
        if package is None or not package.submodule_search_locations:
            raise ContentError(
                f"the installed content '{point.name}' is no package with files.",
                where=f"entry point {ENTRY_POINTS}: {point.value}",
                remedy="Re-install the package that provides it, or remove it.",
            )
        yield _checked(Path(next(iter(package.submodule_search_locations))))
