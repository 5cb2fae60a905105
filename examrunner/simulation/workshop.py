"""From a name to a simulated rig: finds descriptions, databases and tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from examrunner.content.mistakes import nearest
from examrunner.content.rigs import read_rig
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Rubric, Variant
from examrunner.model.station import Camera, Rig
from examrunner.simulation.board_camera import BoardCamera, straight_before
from examrunner.simulation.board_lens import BoardLens
from examrunner.simulation.body_camera import BodyCamera
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.pictures import Lens, Lenses, WorkAreaLens
from examrunner.simulation.references import camera_model, camera_placement
from examrunner.simulation.session import Part, Session
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.tape import Tape, TapedLens
from examrunner.simulation.training_rig import build_rig
from examrunner.simulation.work_area import WorkArea
from examrunner.simulation.work_area_camera import WorkAreaCamera

YAML: Final = "application/yaml"
MARKDOWN: Final = "text/markdown"
STAND_DISTANCE_MM: Final = 650.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a simulated rig is made from.

    Attributes:
        station: Station name, or the rig type if no station was named.
        rig: Description of the rig.
        databases: Content of the database of each channel.
        part: What the scripted candidate plays; None without one.
        variant: Of its task; None without a task.
        seed: Decides everything that is random.
        files: Content files that go into a recording, by attachment name.
        cache: Folder for tables that take long to compute.
        tape: What a replayer plays back.
    """

    station: str
    rig: Rig
    databases: Mapping[str, bytes]
    seed: int
    cache: Path
    part: Part | None = None
    variant: Variant | None = None
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    tape: Tape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """One simulated rig, ready to be recorded or listened to."""

    session: Session
    fault_box: FaultBox
    lenses: Lenses


def plan_of(
    name: str,
    search: SearchPath,
    *,
    seed: int,
    cache: Path,
    part: Part | None = None,
    variant: str | None = None,
) -> Plan:
    """The plan for a station, or for a rig type.

    Args:
        name: Station or rig type.
        search: Where content lies.
        seed: Decides everything that is random.
        cache: Folder for tables that take long to compute.
        part: What the scripted candidate plays.
        variant: Variant of its task; None: one of the exam's, by the seed.

    Raises:
        ContentError: If content is missing or wrong.
    """
    rig, station = _described(name, search)
    databases = {
        channel.name: search.find("dbc", channel.database).read_bytes()
        for channel in rig.channels
    }
    files = {
        "rig.yaml": (YAML, search.find("rig", rig.name).read_bytes()),
        "ecus.yaml": (YAML, search.find("ecus", rig.name).read_bytes()),
        **{f"dbc/{name}.dbc": ("text/plain", dbc) for name, dbc in databases.items()},
    }
    chosen = None
    if part is not None:
        rubric = search.find("rubric", part.task)
        task = read_rubric(rubric)
        if task.rig != rig.name:
            raise ContentError(
                f"{task.id} is a task for the rig '{task.rig}', not '{rig.name}'.",
                where=str(rubric),
                remedy=f"Simulate {task.rig}, or one of its stations.",
            )
        chosen = _variant(task, variant, seed)
        part = replace(
            part,
            truth=chosen.truth if chosen else {},
            form=task.form,
            limit_s=task.limit_s,
        )
        files |= _task_files(rubric)
    return Plan(
        station=station,
        rig=rig,
        databases=databases,
        seed=seed,
        cache=cache,
        part=part,
        variant=chosen,
        files=files,
    )


def _described(name: str, search: SearchPath) -> tuple[Rig, str]:
    if name in {found.name for found in search.list("rig")}:
        return read_rig(name, search), name
    station = read_station(name, search)
    return station.rig, station.name


def _variant(task: Rubric, name: str | None, seed: int) -> Variant | None:
    variants = task.variants
    if name is None:
        offered = [v for v in variants.values() if v.pool == "exam"]
        return offered[seed % len(offered)] if offered else None
    if name not in variants:
        raise ContentError(
            f"the task has no variant '{name}'.",
            where=f"rubric {task.id}, variants",
            remedy=nearest(name, variants),
        )
    return variants[name]


def _task_files(rubric: Path) -> Mapping[str, tuple[str, bytes]]:
    names = {"rubric.yaml": YAML, "sheet.zh.md": MARKDOWN, "sheet.en.md": MARKDOWN}
    found = {name: rubric.with_name(name) for name in names}
    return {
        name: (names[name], file.read_bytes())
        for name, file in found.items()
        if file.is_file()
    }


def build(plan: Plan) -> Workshop:
    """The simulated rig of a plan.

    Raises:
        ContentError: If it cannot be simulated.
    """
    differing = plan.variant.rig if plan.variant else {}
    rig = build_rig(plan.rig, plan.databases, plan.seed, differing)
    work_area = WorkArea(rig.base.kernel)
    fault_box = FaultBox(rig)
    lenses = {
        camera.name: _lens(camera, rig.base, work_area, plan)
        for camera in plan.rig.cameras
    }
    if plan.tape is not None:
        pictures = plan.tape.pictures
        lenses = {
            name: TapedLens(lens, pictures.get(name, ()))
            for name, lens in lenses.items()
        }
    session = Session(
        rig,
        work_area=work_area,
        lenses=lenses,
        fault_box=fault_box,
        part=plan.part,
        tape=plan.tape,
    )
    return Workshop(session=session, fault_box=fault_box, lenses=lenses)


def _lens(camera: Camera, base: SimulatedRig, work_area: WorkArea, plan: Plan) -> Lens:
    if camera.role == "targets":
        return BodyCamera(camera, base.bodies, base.streams)
    if camera.board is None:
        return WorkAreaLens(WorkAreaCamera(camera), work_area, base)
    model = camera_model(camera, plan.variant)
    mounted = camera_placement(camera, plan.variant)
    if mounted is not None:
        seeing = replace(
            camera, intrinsics=model, marker_dictionary=_tags_of(plan.rig.cameras)
        )
        return BodyCamera(seeing, base.bodies, base.streams, mounted)
    renderer = BoardCamera(model, camera.board, plan.cache)
    stand = straight_before(camera.board, STAND_DISTANCE_MM)
    return BoardLens(renderer, base.kernel, base.streams, stand)


def _tags_of(cameras: Sequence[Camera]) -> str:
    """Dictionary of the tags on the rig's bodies."""
    return next((c.marker_dictionary for c in cameras if c.role == "targets"), "")
