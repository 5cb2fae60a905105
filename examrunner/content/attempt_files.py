"""Files that come with one attempt: answers, events, decisions, the case."""

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from annotated_types import Ge, Le
from pydantic import (
    AwareDatetime,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    TypeAdapter,
    model_validator,
)
from pydantic import Strict as StrictType

from examrunner.content.entries import Entry
from examrunner.content.json_files import read_json_as
from examrunner.model.decision import Decision
from examrunner.model.timeline import Edit, Op

NS_PER_S: Final = 1_000_000_000

Seconds = Annotated[float, StrictType(), Ge(0)]
FieldId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class EditEntry(Entry):
    """One change of an answer, at its recording time."""

    t_s: Seconds
    field: FieldId
    value: JsonValue
    submit: bool = False


class EventEntry(Entry):
    """One operation, at its recording time; further keys are the operation's own."""

    model_config = ConfigDict(extra="allow")

    t_s: Seconds
    op: Literal[
        "phase", "start", "pause", "resume", "stop", "inject", "clear", "capture",
        "repair_done", "plug", "examiner_mark", "agent_read", "challenge",
    ]  # fmt: skip


class DecisionEntry(Entry):
    """One examiner's word; exactly one of level, fraction and confirm."""

    criterion: FieldId
    by: FieldId
    at: AwareDatetime
    reason: Words
    level: Annotated[int, StrictType(), Ge(0), Le(3)] | None = None
    fraction: Annotated[float, StrictType(), Ge(0), Le(1)] | None = None
    confirm: bool | None = None

    @model_validator(mode="after")
    def says_one_thing(self) -> Self:
        """Refuses a decision that says nothing, or two things."""
        said = (self.level, self.fraction, self.confirm)
        if sum(value is not None for value in said) != 1:
            raise ValueError("give exactly one of level, fraction and confirm")
        return self


class CaseFile(Entry):
    """The secrets of one attempt."""

    task: FieldId
    variant: FieldId
    truth: dict[str, JsonValue] = Field(default_factory=dict)
    reference: dict[str, JsonValue] = Field(default_factory=dict)
    challenge: Annotated[str, Field(pattern=r"^[0-9a-f]*$")] = ""


Answers = dict[FieldId, JsonValue] | list[EditEntry]

ANSWERS: Final[TypeAdapter[Answers]] = TypeAdapter(Answers)
EVENTS: Final = TypeAdapter(list[EventEntry])
DECISIONS: Final = TypeAdapter(list[DecisionEntry])
CASE: Final = TypeAdapter(CaseFile)


def read_answers(path: Path, *, at_ns: int = 0) -> tuple[Edit, ...]:
    """A candidate's answers: ``{field: value}``, or a list of edits with times.

    Args:
        path: The file.
        at_ns: Recording time of answers that name none.

    Raises:
        ContentError: If the file is wrong.
    """
    found = read_json_as(ANSWERS, path)
    if isinstance(found, dict):
        return tuple(
            Edit(t_ns=at_ns, field=name, value=value) for name, value in found.items()
        )
    return tuple(
        Edit(t_ns=_ns(e.t_s), field=e.field, value=e.value, submit=e.submit)
        for e in sorted(found, key=lambda e: e.t_s)
    )


def read_events(path: Path) -> tuple[Op, ...]:
    """Operations in order of time.

    Raises:
        ContentError: If the file is wrong.
    """
    found = read_json_as(EVENTS, path)
    return tuple(
        Op(t_ns=_ns(event.t_s), name=event.op, body=dict(event.model_extra or {}))
        for event in sorted(found, key=lambda event: event.t_s)
    )


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Examiners' decisions in the order of the file.

    Raises:
        ContentError: If the file is wrong.
    """
    return tuple(
        Decision(
            criterion=entry.criterion,
            by=entry.by,
            at=entry.at.isoformat(),
            reason=entry.reason,
            level=entry.level,
            fraction=entry.fraction,
            confirm=entry.confirm,
        )
        for entry in read_json_as(DECISIONS, path)
    )


def _ns(seconds: float) -> int:
    return round(seconds * NS_PER_S)
