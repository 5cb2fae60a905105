"""rubrics/<scheme>/<task>/examples/*.yaml: worked examples as signals and answers."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, JsonValue, TypeAdapter

from examrunner.content.documents import Document, read_as, read_document
from examrunner.content.entries import Entry, Name
from examrunner.criteria.error_frames import ErrorClass

Seconds = Annotated[float, Ge(0)]
Value = float | str
FrameNumber = Annotated[int, Ge(0)]
Count = tuple[FrameNumber, FrameNumber] | tuple[FrameNumber, FrameNumber, Literal[0]]
Payload = tuple[Seconds, str] | tuple[Seconds, str, Seconds]
Fault = Literal[
    "crc", "crc_unknown", "counter", "repeated", "skipped", "unknown", "good"
]
"""Verdict about a frame's checksum (the first two) or counter."""
OutcomeName = Literal[
    "met", "partly_met", "not_met", "not_applicable", "not_measured", "needs_review",
    "error",
]  # fmt: skip


class FollowEntry(Entry):
    """A signal that follows another like a controlled actuator.

    Second order: ``omega_per_s`` and ``damping`` after ``dead_s``.
    """

    signal: str
    dead_s: Seconds = 0.05
    omega_per_s: Annotated[float, Gt(0)] = 9.0
    damping: Annotated[float, Gt(0)] = 1.0


class RecordedEntry(Entry):
    """A signal as it was recorded, one number for each frame: ``example_columns``.

    Attributes:
        base: Smallest value.
        step: What one step above it is worth.
        steps: The steps as one word.
    """

    base: float
    step: Annotated[float, Gt(0)]
    steps: str


class SignalEntry(Entry):
    """A signal over time; one of ``hold``, ``line``, ``follow`` and ``recorded``.

    Attributes:
        hold: (time, value) pairs; each value stays until the next.
        line: (time, number) pairs with straight lines between them.
        follow: Another signal that it follows.
        recorded: What is too noisy for lines; commands write it, people do not.
        absent: Stretches in which the signal is sent as "not available".
    """

    hold: tuple[tuple[Seconds, Value], ...] = ()
    line: tuple[tuple[Seconds, float], ...] = ()
    follow: FollowEntry | None = None
    recorded: RecordedEntry | None = None
    absent: tuple[tuple[Seconds, Seconds], ...] = ()


class SenderEntry(Entry):
    """Frames of one sender of a message.

    Attributes:
        frames: (number, time) of some frames from 0 to the last, those between evenly
            spaced.
        counts: (number, counter) of frames from which the counter goes on by one; with
            a third number, 0, it stands still.
    """

    frames: tuple[tuple[FrameNumber, Seconds], ...] = ()
    counts: tuple[Count, ...] = ()


class LayoutEntry(Entry):
    """Frames that look otherwise for a while; what is left out stays as it is.

    Attributes:
        from_s: Start.
        to_s: End, exclusive.
        length: Payload bytes.
        fd: Whether they come as CAN FD.
        brs: Whether the bit rate switches.
        extended: Whether the identifier has 29 bits.
        remote: Whether they are remote frames.
    """

    from_s: Seconds
    to_s: Seconds
    length: Annotated[int, Ge(0), Le(64)] | None = None
    fd: bool | None = None
    brs: bool | None = None
    extended: bool | None = None
    remote: bool | None = None


class MessageEntry(SenderEntry):
    """When a message was sent, where the default does not fit.

    Attributes:
        from_s: First frame.
        to_s: End; the example's end if left out.
        gaps: Stretches without frames.
        bad_crc_every: One frame in so many has a wrong checksum.
        bad_counter_every: One frame in so many has a wrong counter.
        bad_to_s: From here on checksums and counters are right.
        payloads: (time, payload): what the frame that is sent about then carries; with
            a later time as third, all frames up to then.
        extra: Stretches in which somebody else sends it too.
        length: Payload bytes that it really has; the database's if left out.
        fd: Whether it really comes as CAN FD; as the database says if left out.
        layouts: Stretches in which frames look otherwise.
        frames: As of any sender, instead of the database's cycle.
        counts: As of any sender.
        also: Further senders, with ``frames``.
        faulty: (first number, number after the last, verdict) of frames whose verdict
            is not what their counter says.
    """

    from_s: Seconds = 0.0
    to_s: Seconds | None = None
    gaps: tuple[tuple[Seconds, Seconds], ...] = ()
    bad_crc_every: int | None = None
    bad_counter_every: int | None = None
    bad_to_s: Seconds | None = None
    payloads: tuple[Payload, ...] = ()
    extra: tuple[tuple[Seconds, Seconds], ...] = ()
    length: Annotated[int, Ge(0), Le(64)] | None = None
    fd: bool | None = None
    layouts: tuple[LayoutEntry, ...] = ()
    also: tuple[SenderEntry, ...] = ()
    faulty: tuple[tuple[FrameNumber, FrameNumber, Fault], ...] = ()


