"""A task folder as the linter looks at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examrunner.content.criterion_parts import parts
from examrunner.content.documents import Document
from examrunner.content.examples import ExampleFile
from examrunner.content.rubric_signals import KnownSignal, held
from examrunner.content.schema_keys import Place
from examrunner.model.case import Case
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Criterion, CriticalLimit, Rubric
from examrunner.model.score import Score
from examrunner.model.station import Rig
from examrunner.scoring.variants import bound, keys_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A criterion, veto or deduction as one or more variants ask it.

    Attributes:
        id: Criterion id, veto code or deduction id.
        place: Where it stands in the rubric.
        criterion: The question, secrets filled in.
        variants: Variants that ask it so.
        critical: Its critical limit, if any.
    """

    id: str
    place: Place
    criterion: Criterion
    variants: tuple[str, ...]
    critical: CriticalLimit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A rubric with its rig.

    Attributes:
        folder: Of the task.
        rubric: What is asked.
        document: The rubric's file, for lines.
        rig: Rig that it runs on.
        signals: What the rig's databases say, by ``Message.Signal``; hold times are
            the rubric's where it names some.
        asked: Everything it asks.
    """

    folder: Path
    rubric: Rubric
    document: Document
    rig: Rig
    signals: Mapping[str, KnownSignal]
    asked: tuple[Asked, ...]

    @classmethod
    def of(
        cls,
        folder: Path,
        rubric: Rubric,
        document: Document,
        rig: Rig,
        signals: Mapping[str, KnownSignal],
    ) -> "Task":
        """The task, its questions worked out for every variant."""
        return cls(
            folder=folder,
            rubric=rubric,
            document=document,
            rig=rig,
            signals=held(signals, rubric.holds),
            asked=tuple(_asked(rubric)),
        )

    @property
    def messages(self) -> set[str]:
        """Messages of the rig's databases."""
        return {name.partition(".")[0] for name in self.signals if "@" not in name}

    @property
    def nodes(self) -> set[str]:
        """Control units of the rig, by database and by diagnostics."""
        senders = {node for each in self.signals.values() for node in each.senders}
        return senders | {ecu.name for ecu in self.rig.ecus}

    def cycle_s(self, name: str) -> float | None:
        """Cycle of a signal or message; None if it has none or is unknown."""
        known = self.signals.get(name)
        if known is None:
            found = (s for n, s in self.signals.items() if n.partition(".")[0] == name)
            known = next(found, None)
        return known.cycle_s if known else None

    def fail(self, asked: Asked, problem: str, remedy: str, key: str) -> ContentError:
        """The error about one key of a criterion, where the key was written."""
        place = _source(self.document.data, asked.place, key)
        return self.document.fail(f"{asked.id}: {problem}", remedy, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A worked example and how it came out."""

    path: Path
    example: ExampleFile
    document: Document
    score: Score


def _source(data: Mapping[str, Any], place: Place, key: str) -> Place:
    """Where a key was written: in the criterion, or under ``defs``."""
    found: Any = data
    for part in place:
        found = found[part]
    defs = data.get("defs", {})
    if key in found:
        value = found[key]
        name = value[1:] if isinstance(value, str) and value[:1] == "$" else ""
        return ("defs", name) if name in defs else (*place, key)
    name = found.get("use", "")
    if isinstance(defs.get(name), dict) and key in defs[name]:
        return _source(data, ("defs", name), key)
    return place


def _asked(rubric: Rubric) -> Iterator[Asked]:
    everywhere = tuple(rubric.variants)
    for number, group in enumerate(rubric.groups):
        for row, line in enumerate(group.lines):
            place: Place = ("groups", number, "criteria", row)
            once = Asked(
                id=line.id,
                place=place,
                criterion=line.criterion,
                variants=line.when or everywhere,
                critical=line.critical_limit,
            )
            yield from _filled_in(once, rubric)
    for number, veto in enumerate(rubric.vetoes):
        once = Asked(
            id=veto.code,
            place=("vetoes", number),
            criterion=veto.criterion,
            variants=everywhere,
        )
        yield from _filled_in(once, rubric)
    for number, each in enumerate(rubric.deductions):
        once = Asked(
            id=each.id,
            place=("deductions", number),
            criterion=each.criterion,
            variants=everywhere,
        )
        yield from _filled_in(once, rubric)


def _filled_in(once: Asked, rubric: Rubric) -> Iterator[Asked]:
    """The question as it is, or once for each variant whose secrets it names."""
    if not any(keys_named(part) for part in parts(once.criterion)):
        yield once
        return
    for name in once.variants:
        case = Case(variant=name, truth=rubric.variants[name].truth)
        yield Asked(
            id=once.id,
            place=once.place,
            criterion=bound(once.criterion, case),
            variants=(name,),
            critical=once.critical,
        )
