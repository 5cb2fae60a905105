"""Schemes and the grades that results earn under them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from examrunner.model.score import Points, Verdict
from examrunner.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One task's share of a scheme.

    Attributes:
        task: Task id.
        weight: Relative weight, above 0.
        minimum: Points below which the whole scheme fails.
    """

    task: str
    weight: Decimal
    minimum: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of a certificate.

    Attributes:
        id: ``advanced``.
        title: For people.
        from_points: Points from which it is reached.
    """

    id: str
    title: Text
    from_points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The course that takes a grade, and how points become its grade.

    Attributes:
        id: ``ICV-301``.
        title: For people.
        scale: (points, course grade) pairs, rising; straight lines between them.
        failed_at_most: Highest course grade of a candidate who fails the scheme;
            None for no such limit.
    """

    id: str
    title: Text
    scale: tuple[tuple[Decimal, Decimal], ...]
    failed_at_most: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How results become a certificate and a course grade; data, never code.

    Attributes:
        id: ``icv-testing-calibration``.
        revision: Counts up.
        digest: Of the file.
        title: Name of the certificate.
        course: Course that takes the grade.
        levels: Highest first; points below the last one fail.
        components: Tasks with weight and minimum.
        attempts: Which of several attempts at a task counts: ``best``, ``latest`` or
            ``first``.
        skills: Skill ids of the standard with their wording, parents before children;
            a child's id is its parent's, a dot and more.
    """

    id: str
    revision: int
    digest: str
    title: Text
    course: Course
    levels: tuple[Level, ...]
    components: tuple[Component, ...]
    attempts: str = "best"
    skills: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A confirmed score of one candidate for one task."""

    candidate: str
    task: str
    attempt_id: str
    points: Points
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What a candidate has earned under a scheme.

    Attributes:
        candidate: Candidate code.
        scheme: Scheme id and digest.
        course: Id of the course that takes it.
        points: Weighted mean, 0 to 100, rounded half up to 0.1; None while open.
        course_grade: Grade in the course, to 0.1; None while open.
        level: Id of the highest level reached; empty if failed or open.
        passed: None while a component is missing or undecided.
        reasons: Why: one sentence per component, then one about the whole.
    """

    candidate: str
    scheme: str
    course: str
    points: Decimal | None
    level: str
    passed: bool | None
    course_grade: Decimal | None = None
    reasons: tuple[Text, ...] = ()