class ExchangeEntry(Entry):
    """One diagnostic request; ``answer`` is left out where there was none.

    Attributes:
        t_s: When the request begins.
        to_s: When it ends; at once if left out.
        ecu: ECU name.
        request: Hexadecimal.
        answer: The only answer, 20 ms later.
        answers: (begin, end, hexadecimal) of every answer, instead of ``answer``.
        session: Session of the ECU at that time.
        unlocked: Whether security access was granted.
        channel: CAN channel; what the recorder lost there may hide an answer.
        functional: Whether it was sent to all ECUs.
        phase: Phase of the attempt.
        recorded: Whether the recorder heard it.
    """

    t_s: Seconds
    to_s: Seconds | None = None
    ecu: str
    request: str
    answer: str | None = None
    answers: tuple[tuple[Seconds, Seconds, str], ...] = ()
    channel: str = ""
    functional: bool = False
    session: int = 1
    unlocked: bool = False
    phase: Literal["pre", "exam", "post"] = "exam"
    recorded: bool = True


class EditEntry(Entry):
    """One saved field. A ``calibration`` becomes the file that a tool would write."""

    t_s: Seconds
    field: str = ""
    value: JsonValue = None
    calibration: dict[str, JsonValue] | None = None
    submit: bool = False


class OpEntry(Entry):
    """One operation."""

    t_s: Seconds
    op: str
    body: dict[str, JsonValue] = Field(default_factory=dict)


class SightingEntry(Entry):
    """Markers from here on, until the next entry.

    Attributes:
        ids: Markers whose place does not matter.
        at_px: Centre (x, y) of others, by id.
        camera: Camera name.
    """

    t_s: Seconds
    ids: tuple[int, ...] = ()
    at_px: dict[int, tuple[float, float]] = Field(default_factory=dict)
    camera: Name = "work_area"


class BodiesEntry(Entry):
    """Where bodies with tags stand, as the measuring camera sees them.

    Four pictures show everything, one a second, once a body has come to rest, and one
    just before a body is moved.

    Attributes:
        reference: Body in whose frame the others stand; always seen.
        sigma_mm: Standard deviation of every position.
        sigma_deg: Standard deviation of every angle.
        stand: (time, x, y, z in mm, yaw, pitch, roll in degrees) by body; from that
            time on it stands there.
    """

    reference: Name
    sigma_mm: Annotated[float, Gt(0)] = 0.5
    sigma_deg: Annotated[float, Gt(0)] = 0.01
    stand: dict[
        Name, tuple[tuple[float, float, float, float, float, float, float], ...]
    ]


class ViewsEntry(Entry):
    """Stills of a calibration board, seen through the reference camera.

    Attributes:
        camera: Camera name.
        reference: Reference intrinsics of the case.
        columns: Squares across.
        rows: Squares down.
        square_mm: Edge of a square.
        noise_px: Standard deviation of the corners, seeded.
        sharpness: Laplacian variance of every still.
        poses: (time, turn about x, y, z in degrees, board centre x, y, z in mm).
    """

    camera: str
    reference: str
    columns: int
    rows: int
    square_mm: float
    noise_px: float = 0.06
    sharpness: float = 1000.0
    poses: tuple[tuple[float, float, float, float, float, float, float], ...]


class BoardEntry(Entry):
    """One still of a calibration board as it was measured.

    Attributes:
        t_s: When it was taken.
        camera: Camera name.
        picture: Name of the picture.
        size_px: (width, height).
        sharpness: Laplacian variance inside the board; left out without a board.
        saturated: Share of saturated pixels inside the board.
        corners: (id, x and y in pixels, x and y on the board in mm).
    """

    t_s: Seconds
    camera: str
    picture: str
    size_px: tuple[int, int]
    sharpness: float | None = None
    saturated: float = 0.0
    corners: tuple[tuple[int, float, float, float, float], ...] = ()


ErrorEntry = (
    tuple[Seconds, ErrorClass]
    | tuple[Seconds, ErrorClass, Seconds, Annotated[int, Gt(0)]]
)


