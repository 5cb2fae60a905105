"""rubrics/<scheme>/scheme.yaml as a model value."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal

from annotated_types import Gt
from pydantic import Field, StringConstraints, TypeAdapter

from examrunner.content.documents import (
    Document,
    parse_document,
    read_as,
    read_document,
)
from examrunner.content.entries import Entry, Name, Points, Positive, TextEntry
from examrunner.content.schema_keys import Place
from examrunner.content.search import SearchPath
from examrunner.model.digests import digest_of
from examrunner.model.grade import Component, Course, Level, Scheme
from examrunner.model.text import Text

Task = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
SkillId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$")]


class ComponentEntry(Entry):
    """One task's share."""

    task: Task
    weight: Annotated[Decimal, Gt(0)]
    minimum: Points


class LevelEntry(Entry):
    """One level."""

    id: Name
    title: TextEntry
    from_points: Points = Field(alias="from")


class CourseEntry(Entry):
    """The course that takes the grade."""

    id: Name
    title: TextEntry
    scale: Annotated[tuple[tuple[Points, Points], ...], Field(min_length=2)]
    failed_at_most: Points | None = None


class SkillEntry(Entry):
    """A skill with what belongs to it."""

    title: TextEntry
    skills: dict[SkillId, "SkillEntry"] = Field(default_factory=dict)


class SchemeFile(Entry):
    """scheme.yaml."""

    id: Name
    revision: Positive
    title: TextEntry
    components: Annotated[tuple[ComponentEntry, ...], Field(min_length=1)]
    attempts: Literal["best", "latest", "first"]
    levels: Annotated[tuple[LevelEntry, ...], Field(min_length=1)]
    course: CourseEntry
    skills: dict[SkillId, SkillEntry] = Field(default_factory=dict)


SCHEME: Final = TypeAdapter(SchemeFile)


def read_scheme(name: str, path: SearchPath) -> Scheme:
    """The scheme of that name.

    Raises:
        ContentError: If the file is missing or wrong.
    """
    document = read_document(path.find("scheme", name))
    entry = read_as(SCHEME, document)
    if entry.id != document.path.parent.name:
        raise document.fail(
            f"the scheme calls itself '{entry.id}'.",
            f"Write 'id: {document.path.parent.name}', the name of its folder.",
            ("id",),
        )
    return _scheme(entry, document)


def parse_scheme(content: bytes, path: Path) -> Scheme:
    """A scheme from the bytes of its file, for example as the service keeps it.

    Args:
        content: Of ``scheme.yaml``.
        path: What errors call the file.

    Raises:
        ContentError: If it is wrong.
    """
    document = parse_document(content, path)
    return _scheme(read_as(SCHEME, document), document)


def _scheme(entry: SchemeFile, document: Document) -> Scheme:
    _check(entry, document)
    return Scheme(
        id=entry.id,
        revision=entry.revision,
        digest=digest_of(document.content),
        title=entry.title.text(),
        course=Course(
            id=entry.course.id,
            title=entry.course.title.text(),
            scale=entry.course.scale,
            failed_at_most=entry.course.failed_at_most,
        ),
        levels=tuple(
            Level(id=level.id, title=level.title.text(), from_points=level.from_points)
            for level in entry.levels
        ),
        components=tuple(Component(**c.model_dump()) for c in entry.components),
        attempts=entry.attempts,
        skills=dict(_skills(entry.skills)),
    )


def _skills(entries: Mapping[str, SkillEntry]) -> Iterator[tuple[str, Text]]:
    for key, entry in entries.items():
        yield key, entry.title.text()
        yield from _skills(entry.skills)


def _check(entry: SchemeFile, document: Document) -> None:
    _check_twice([c.task for c in entry.components], "components", "task", document)
    _check_twice([level.id for level in entry.levels], "levels", "id", document)
    for number, (high, low) in enumerate(pairwise(entry.levels), 1):
        if high.from_points <= low.from_points:
            raise document.fail(
                f"level '{low.id}' is not below '{high.id}'.",
                "List the levels with the highest first.",
                ("levels", number, "from"),
            )
    _check_scale(entry.course.scale, document)
    _check_skills(entry.skills, document, ("skills",), "")


def _check_scale(
    scale: tuple[tuple[Decimal, Decimal], ...], document: Document
) -> None:
    for number, (left, right) in enumerate(pairwise(scale), 1):
        if left[0] >= right[0] or left[1] > right[1]:
            raise document.fail(
                "the scale of the course falls or stands still.",
                "List the pairs with rising points; grades may not fall.",
                ("course", "scale", number),
            )
    if (scale[0][0], scale[-1][0]) != (Decimal(0), Decimal(100)):
        raise document.fail(
            "the scale of the course does not reach from 0 to 100 points.",
            "Begin with a pair for 0 points and end with one for 100.",
            ("course", "scale"),
        )


def _check_twice(
    names: Collection[str], key: str, field: str, document: Document
) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            raise document.fail(
                f"'{name}' stands twice under {key}.",
                "Remove one of them.",
                (key, number, field),
            )
        seen.add(name)


def _check_skills(
    entries: Mapping[str, SkillEntry], document: Document, place: Place, parent: str
) -> None:
    for key, entry in entries.items():
        if parent and not key.startswith(f"{parent}."):
            raise document.fail(
                f"skill '{key}' stands below '{parent}'.",
                f"Begin its id with '{parent}.', or move it.",
                (*place, key),
            )
        _check_skills(entry.skills, document, (*place, key, "skills"), key)
