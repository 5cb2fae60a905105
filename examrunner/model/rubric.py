"""A task as its teacher wrote it: what is asked, what is judged, for how much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence
from examrunner.model.text import Text


class Criterion(Protocol):
    """A pure question about a timeline; its class is named after what it asks."""

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question.

        Raises:
            MissingError: If a track it needs was not recorded.
        """

    def rule(self) -> Sentence:
        """The question as the sentence that an examiner reads out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Evidence gate: without the named criterion this one is worth less."""

    criterion: str
    min_fraction: float
    else_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalLimit:
    """Where one criterion fails the whole task.

    Attributes:
        rule: ``f_is_zero`` (nothing earned), ``value_above``, ``value_below`` (of the
            measured value), or the name of a limit that the kind itself watches, for
            example ``never_settles``.
        value: Limit of the measured value, exclusive; None for the other rules.
    """

    rule: str
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One criterion of a rubric with its points.

    Attributes:
        id: ``B3``; unique within the rubric.
        kind: Criterion kind, for example ``signal_range``.
        points: What it is worth.
        title: What the result sheet calls it.
        criterion: The question.
        digest: Of everything that decides its judgement; keys caches.
        gate: Evidence gate, if any.
        critical: Whether a broken critical limit fails the task.
        critical_limit: That limit; None without one.
        when: Variants it applies to; empty for all.
        on_missing: ``review`` (default), ``fail``, ``pass`` or ``na``.
        visible_to_candidate: ``none``, ``verdict`` or ``full``.
        skills: Skills of the scheme's standard that it shows.
    """

    id: str
    kind: str
    points: Decimal
    title: Text
    criterion: Criterion
    digest: str
    gate: Gate | None = None
    critical: bool = False
    critical_limit: CriticalLimit | None = None
    when: tuple[str, ...] = ()
    on_missing: str = "review"
    visible_to_candidate: str = "full"
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Criteria that share a cap, for example safety and preparation."""

    id: str
    title: Text
    points: Decimal
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """Something that zeroes the score once an examiner confirms it.

    Attributes:
        code: ``V5``; unique within the rubric.
        title: What the result sheet calls it.
        criterion: What must not be seen.
        digest: Of everything that decides its judgement; keys caches.
        when: Variants it applies to; empty for all.
    """

    code: str
    title: Text
    criterion: Criterion
    digest: str
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """Points off for each occurrence, up to a cap; may escalate to a veto."""

    id: str
    title: Text
    criterion: Criterion
    digest: str
    group: str
    points: Decimal
    cap: Decimal
    then_veto_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the answer form.

    Attributes:
        id: Name in answers and rubrics.
        type: ``number``, ``text``, ``choice``, ``multi``, ``dtc``, ``table``, ``file``.
        label: What the candidate reads.
        unit: Assumed where the candidate types none.
        options: Values of a choice with their labels.
        rows: Row keys of a table with their labels.
        mandatory: Whether the form is complete without it.
        tool: Tool of the station that can make a file: ``camera_calibration``.
        camera: Camera whose stills that tool uses.
    """

    id: str
    type: str
    label: Text
    unit: str = ""
    options: Mapping[str, Text] = field(default_factory=dict)
    rows: Mapping[str, Text] = field(default_factory=dict)
    mandatory: bool = True
    tool: str = ""
    camera: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One secret version of a task.

    Attributes:
        id: Name within the rubric.
        pool: ``exam`` or ``practice``; the two are disjoint.
        inject: Fault-box commands that set it up, in order.
        truth: What is true of the rig then; answer keys refer to it.
        rig: Parameters of the simulated rig that differ, for example a camera.
    """

    id: str
    pool: str
    inject: tuple[Mapping[str, object], ...] = ()
    truth: Mapping[str, object] = field(default_factory=dict)
    rig: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """Cut scores of a rubric, in points of ``max_points``."""

    passing: Decimal
    good: Decimal | None = None
    excellent: Decimal | None = None
    fail_cap: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """A complete task.

    Attributes:
        id: ``C06``.
        revision: Counts up with every published change.
        digest: Of the whole file.
        title: Name of the task.
        rig: Rig type it runs on.
        limit_s: Time limit in exam time.
        post_s: Longest time for the agent's own reads after the stop.
        form: Answer form.
        variants: By id.
        groups: In order of the result sheet.
        vetoes: In order of code.
        deductions: In order of id.
        cuts: Where the verdict changes.
        group_minima: Share of a group's points below which the task fails.
        watch: Signals that the station shows live and the page plots.
        holds: Seconds that values of a signal stay valid, where its database names no
            time or the rubric knows better.
    """

    id: str
    revision: int
    digest: str
    title: Text
    rig: str
    limit_s: float
    post_s: float
    form: tuple[Field, ...]
    variants: Mapping[str, Variant]
    groups: tuple[Group, ...]
    cuts: Cuts
    vetoes: tuple[Veto, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    group_minima: Mapping[str, float] = field(default_factory=dict)
    watch: tuple[str, ...] = ()
    holds: Mapping[str, float] = field(default_factory=dict)

    @property
    def max_points(self) -> Decimal:
        """What the whole task is worth."""
        return sum((group.points for group in self.groups), Decimal(0))

    def lines(self) -> tuple[Line, ...]:
        """All criteria in order."""
        return tuple(line for group in self.groups for line in group.lines)
