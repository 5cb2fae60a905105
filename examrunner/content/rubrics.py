"""rubrics/<scheme>/<task>/rubric.yaml as a model value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from examrunner.content.documents import (
    Document,
    explain,
    parse_document,
    read_as,
    read_document,
)
from examrunner.content.entries import Entry
from examrunner.content.mistakes import Place
from examrunner.content.rubric_checks import check_rubric
from examrunner.content.rubric_criteria import criterion_of
from examrunner.content.rubric_entries import (
    CRITERION_FRAME,
    DEDUCTION_FRAME,
    VETO_FRAME,
    DeductionEntry,
    GroupEntry,
    LineEntry,
    RubricFile,
    ValueAbove,
    ValueBelow,
    VetoEntry,
)
from examrunner.content.rubric_names import unfolded
from examrunner.content.rubric_signals import KnownSignal, check_signals, held
from examrunner.model.digests import canonical_json, digest_of
from examrunner.model.rubric import (
    CriticalLimit,
    Deduction,
    Gate,
    Group,
    Line,
    Rubric,
    Variant,
    Veto,
)

RUBRIC: Final = TypeAdapter(RubricFile)
E = TypeVar("E", bound=Entry)


def read_rubric(path: Path, signals: Mapping[str, KnownSignal] | None = None) -> Rubric:
    """The rubric in a file or task folder.

    Args:
        path: ``rubric.yaml``, or the folder that holds it.
        signals: Signals of the rig's databases by ``Message.Signal``; None to take
            the rubric's word for them.

    Raises:
        ContentError: Names the first mistake with file, line and remedy.
    """
    file = path / "rubric.yaml" if path.is_dir() else path
    return _rubric(read_document(file), signals)


def parse_rubric(
    content: bytes, path: Path, signals: Mapping[str, KnownSignal] | None = None
) -> Rubric:
    """A rubric from bytes, for example a recording's attachment.

    Raises:
        ContentError: See ``read_rubric``.
    """
    return _rubric(parse_document(content, path), signals)


def _rubric(document: Document, signals: Mapping[str, KnownSignal] | None) -> Rubric:
    file = read_as(RUBRIC, document)
    builder = _Builder(document, file)
    rubric = Rubric(
        id=file.id,
        revision=file.revision,
        digest=_digest(document.data),
        title=file.title.text(),
        rig=file.rig,
        limit_s=file.limit_s,
        post_s=file.post_s,
        form=tuple(entry.field() for entry in file.form),
        variants={
            name: Variant(id=name, **entry.model_dump())
            for name, entry in file.variants.items()
        },
        groups=tuple(
            builder.group(group, ("groups", number))
            for number, group in enumerate(file.groups)
        ),
        cuts=file.cuts.cuts(),
        vetoes=tuple(
            builder.veto(keys, ("vetoes", number))
            for number, keys in enumerate(file.vetoes)
        ),
        deductions=tuple(
            builder.deduction(keys, ("deductions", number))
            for number, keys in enumerate(file.deductions)
        ),
        group_minima=file.group_minima,
        watch=file.watch,
        holds=file.holds,
    )
    check_rubric(rubric, document)
    if signals is not None:
        check_signals(builder.seen, held(signals, file.holds), file.rig, document)
    return rubric


class _Builder:
    """Builds the parts of one rubric.

    Attributes:
        seen: Keys of every criterion, names replaced, by place; for later checks.
    """

    def __init__(self, document: Document, file: RubricFile) -> None:
        self.seen: dict[Place, Mapping[str, Any]] = {}
        self._document = document
        self._defs = file.defs
        self._holds = file.holds
        self._mandatory = tuple(f.id for f in file.form if f.mandatory)

    def group(self, entry: GroupEntry, place: Place) -> Group:
        return Group(
            id=entry.id,
            title=entry.title.text(),
            points=entry.points,
            lines=tuple(
                self._line(keys, (*place, "criteria", number))
                for number, keys in enumerate(entry.criteria)
            ),
        )

    def _line(self, keys: Mapping[str, Any], place: Place) -> Line:
        frame, own = self._parted(keys, CRITERION_FRAME, place)
        if "critical" in frame and isinstance(frame["critical"], bool | None):
            raise self._document.fail(
                f"{frame.get('id', 'a criterion')} is critical without a limit.",
                "Say when it fails the task: f_is_zero, never_settles, "
                "{value_above: ...} or {value_below: ...}.",
                (*place, "critical"),
            )
        entry = self._entry(LineEntry, frame, place)
        if entry.kind == "time_used":
            own = {"requires_fields": list(self._mandatory)} | own
        gate = entry.requires
        return Line(
            id=entry.id,
            kind=entry.kind,
            points=entry.points,
            title=entry.title.text(),
            criterion=criterion_of(entry.kind, own, self._document, place),
            digest=_digest_of_line(entry, own, self._holds),
            gate=Gate(**gate.model_dump()) if gate else None,
            critical=entry.critical is not None,
            critical_limit=_critical(entry),
            when=entry.when,
            on_missing=entry.on_missing,
            visible_to_candidate=entry.visible_to_candidate,
            skills=entry.skills,
        )

    def veto(self, keys: Mapping[str, Any], place: Place) -> Veto:
        frame, own = self._parted(keys, VETO_FRAME, place)
        entry = self._entry(VetoEntry, frame, place)
        decides: dict[str, Any] = {"kind": entry.kind, "keys": own}
        if entry.when:
            decides["when"] = list(entry.when)
        return Veto(
            code=entry.code,
            title=entry.title.text(),
            criterion=criterion_of(entry.kind, own, self._document, place),
            digest=digest_of(canonical_json(decides)),
            when=entry.when,
        )

    def deduction(self, keys: Mapping[str, Any], place: Place) -> Deduction:
        frame, own = self._parted(keys, DEDUCTION_FRAME, place)
        entry = self._entry(DeductionEntry, frame, place)
        return Deduction(
            id=entry.id,
            title=entry.title.text(),
            criterion=criterion_of(entry.kind, own, self._document, place),
            digest=digest_of(canonical_json({"kind": entry.kind, "keys": own})),
            group=entry.group,
            points=entry.points,
            cap=entry.cap,
            then_veto_at=entry.then_veto_at,
        )

    def _parted(
        self, keys: Mapping[str, Any], frame: frozenset[str], place: Place
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """The keys of the frame, and those of the kind with names replaced."""
        plain = unfolded(keys, self._defs, self._document, place)
        self.seen[place] = plain
        return (
            {key: value for key, value in plain.items() if key in frame},
            {key: value for key, value in plain.items() if key not in frame},
        )

    def _entry(self, kind: type[E], frame: Mapping[str, Any], place: Place) -> E:
        adapter = TypeAdapter(kind)
        try:
            return adapter.validate_python(frame)
        except ValidationError as error:
            raise explain(error, self._document, place, adapter.json_schema()) from None


def _critical(entry: LineEntry) -> CriticalLimit | None:
    match entry.critical:
        case None:
            return None
        case ValueAbove(value_above=value):
            return CriticalLimit(rule="value_above", value=value)
        case ValueBelow(value_below=value):
            return CriticalLimit(rule="value_below", value=value)
        case str(rule):
            return CriticalLimit(rule=rule)


def _digest_of_line(
    entry: LineEntry, own: Mapping[str, Any], holds: Mapping[str, float]
) -> str:
    decides = entry.model_dump(
        mode="json", include={"kind", "when", "on_missing", "critical"}
    )
    if holds:
        decides["holds"] = dict(holds)
    return digest_of(canonical_json(decides | {"keys": own}))


def _digest(data: Mapping[str, Any]) -> str:
    """Digest of everything but the secrets of the variants.

    Those are in the case; so a recording that carries the rubric without its keys
    gives the same digest.
    """
    pools = {name: entry["pool"] for name, entry in data["variants"].items()}
    return digest_of(canonical_json({**data, "variants": pools}))
