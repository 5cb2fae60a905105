"""rubrics/<scheme>/<task>/examples/*.yaml: worked examples as signals and answers."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, Literal

from annotated_types import Gt
from pydantic import Field, JsonValue, TypeAdapter

from examrunner.content.documents import Document, read_as, read_document
from examrunner.content.entries import Entry, Name
from examrunner.content.example_entries import (
    DecisionEntry,
    EditEntry,
    ErrorEntry,
    ExchangeEntry,
    LossEntry,
    MessageEntry,
    OpEntry,
    OutcomeName,
    Seconds,
    SignalEntry,
)
from examrunner.content.example_pictures import (
    BoardEntry,
    BodiesEntry,
    PoseEntry,
    SightingEntry,
    ViewsEntry,
)


class ExampleFile(Entry):
    """One worked example.

    Attributes:
        because: Why it has to come out so; what the test says when it does not.
        profile: Which of the four every rubric needs, or further ones.
        variant: Variant of the rubric.
        lasting_s: Length of the recording.
        start_s: Start of the exam.
        stop_s: Stop of the exam; ``lasting_s`` if left out.
        truth: (time, value) of the fault box's quantities; without a value it cannot
            be measured from then on.
        errors: Error frames by channel: (time, class), or (time, class, end, count) of
            so many after that time, evenly spaced, the last one at the end; a channel
            without any, but with error reporting, has an empty list.
        expect: Outcome by criterion, veto or deduction; lines left out are not checked.
        points: Lowest and highest final points.
        verdict: Verdict.
    """

    because: str
    profile: Literal["competent", "sloppy", "cheating", "missing_evidence", "further"]
    variant: Name
    lasting_s: Annotated[float, Gt(0)]
    start_s: Seconds = 0.0
    stop_s: Seconds | None = None
    reference: dict[str, JsonValue] = Field(default_factory=dict)
    signals: dict[str, SignalEntry] = Field(default_factory=dict)
    messages: dict[str, MessageEntry] = Field(default_factory=dict)
    truth: dict[str, tuple[tuple[Seconds, float | None], ...]] = Field(
        default_factory=dict
    )
    uds: tuple[ExchangeEntry, ...] = ()
    form: tuple[EditEntry, ...] = ()
    ops: tuple[OpEntry, ...] = ()
    sightings: tuple[SightingEntry, ...] = ()
    views: ViewsEntry | None = None
    bodies: BodiesEntry | None = None
    boards: tuple[BoardEntry, ...] = ()
    poses: tuple[PoseEntry, ...] = ()
    losses: tuple[LossEntry, ...] = ()
    errors: dict[Name, tuple[ErrorEntry, ...]] = Field(default_factory=dict)
    decisions: tuple[DecisionEntry, ...] = ()
    expect: dict[str, OutcomeName]
    points: tuple[float, float]
    verdict: Literal["pass", "fail", "veto", "undecided"]


EXAMPLE: Final = TypeAdapter(ExampleFile)


def read_example(path: Path) -> tuple[ExampleFile, Document]:
    """A worked example and the document that errors point into.

    ``like: competent`` begins with that example's content: mappings are joined key by
    key, everything else is replaced.

    Raises:
        ContentError: If the file is wrong.
    """
    document = read_document(path)
    if isinstance(document.data, dict) and "like" in document.data:
        document = _laid_over(document)
    return read_as(EXAMPLE, document), document


def _laid_over(document: Document) -> Document:
    own = dict(document.data)
    name = own.pop("like")
    base = read_document(document.path.parent / f"{name}.yaml").data
    if not isinstance(base, dict) or "like" in base:
        raise document.fail(
            f"'like: {name}' does not lead to a complete example.",
            "Name one that has no 'like' itself.",
            ("like",),
        )
    joined = {
        key: {**base[key], **value} if _both_mappings(base, key, value) else value
        for key, value in own.items()
    }
    return replace(document, data={**base, **joined})


def _both_mappings(base: dict[str, object], key: str, value: object) -> bool:
    return isinstance(value, dict) and isinstance(base.get(key), dict)


def example_files(folder: Path) -> list[Path]:
    """The worked examples of a task folder, by name."""
    return sorted((folder / "examples").glob("*.yaml"))
