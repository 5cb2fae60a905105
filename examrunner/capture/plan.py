"""What a capture process is told when it starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from examrunner.model.recording import Header
from examrunner.model.station import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where to record which links.

    Attributes:
        folder: The recording; an unclosed one of the same attempt is continued.
        header: What is known before it opens.
        can: Link of each CAN channel by name.
        cameras: Link of each camera by name.
        work_area: Cameras that look at people, thumbnails of which are kept.
        measuring: Cameras that measure bodies, pictures of which are kept.
        fault_box: Link of the fault box; None without one.
        clock: Link of the clock of a rig that owns its time; None for real time.
        key: File of the station's private key; None leaves the recording unsigned.
        reserve: File of room for a full disk; None without.
    """

    folder: Path
    header: Header
    can: Mapping[str, Link]
    cameras: Mapping[str, Link] = field(default_factory=dict)
    work_area: tuple[str, ...] = ()
    measuring: tuple[str, ...] = ()
    fault_box: Link | None = None
    clock: Link | None = None
    key: Path | None = None
    reserve: Path | None = None


PLAN: Final = TypeAdapter(Plan)
"""Reads and writes a plan as JSON."""
