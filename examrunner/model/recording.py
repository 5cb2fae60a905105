"""What a recording consists of, whoever wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Ending(StrEnum):
    """Why a recording stopped. Every closed recording has exactly one."""

    FINISHED = "finished"
    TIME_UP = "time_up"
    STOPPED_BY_EXAMINER = "stopped_by_examiner"
    SAFETY = "safety"
    RIG_FAULT = "rig_fault"
    CANDIDATE_LEFT = "candidate_left"
    POWER_LOST = "power_lost"
    IMPORTED = "imported"


class StreamKind(StrEnum):
    """What a stream holds."""

    CAN = "can"
    CAMERA = "camera"
    EVENTS = "events"


EVENT_STREAMS = ("form", "ops", "truth", "health")
"""An attempt's event streams: answers, operations, fault-box truth, recorder health."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What is known when a recording opens.

    Attributes:
        attempt_id: UUID of the attempt as text; empty for an import.
        station: Station name.
        rig: Rig type, a folder of ``stations/``.
        candidate: Candidate code, never a name.
        task: Task id, for example ``C06``.
        mode: ``exam``, ``practice``, ``rehearsal`` or ``import``.
        opened_at: Wall time in ISO 8601 with zone, written once.
        nonce: The service's challenge for this attempt, hexadecimal.
        software: Names and versions that wrote the recording.
    """

    attempt_id: str = ""
    station: str = ""
    rig: str = ""
    candidate: str = ""
    task: str = ""
    mode: str = "import"
    opened_at: str = ""
    nonce: str = ""
    software: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of an event stream.

    Attributes:
        t_ns: Recording time.
        stream: One of ``EVENT_STREAMS``.
        number: Position over all event streams, from 0; orders equal times.
        body: JSON object, see ``archive/README.md`` for each stream's keys.
    """

    t_ns: int
    stream: str
    number: int
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One camera picture, encoded.

    Attributes:
        t_ns: Recording time of the exposure.
        stream: Camera name.
        name: Unique within its stream, ``still-0003`` or a file name.
        purpose: ``still`` (captured by the candidate, lossless), ``measurement`` (of
            bodies, lossless) or ``thumbnail``.
        media_type: ``image/png`` or ``image/jpeg``.
        data: The encoded bytes.
    """

    t_ns: int
    stream: str
    name: str
    purpose: str
    media_type: str
    data: bytes
