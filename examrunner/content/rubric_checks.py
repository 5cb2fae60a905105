"""What is wrong with a rubric beyond its keys: sums, references, limits, variants."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from examrunner.content.criterion_parts import parts
from examrunner.content.documents import Document
from examrunner.content.mistakes import Place, nearest
from examrunner.criteria.answer_order import AnswerOrder
from examrunner.criteria.composite import Composite
from examrunner.criteria.dtc_status import DtcStatus
from examrunner.criteria.event_dwell import EventDwell
from examrunner.criteria.events import Event
from examrunner.criteria.extrinsics_ref import ExtrinsicsRef
from examrunner.criteria.obd_service import ObdService
from examrunner.criteria.references import Reference
from examrunner.criteria.scales import Scale, problem_with
from examrunner.criteria.signal_reach import SignalReach
from examrunner.criteria.signal_relation import SignalRelation
from examrunner.criteria.submitted_poses import PoseSource
from examrunner.criteria.temporal import Temporal
from examrunner.criteria.uds_state import UdsState
from examrunner.criteria.view_diversity import NormalsPart
from examrunner.model.rubric import Group, Line, Rubric
from examrunner.scoring.judging import questions_of
from examrunner.scoring.ordering import asked_in_order
from examrunner.scoring.variants import keys_named

HUNDRED: Final = Decimal(100)
ANY_FIELD: Final = "*"


def check_rubric(rubric: Rubric, document: Document) -> None:
    """Refuse a rubric that contradicts itself.

    Raises:
        ContentError: About the first contradiction.
    """
    _check_ids(rubric, document)
    _check_points(rubric, document)
    for place, line in _placed(rubric):
        _check_line(line, rubric, document, place)
    for number, veto in enumerate(rubric.vetoes):
        _check_when(veto.when, rubric, document, ("vetoes", number))
    _check_parts(rubric, document)
    _check_variants(rubric, document)
    asked_in_order(
        {id_: q.criterion for id_, q in questions_of(rubric).items()},
        str(document.path),
    )


def _placed(rubric: Rubric) -> Iterator[tuple[Place, Line]]:
    for number, group in enumerate(rubric.groups):
        for row, line in enumerate(group.lines):
            yield ("groups", number, "criteria", row), line


def _check_ids(rubric: Rubric, document: Document) -> None:
    ids = [line.id for line in rubric.lines()]
    ids += [veto.code for veto in rubric.vetoes]
    ids += [deduction.id for deduction in rubric.deductions]
    for id_, count in Counter(ids).items():
        if count > 1:
            raise document.fail(
                f"'{id_}' is the id of {count} criteria, vetoes or deductions.",
                "Give each its own.",
                next((p for p, line in _placed(rubric) if line.id == id_), ()),
            )
    groups = {group.id for group in rubric.groups}
    for number, deduction in enumerate(rubric.deductions):
        if deduction.group not in groups:
            raise document.fail(
                f"deduction {deduction.id} names group '{deduction.group}'.",
                nearest(deduction.group, groups),
                ("deductions", number, "group"),
            )
    for id_ in rubric.group_minima:
        if id_ not in groups:
            raise document.fail(
                f"there is no group '{id_}'.",
                nearest(id_, groups),
                ("group_minima", id_),
            )


def _check_points(rubric: Rubric, document: Document) -> None:
    for number, group in enumerate(rubric.groups):
        for variant in rubric.variants:
            found = _points_for(group, variant)
            if found != group.points:
                raise document.fail(
                    f"the criteria of group {group.id} add up to {found:f} points for "
                    f"variant '{variant}', the group has {group.points:f}.",
                    "Change the points of a criterion or of the group.",
                    ("groups", number, "points"),
                )
    if rubric.max_points != HUNDRED:
        raise document.fail(
            f"the groups add up to {rubric.max_points:f} points.",
            "Every task has 100 points.",
            ("groups",),
        )


def _points_for(group: Group, variant: str) -> Decimal:
    applied = (line for line in group.lines if not line.when or variant in line.when)
    return sum((line.points for line in applied), Decimal(0))


def _check_line(line: Line, rubric: Rubric, document: Document, place: Place) -> None:
    if line.gate is not None:
        others = {other.id for other in rubric.lines()} - {line.id}
        if line.gate.criterion not in others:
            raise document.fail(
                f"{line.id} requires '{line.gate.criterion}', which does not exist.",
                nearest(line.gate.criterion, others),
                (*place, "requires", "criterion"),
            )
    _check_when(line.when, rubric, document, place)
    limit = line.critical_limit
    named = limit is not None and limit.rule == "never_settles"
    if named and getattr(line.criterion, "metric", "") != "settle":
        raise document.fail(
            f"{line.id} is critical by 'never_settles', but measures no settling time.",
            "Use f_is_zero, {value_above: ...} or {value_below: ...}.",
            (*place, "critical"),
        )


def _check_when(
    when: tuple[str, ...], rubric: Rubric, document: Document, place: Place
) -> None:
    for variant in when:
        if variant not in rubric.variants:
            raise document.fail(
                f"there is no variant '{variant}'.",
                nearest(variant, rubric.variants),
                (*place, "when"),
            )


def _check_parts(rubric: Rubric, document: Document) -> None:
    """Scales without limits, events and references without one source."""
    everything = [
        *((place, line.criterion, line.id) for place, line in _placed(rubric)),
        *((("vetoes", n), v.criterion, v.code) for n, v in enumerate(rubric.vetoes)),
        *(
            (("deductions", n), d.criterion, d.id)
            for n, d in enumerate(rubric.deductions)
        ),
    ]
    fields_of_form = {each.id for each in rubric.form}
    for place, criterion, id_ in everything:
        for part in parts(criterion):
            problem = _problem_with(part)
            if problem:
                raise document.fail(f"{id_}: {problem}.", "Correct it.", place)
        for name in _form_fields(criterion):
            if name not in fields_of_form:
                raise document.fail(
                    f"{id_} asks for the field '{name}', which the form lacks.",
                    nearest(name, fields_of_form),
                    place,
                )


def _problem_with(part: object) -> str:
    if isinstance(part, Scale):
        return problem_with(part)
    if isinstance(part, Event) and part.sources() != 1:
        return (
            f"an event names {part.sources()} sources; give exactly one of signal, "
            "ops, form, capture, zone, err, uds, step and holds"
        )
    if isinstance(part, Event) and part.signal:
        given = (part.becomes, part.crosses, part.enters, part.leaves)
        if sum(each is not None for each in given) != 1:
            return (
                "an event of a signal needs one of 'becomes', 'crosses', 'enters' and "
                "'leaves'"
            )
    if isinstance(part, SignalRelation) and part.of_two != bool(part.other):
        return (
            "a relation needs 'other' for the statistics corr and circle, and for no "
            "other"
        )
    if isinstance(
        part,
        AnswerOrder
        | Composite
        | EventDwell
        | ExtrinsicsRef
        | NormalsPart
        | PoseSource
        | Temporal,
    ):
        return part.problem()
    if isinstance(part, Reference) and part.sources() != 1:
        return (
            f"a reference names {part.sources()} sources; give exactly one of value, "
            "field, criterion, signal, fib, attachment, frame, crc_of and span"
        )
    if isinstance(part, Reference) and bool(part.frame or part.crc_of) != bool(
        part.data_field
    ):
        return "a reference needs 'data_field' for frame and crc_of, and for no other"
    if isinstance(part, SignalReach) and part.travel_s is not None:
        return _problem_with_travel(part)
    return _problem_with_diagnostics(part)


def _problem_with_travel(part: SignalReach) -> str:
    if part.reached != "in_order" or len(part.targets) != 2:
        return "'travel_s' needs two targets and 'reached: in_order'"
    return ""


def _problem_with_diagnostics(part: object) -> str:
    if isinstance(part, DtcStatus) and part.equals is None and not part.bits:
        return "a status needs 'equals' or 'bits'; as it is any status will do"
    if isinstance(part, UdsState) and part.session is part.security is None:
        return "a uds_state needs 'session' or 'security'; as it is it always holds"
    if isinstance(part, ObdService) and part.value and len(part.pids) != 1:
        return f"a 'value' is read from one parameter, 'pids' names {len(part.pids)}"
    return ""


def _check_variants(rubric: Rubric, document: Document) -> None:
    everything = [*questions_of(rubric).values()]
    if not any(v.truth or v.inject or v.rig for v in rubric.variants.values()):
        return  # The open part of a rubric, as recordings carry it.
    for name, variant in rubric.variants.items():
        for question in everything:
            if question.when and name not in question.when:
                continue
            for key in sorted(keys_named(question.criterion)):
                if key not in variant.truth:
                    raise document.fail(
                        f"variant '{name}' does not say '{key}', which a criterion "
                        "asks for.",
                        nearest(key, variant.truth),
                        ("variants", name, "truth"),
                    )


def _form_fields(criterion: object) -> Iterator[str]:
    for part in parts(criterion):
        for key in ("field", "attachment", "form", "data_field"):
            name = getattr(part, key, "")
            if isinstance(name, str) and name not in {"", ANY_FIELD}:
                yield name
        yield from getattr(part, "requires_fields", None) or ()