class PoseEntry(Entry):
    """A body as one picture showed it, in the camera's frame.

    Attributes:
        t_s: When the picture was taken.
        camera: Camera name.
        body: Body name.
        turn: Rows of the rotation matrix, one after the other.
        at_mm: Origin of the body.
        covariance: Upper half, row by row, of that of turn (rad) and position (mm).
        tags: How many of its tags the picture shows.
        error_px: Root mean square distance of the corners.
    """

    t_s: Seconds
    camera: str
    body: str
    turn: Annotated[tuple[float, ...], Field(min_length=9, max_length=9)]
    at_mm: tuple[float, float, float]
    covariance: Annotated[tuple[float, ...], Field(min_length=21, max_length=21)]
    tags: int
    error_px: float


class LossEntry(Entry):
    """Time that the recorder lost on one stream."""

    stream: str
    from_s: Seconds
    to_s: Seconds


class DecisionEntry(Entry):
    """What an examiner said."""

    criterion: str
    level: int | None = None
    fraction: float | None = None
    confirm: bool | None = None
    reason: str = "example"
    by: str = "example"


class ExampleFile(Entry):
    """One worked example.

    Attributes:
        because: Why it has to come out so; what the test says when it does not.
        profile: Which of the four every rubric needs, or further ones.
        variant: Variant of the rubric.
        lasting_s: Length of the recording.
        start_s: Start of the exam.
        stop_s: Stop of the exam; ``lasting_s`` if left out.
        truth: (time, value) of the fault box's quantities; without a value it cannot
            be measured from then on.
        errors: Error frames by channel: (time, class), or (time, class, end, count) of
            so many after that time, evenly spaced, the last one at the end; a channel
            without any, but with error reporting, has an empty list.
        expect: Outcome by criterion, veto or deduction; lines left out are not checked.
        points: Lowest and highest final points.
        verdict: Verdict.
    """

    because: str
    profile: Literal["competent", "sloppy", "cheating", "missing_evidence", "further"]
    variant: Name
    lasting_s: Annotated[float, Gt(0)]
    start_s: Seconds = 0.0
    stop_s: Seconds | None = None
    reference: dict[str, JsonValue] = Field(default_factory=dict)
    signals: dict[str, SignalEntry] = Field(default_factory=dict)
    messages: dict[str, MessageEntry] = Field(default_factory=dict)
    truth: dict[str, tuple[tuple[Seconds, float | None], ...]] = Field(
        default_factory=dict
    )
    uds: tuple[ExchangeEntry, ...] = ()
    form: tuple[EditEntry, ...] = ()
    ops: tuple[OpEntry, ...] = ()
    sightings: tuple[SightingEntry, ...] = ()
    views: ViewsEntry | None = None
    bodies: BodiesEntry | None = None
    boards: tuple[BoardEntry, ...] = ()
    poses: tuple[PoseEntry, ...] = ()
    losses: tuple[LossEntry, ...] = ()
    errors: dict[Name, tuple[ErrorEntry, ...]] = Field(default_factory=dict)
    decisions: tuple[DecisionEntry, ...] = ()
    expect: dict[str, OutcomeName]
    points: tuple[float, float]
    verdict: Literal["pass", "fail", "veto", "undecided"]


EXAMPLE: Final = TypeAdapter(ExampleFile)


def read_example(path: Path) -> tuple[ExampleFile, Document]:
    """A worked example and the document that errors point into.

    ``like: competent`` begins with that example's content: mappings are joined key by
    key, everything else is replaced.

    Raises:
        ContentError: If the file is wrong.
    """
    document = read_document(path)
    if isinstance(document.data, dict) and "like" in document.data:
        document = _laid_over(document)
    return read_as(EXAMPLE, document), document


def _laid_over(document: Document) -> Document:
    own = dict(document.data)
    name = own.pop("like")
    base = read_document(document.path.parent / f"{name}.yaml").data
    if not isinstance(base, dict) or "like" in base:
        raise document.fail(
            f"'like: {name}' does not lead to a complete example.",
            "Name one that has no 'like' itself.",
            ("like",),
        )
    joined = {
        key: {**base[key], **value} if _both_mappings(base, key, value) else value
        for key, value in own.items()
    }
    return replace(document, data={**base, **joined})


def _both_mappings(base: dict[str, object], key: str, value: object) -> bool:
    return isinstance(value, dict) and isinstance(base.get(key), dict)


def example_files(folder: Path) -> list[Path]:
    """The worked examples of a task folder, by name."""
    return sorted((folder / "examples").glob("*.yaml"))
