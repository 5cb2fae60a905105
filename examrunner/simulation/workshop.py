"""From a name to a simulated rig: finds descriptions, databases and tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.model.station import Rig
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.pictures import Lens, Lenses, WorkAreaLens
from examrunner.simulation.session import Part, Session
from examrunner.simulation.training_rig import build_rig
from examrunner.simulation.work_area_camera import WorkAreaCamera


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a simulated rig is made from.

    Attributes:
        station: Station name, or the rig type if no station was named.
        rig: Description of the rig.
        databases: Content of the database of each channel.
        part: What the scripted candidate plays; None without one.
        inject: Fault-box commands of the variant.
        seed: Decides everything that is random.
        files: Content files that go into a recording, by attachment name.
        cache: Folder for tables that take long to compute.
    """

    station: str
    rig: Rig
    databases: Mapping[str, bytes]
    seed: int
    cache: Path
    part: Part | None = None
    inject: Sequence[Mapping[str, object]] = ()
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """One simulated rig, ready to be recorded or listened to."""

    session: Session
    fault_box: FaultBox
    lenses: Lenses


def plan_of(
    name: str, search: SearchPath, *, seed: int, cache: Path, part: Part | None = None
) -> Plan:
    """The plan for a station, or for a rig type.

    Raises:
        ContentError: If content is missing or wrong.
    """
    rig, station = _described(name, search)
    databases = {
        channel.name: search.find("dbc", channel.database).read_bytes()
        for channel in rig.channels
    }
    files = {
        "rig.yaml": ("application/yaml", search.find("rig", rig.name).read_bytes()),
        "ecus.yaml": ("application/yaml", search.find("ecus", rig.name).read_bytes()),
        **{f"dbc/{name}.dbc": ("text/plain", dbc) for name, dbc in databases.items()},
    }
    return Plan(
        station=station,
        rig=rig,
        databases=databases,
        seed=seed,
        cache=cache,
        part=part,
        files=files,
    )


def _described(name: str, search: SearchPath) -> tuple[Rig, str]:
    rigs = {found.name for found in search.list("rig")}
    if name in rigs:
        return read_rig(name, search), name
    station = read_station(name, search)
    return station.rig, station.name


def build(plan: Plan) -> Workshop:
    """The simulated rig of a plan.

    Raises:
        ContentError: If it cannot be simulated.
    """
    rig = build_rig(plan.rig, plan.databases, plan.seed)
    session = Session(rig, plan.part)
    return Workshop(
        session=session, fault_box=FaultBox(rig), lenses=_lenses(plan, session)
    )


def _lenses(plan: Plan, session: Session) -> Lenses:
    lenses: dict[str, Lens] = {}
    for camera in plan.rig.cameras:
        if camera.role == "work_area":
            lenses[camera.name] = WorkAreaLens(
                WorkAreaCamera(camera), session.work_area
            )
    return lenses
