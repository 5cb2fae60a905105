"""An exam from content: rubrics, sheets and scheme pinned, variants drawn."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath
from examrunner.model.digests import canonical_json
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Rubric, Variant
from examrunner.model.station import Rig
from examrunner.service.context import Service
from examrunner.service.identifiers import new_nonce
from examrunner.service.messages import ExamMessage, ExamRequest
from examrunner.service.pinned import pinned_scheme, rubric_of
from examrunner.service.planning import PlannedTask, Turn, plan_turns
from examrunner.service.refusals import UnusableError
from examrunner.service.store.exams import ExamPlan, Place, Seat, TaskFiles

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    rubric: Rubric
    files: TaskFiles


def create_exam(service: Service, request: ExamRequest, *, by: str) -> ExamMessage:
    """Plan every attempt of an exam.

    Raises:
        ContentError: If the content cannot be used, or lacks a task or variant.
        UnknownError: If a candidate is nobody.
        UnusableError: If no station has the rig of a task.
    """
    scheme = service.content.find("scheme", request.scheme).read_bytes()
    pinned_scheme(scheme)
    tasks = {task: _task(service.content, request, task) for task in request.tasks}
    entrants = service.store.exams.entrants(request)
    seed = secrets.randbits(63) if request.seed is None else request.seed
    places = service.store.exams.places()
    turns = plan_turns(
        tuple(entrants),
        _planned(request, tasks, places),
        seed=seed,
        lots=entrants,
    )
    plan = ExamPlan(
        seed=seed,
        scheme=scheme,
        tasks={name: task.files for name, task in tasks.items()},
        seats=[
            planned_seat(
                turn,
                tasks[turn.task].rubric,
                read_rig(places[turn.station].rig, service.content),
                places[turn.station].references,
            )
            for turn in turns
        ],
    )
    return service.store.exams.create(request, plan, by=by)


def _task(content: SearchPath, request: ExamRequest, task: str) -> _Task:
    name = f"{request.scheme}/{task}"
    rubric = content.find("rubric", name).read_bytes()
    parsed = rubric_of(rubric)
    sheets = {
        language: content.find("sheet", f"{name}.{language}").read_bytes()
        for language in LANGUAGES
    }
    return _Task(
        rubric=parsed,
        files=TaskFiles(title=parsed.title, rubric=rubric, sheets=sheets),
    )


def _planned(
    request: ExamRequest, tasks: Mapping[str, _Task], places: Mapping[str, Place]
) -> Sequence[PlannedTask]:
    return [
        PlannedTask(
            id=name,
            stations=_stations(request, task.rubric, places),
            variants=_variants(request, task.rubric),
        )
        for name, task in tasks.items()
    ]


def _stations(
    request: ExamRequest, rubric: Rubric, places: Mapping[str, Place]
) -> Sequence[str]:
    found = [
        name
        for name in request.stations
        if name in places and places[name].rig == rubric.rig
    ]
    if not found:
        raise UnusableError(
            f"task {rubric.id} needs a rig of type {rubric.rig}, and none of the "
            "stations has one.",
            where="stations",
            remedy=f"Add a station of that type: examrunner service enrol-code NAME "
            f"--rig {rubric.rig}.",
        )
    return found


def _variants(request: ExamRequest, rubric: Rubric) -> Sequence[str]:
    chosen = request.variants.get(rubric.id)
    if chosen is None:
        # Practice never shows what an exam may draw.
        pool = "exam" if request.mode == "exam" else "practice"
        return [one.id for one in rubric.variants.values() if one.pool == pool]
    if chosen not in rubric.variants:
        raise ContentError(
            f"task {rubric.id} has no variant called '{chosen}'.",
            where=f"variants.{rubric.id}",
            remedy=f"Use one of: {', '.join(rubric.variants)}.",
        )
    return [chosen]


def planned_seat(
    turn: Turn, rubric: Rubric, rig: Rig, measured: Mapping[str, JsonValue]
) -> Seat:
    """An attempt to be, with the secrets of its variant."""
    nonce = new_nonce()
    variant = rubric.variants[turn.variant]
    case = canonical_json(
        {
            "task": rubric.id,
            "variant": variant.id,
            "truth": dict(variant.truth),
            "reference": {**simulated_cameras(variant, rig), **measured},
            "challenge": nonce,
        }
    )
    return Seat(
        candidate=turn.candidate,
        task=turn.task,
        station=turn.station,
        variant=turn.variant,
        nonce=nonce,
        case=case,
    )


def simulated_cameras(variant: Variant, rig: Rig) -> dict[str, object]:
    """Intrinsics of the cameras that a variant gives a simulated rig.

    On a real rig the technician's measurement of the camera goes before them.
    """
    cameras = variant.rig.get("cameras")
    if not isinstance(cameras, Mapping):
        return {}
    sizes = {camera.name: camera.size_px for camera in rig.cameras}
    return {
        f"{name}_intrinsics": {**model, "size_px": list(sizes[name])}
        for name, model in cameras.items()
        if name in sizes and isinstance(model, Mapping)
    }
