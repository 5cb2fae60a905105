"""Rigs and stations as a technician describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from examrunner.model.bodies import Body
from examrunner.model.camera import CameraModel
from examrunner.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One CAN channel of a rig.

    Attributes:
        name: ``CH1``, ``HS1``.
        database: File name in ``dbc/``.
        bitrate_bps: Arbitration bit rate.
        fd: Whether CAN FD frames are expected.
        data_bitrate_bps: Bit rate of the data phase; None without FD.
    """

    name: str
    database: str
    bitrate_bps: int
    fd: bool = False
    data_bitrate_bps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A calibration board as it is labelled.

    Attributes:
        type: ``charuco`` or ``chessboard``.
        columns: Squares across (chessboard: inner corners).
        rows: Squares down (chessboard: inner corners).
        square_mm: Edge of a square.
        marker_mm: Edge of a marker; None for a chessboard.
        dictionary: OpenCV dictionary name; empty for a chessboard.
        legacy: Pattern of OpenCV before 4.6.
    """

    type: str
    columns: int
    rows: int
    square_mm: float
    marker_mm: float | None = None
    dictionary: str = ""
    legacy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """One camera of a rig.

    Attributes:
        name: ``front``, ``work_area``.
        size_px: (width, height).
        role: ``calibrated`` (the candidate works on it), ``work_area`` (looks at
            people) or ``targets`` (measures bodies).
        board: Board that is held before it, if any.
        markers: Dictionary and meaning of markers on people and plates, by id.
        marker_dictionary: OpenCV dictionary name of those markers, or of the tags.
        intrinsics: Known lens of a camera that measures; None for others.
    """

    name: str
    size_px: tuple[int, int]
    role: str
    board: Board | None = None
    markers: Mapping[int, str] = field(default_factory=dict)
    marker_dictionary: str = ""
    intrinsics: CameraModel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecu:
    """A diagnostic server of a rig.

    Attributes:
        name: ``EPS``.
        channel: CAN channel it is reached on.
        request_id: Identifier of its requests.
        response_id: Identifier of its answers.
        dids: Name and format (``model.did_format``) of each data identifier.
        writable: Session that writing a data identifier needs, ``extended`` or
            ``programming``; identifiers that are read only are absent.
        routines: Name of each routine.
        dtcs: Code and text of each trouble code, by 24-bit number.
    """

    name: str
    channel: str
    request_id: int
    response_id: int
    dids: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    writable: Mapping[int, str] = field(default_factory=dict)
    routines: Mapping[int, str] = field(default_factory=dict)
    dtcs: Mapping[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How a rig's diagnostic servers answer (ISO 14229-2, ISO 15765-2).

    Attributes:
        p2_s: Longest time to an answer or to "response pending".
        p2_star_s: Longest time to the next answer after "response pending".
        s3_s: Silence after which a server returns to its default session.
        st_min_s: Shortest time between two consecutive frames.
        block_size: Consecutive frames between two flow controls; 0 for no limit.
        padding: Value of unused payload bytes.
    """

    p2_s: float = 0.05
    p2_star_s: float = 5.0
    s3_s: float = 5.0
    st_min_s: float = 0.005
    block_size: int = 8
    padding: int = 0xCC


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A rig type: one folder of ``stations/``.

    Attributes:
        name: ``chassis_bywire``.
        title: For people.
        channels: CAN channels.
        cameras: Cameras; empty if it has none.
        bodies: What cameras of the role ``targets`` measure, by name.
        ecus: Diagnostic servers.
        functional_id: Identifier of functional requests.
        timing: Of the diagnostic servers.
        faults: Operations of its fault box, for example ``node.power``.
        watch: Signals shown live, ``Message.Signal``.
    """

    name: str
    title: Text
    channels: tuple[Channel, ...]
    cameras: tuple[Camera, ...] = ()
    bodies: Mapping[str, Body] = field(default_factory=dict)
    ecus: tuple[Ecu, ...] = ()
    functional_id: int = 0x7DF
    timing: Timing = field(default_factory=Timing)
    faults: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Which driver reaches one channel, camera or fault box, and how."""

    driver: str
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One place in the hall: a rig and how this PC reaches it.

    Attributes:
        name: ``hall-a-03``.
        rig: Rig type.
        can: Link of each CAN channel by name.
        cameras: Link of each camera by name.
        fault_box: Link of the fault box; None without one.
        clock: Link of the clock that a simulated rig owns; None for real time.
        console_host: Address on which its screens listen; another than 127.0.0.1
            opens them to the hall's network.
    """

    name: str
    rig: Rig
    can: Mapping[str, Link]
    cameras: Mapping[str, Link] = field(default_factory=dict)
    fault_box: Link | None = None
    clock: Link | None = None
    console_host: str = "127.0.0.1"
