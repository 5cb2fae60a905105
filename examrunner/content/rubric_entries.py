"""What surrounds the criteria in a rubric.yaml, as pydantic types."""

from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from annotated_types import Ge, Gt, Le
from pydantic import Field, JsonValue, Strict, StringConstraints, model_validator

from examrunner.content.entries import Entry, Name, Points, Positive, TextEntry
from examrunner.model.rubric import Cuts
from examrunner.model.rubric import Field as FormField

Fraction = Annotated[float, Ge(0), Le(1)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]*$")]
FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
CriterionKeys = dict[str, Any]
"""A criterion as it was read; its kind says which keys it may have."""

CRITERION_FRAME: Final = frozenset(
    {
        "id", "kind", "points", "title", "use", "when", "on_missing", "critical",
        "requires", "visible_to_candidate", "skills",
    }
)  # fmt: skip
VETO_FRAME: Final = frozenset({"code", "kind", "title", "use", "when"})
DEDUCTION_FRAME: Final = frozenset(
    {"id", "kind", "title", "use", "group", "points", "cap", "then_veto_at"}
)


class GateEntry(Entry):
    """Evidence without which a criterion is worth less."""

    criterion: Id
    min_fraction: Fraction
    else_factor: Fraction


class ValueAbove(Entry):
    """Critical above a measured value."""

    value_above: float


class ValueBelow(Entry):
    """Critical below a measured value."""

    value_below: float


Critical = Literal["f_is_zero", "never_settles"] | ValueAbove | ValueBelow


class LineEntry(Entry):
    """The frame of one criterion."""

    id: Id
    kind: str
    points: Points
    title: TextEntry
    when: tuple[Name, ...] = ()
    on_missing: Literal["review", "fail", "pass", "na"] = "review"
    critical: Critical | None = None
    requires: GateEntry | None = None
    visible_to_candidate: Literal["none", "verdict", "full"] = "full"
    skills: tuple[str, ...] = ()


class VetoEntry(Entry):
    """The frame of one veto."""

    code: Id
    kind: str
    title: TextEntry
    when: tuple[Name, ...] = ()


class DeductionEntry(Entry):
    """The frame of one deduction."""

    id: Id
    kind: str
    title: TextEntry
    group: Id
    points: Annotated[Decimal, Gt(0)]
    cap: Annotated[Decimal, Gt(0)]
    then_veto_at: Positive | None = None


class GroupEntry(Entry):
    """One group of criteria."""

    id: Id
    title: TextEntry
    points: Points
    criteria: Annotated[tuple[CriterionKeys, ...], Field(min_length=1)]


class FieldEntry(Entry):
    """One field of the answer form."""

    id: FieldName
    type: Literal["number", "text", "choice", "multi", "dtc", "table", "file"]
    label: TextEntry
    unit: str = ""
    options: dict[str, TextEntry] = Field(default_factory=dict)
    rows: dict[str, TextEntry] = Field(default_factory=dict)
    mandatory: Annotated[bool, Strict()] = True
    tool: Literal["", "camera_calibration"] = ""
    camera: str = ""

    @model_validator(mode="after")
    def _tool_has_its_camera(self) -> Self:
        if self.tool and (self.type != "file" or not self.camera):
            raise ValueError("a tool needs a field of type file and a camera")
        return self

    def field(self) -> FormField:
        """As the model has it."""
        return FormField(
            id=self.id,
            type=self.type,
            label=self.label.text(),
            unit=self.unit,
            options={key: label.text() for key, label in self.options.items()},
            rows={key: label.text() for key, label in self.rows.items()},
            mandatory=self.mandatory,
            tool=self.tool,
            camera=self.camera,
        )


class VariantEntry(Entry):
    """One secret version of the task."""

    pool: Literal["exam", "practice"]
    inject: tuple[dict[str, JsonValue], ...] = ()
    truth: dict[str, JsonValue] = Field(default_factory=dict)
    rig: dict[str, JsonValue] = Field(default_factory=dict)


class CutsEntry(Entry):
    """Where the verdict changes."""

    passing: Points = Field(alias="pass")
    good: Points | None = None
    excellent: Points | None = None
    fail_cap: Points

    def cuts(self) -> Cuts:
        """As the model has it."""
        return Cuts(
            passing=self.passing,
            good=self.good,
            excellent=self.excellent,
            fail_cap=self.fail_cap,
        )


class RubricFile(Entry):
    """rubric.yaml."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
    revision: Positive
    title: TextEntry
    rig: Name
    limit_s: Annotated[float, Gt(0)]
    post_s: Annotated[float, Ge(0)]
    watch: tuple[str, ...] = ()
    holds: dict[str, Annotated[float, Gt(0)]] = Field(default_factory=dict)
    cuts: CutsEntry
    group_minima: dict[Id, Fraction] = Field(default_factory=dict)
    defs: dict[FieldName, JsonValue] = Field(default_factory=dict)
    form: tuple[FieldEntry, ...] = ()
    variants: Annotated[dict[Name, VariantEntry], Field(min_length=1)]
    groups: Annotated[tuple[GroupEntry, ...], Field(min_length=1)]
    vetoes: tuple[CriterionKeys, ...] = ()
    deductions: tuple[CriterionKeys, ...] = ()
