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
class Scheme:
    """How results become a certificate and a course grade; data, never code.

    Attributes:
        id: ``icv-testing-calibration``.
        revision: Counts up.
        digest: Of the file.
        title: Name of the certificate.
        course: Course that takes the grade.
        levels: Level names with their cut score, highest first.
        components: Tasks with weight and minimum.
        skills: Skill ids of the standard with their wording.
    """

    id: str
    revision: int
    digest: str
    title: Text
    course: str
    levels: tuple[tuple[str, Decimal], ...]
    components: tuple[Component, ...]
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
        course: Course that takes it.
        points: Weighted mean, 0 to 100, rounded half up to 0.1; None while open.
        level: Highest level reached; empty if failed or open.
        passed: None while a component is missing or undecided.
        reasons: Why, one entry per component, as (task, explanation key, values).
    """

    candidate: str
    scheme: str
    course: str
    points: Decimal | None
    level: str
    passed: bool | None
    reasons: tuple[str, ...] = ()
