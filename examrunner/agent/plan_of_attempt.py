"""A lease at a station as the plan of its recording."""

from pathlib import Path

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.capture.plan import Plan
from examrunner.model.recording import Header
from examrunner.model.station import Station
from examrunner.scoring.software import deciding_software
from examrunner.wire import Lease


def plan_of(
    station: Station,
    files: AttemptFiles,
    lease: Lease,
    *,
    opened_at: str,
    key_path: Path,
) -> Plan:
    """Where to record which links.

    Args:
        station: Its profile, pointed at the rig.
        files: The attempt on the disk.
        lease: What is recorded.
        opened_at: Wall time, ISO 8601 with zone.
        key_path: File of the station's private key.
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
            opened_at=opened_at,
            nonce=lease.nonce,
            software=deciding_software(),
        ),
        can=station.can,
        cameras=station.cameras,
        work_area=tuple(c.name for c in station.rig.cameras if c.role == "work_area"),
        measuring=tuple(c.name for c in station.rig.cameras if c.role == "targets"),
        fault_box=station.fault_box,
        clock=station.clock,
        key=key_path,
        reserve=files.reserve.path,
    )
