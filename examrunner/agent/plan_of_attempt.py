"""A lease at a station as the plan of its recording."""

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.place import Place
from examrunner.capture.plan import Plan
from examrunner.model.recording import Header
from examrunner.model.station import Station
from examrunner.scoring.software import deciding_software
from examrunner.wire import Lease


def plan_of(place: Place, station: Station, files: AttemptFiles, lease: Lease) -> Plan:
    """Where to record which links.

    Args:
        place: What the station is made of.
        station: Its profile, pointed at the rig.
        files: The attempt on the disk.
        lease: What is recorded.
    """
    return Plan(
        folder=files.recording,
        header=Header(
            attempt_id=str(lease.attempt_id),
            station=station.name,
            rig=station.rig.name,
            candidate=lease.candidate,
            task=lease.task,
            mode=lease.mode,
            opened_at=place.wall_time(),
            nonce=lease.nonce,
            software=deciding_software(),
        ),
        can=station.can,
        cameras=station.cameras,
        work_area=tuple(c.name for c in station.rig.cameras if c.role == "work_area"),
        measuring=tuple(c.name for c in station.rig.cameras if c.role == "targets"),
        fault_box=station.fault_box,
        clock=station.clock,
        key=place.key_path,
        reserve=files.reserve.path,
    )
