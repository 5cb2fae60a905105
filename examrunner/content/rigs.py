"""stations/<rig>/rig.yaml and ecus.yaml as a model value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from examrunner.content.bodies import BodyEntry, LensEntry, check_bodies
from examrunner.content.documents import (
    Document,
    parse_document,
    read_as,
    read_document,
)
from examrunner.content.ecus import EcusFile, checked_ecus
from examrunner.content.entries import CanId, Entry, Name, Positive, Real, TextEntry
from examrunner.content.search import SearchPath
from examrunner.model.station import Board, Camera, Channel, Rig

FaultOperation = Literal[
    "node.power", "node.ground_r", "node.bitrate", "bus.open", "bus.short", "bus.term",
    "bus.swap", "bus.res", "msg.drop", "msg.delay", "msg.crc", "msg.counter",
    "sig.freeze", "sig.offset", "sig.scale", "sig.noise", "sig.limit", "vref.short",
    "vref.low", "sensor.open", "sensor.swap", "gw.route", "mech.misalign", "cal.erase",
    "cal.set", "challenge", "intermittent",
]  # fmt: skip
"""What a fault box may be able to do; ``stations/README.md`` explains each."""

SignalName = Annotated[str, Field(pattern=r"^\w+\.\w+$")]


class ChannelEntry(Entry):
    """One CAN channel."""

    database: Name
    bitrate_bps: Positive
    fd: bool = False
    data_bitrate_bps: Positive | None = None


class BoardEntry(Entry):
    """A calibration board as it is labelled."""

    type: Literal["charuco", "chessboard"]
    columns: Positive
    rows: Positive
    square_mm: Real
    marker_mm: Real | None = None
    dictionary: str = ""
    legacy: bool = False


class CameraEntry(Entry):
    """One camera."""

    role: Literal["calibrated", "work_area", "targets"]
    size_px: tuple[Positive, Positive]
    board: BoardEntry | None = None
    marker_dictionary: str = ""
    markers: dict[int, str] = Field(default_factory=dict)
    intrinsics: LensEntry | None = None


class RigFile(Entry):
    """rig.yaml."""

    id: Name
    title: TextEntry
    channels: Annotated[dict[Name, ChannelEntry], Field(min_length=1)]
    cameras: dict[Name, CameraEntry] = Field(default_factory=dict)
    bodies: dict[Name, BodyEntry] = Field(default_factory=dict)
    functional_id: CanId = 0x7DF
    faults: tuple[FaultOperation, ...] = ()
    watch: tuple[SignalName, ...] = ()


RIG: Final = TypeAdapter(RigFile)
ECUS: Final = TypeAdapter(EcusFile)


def read_rig(name: str, path: SearchPath) -> Rig:
    """The rig type of that name.

    Raises:
        ContentError: If a file is missing or wrong.
    """
    document = read_document(path.find("rig", name))
    read = _rig(document, read_document(path.find("ecus", name)))
    if read.name != document.path.parent.name:
        raise document.fail(
            f"the rig calls itself '{read.name}'.",
            f"Write 'id: {document.path.parent.name}', the name of its folder.",
            ("id",),
        )
    return read


def parse_rig(rig: bytes, ecus: bytes, folder: Path) -> Rig:
    """A rig from the bytes of its two files, for example a recording's attachments.

    Args:
        rig: Content of ``rig.yaml``.
        ecus: Content of ``ecus.yaml``.
        folder: Where errors say that the files lie.

    Raises:
        ContentError: If one is wrong.
    """
    return _rig(
        parse_document(rig, folder / "rig.yaml"),
        parse_document(ecus, folder / "ecus.yaml"),
    )


def _rig(document: Document, servers: Document) -> Rig:
    entry = read_as(RIG, document)
    _check(entry, document)
    listed = read_as(ECUS, servers)
    return Rig(
        name=entry.id,
        title=entry.title.text(),
        channels=tuple(
            Channel(name=name, **channel.model_dump())
            for name, channel in entry.channels.items()
        ),
        cameras=tuple(_camera(name, c) for name, c in entry.cameras.items()),
        bodies={name: body.body(name) for name, body in entry.bodies.items()},
        ecus=checked_ecus(listed, servers, entry.channels),
        functional_id=entry.functional_id,
        timing=listed.timing.timing(),
        faults=entry.faults,
        watch=entry.watch,
    )


def attached_rig(attachments: Mapping[str, bytes], folder: Path) -> Rig | None:
    """The rig as a recording carries it; None if it carries none.

    Args:
        attachments: The recording's attachments by name.
        folder: The recording, for errors.

    Raises:
        ContentError: If what it carries cannot be used.
    """
    if "rig.yaml" not in attachments or "ecus.yaml" not in attachments:
        return None
    return parse_rig(attachments["rig.yaml"], attachments["ecus.yaml"], folder)


def _camera(name: str, entry: CameraEntry) -> Camera:
    return Camera(
        name=name,
        size_px=entry.size_px,
        role=entry.role,
        board=Board(**entry.board.model_dump()) if entry.board else None,
        markers=entry.markers,
        marker_dictionary=entry.marker_dictionary,
        intrinsics=entry.intrinsics.model(entry.size_px) if entry.intrinsics else None,
    )


def _check_measuring(name: str, camera: CameraEntry, document: Document) -> None:
    if camera.intrinsics is None or not camera.marker_dictionary:
        raise document.fail(
            f"camera '{name}' cannot measure bodies.",
            "Add its intrinsics and the marker_dictionary of the tags.",
            ("cameras", name),
        )


def _check(entry: RigFile, document: Document) -> None:
    check_bodies(entry.bodies, document)
    for name, channel in entry.channels.items():
        if channel.fd != (channel.data_bitrate_bps is not None):
            raise document.fail(
                f"channel '{name}' has CAN FD or a data bit rate, but not both.",
                "Write both 'fd: true' and 'data_bitrate_bps', or neither.",
                ("channels", name),
            )
    for name, camera in entry.cameras.items():
        board = camera.board
        if board and (board.type == "charuco") != (board.marker_mm is not None):
            raise document.fail(
                f"a {board.type} board is described with the wrong keys.",
                "A charuco board has marker_mm and dictionary, a chessboard neither.",
                ("cameras", name, "board"),
            )
        if camera.role == "targets":
            _check_measuring(name, camera, document)
        elif bool(camera.markers) != bool(camera.marker_dictionary):
            raise document.fail(
                f"camera '{name}' needs markers and marker_dictionary together.",
                "Add the missing one.",
                ("cameras", name),
            )
