"""What a recording says in engineering terms. Criteria read this and nothing else.

All times are recording time in int64 nanoseconds. Tracks are columns; mappings may
decode lazily, so that only what a rubric names is ever decoded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.errors import MissingError
from examrunner.model.frames import Frames
from examrunner.model.traces import NoiseTrace, PictureTrace

NS_PER_S: Final = 1_000_000_000


class Quality(IntFlag):
    """Why a sample must not be trusted; 0 is a good sample."""

    OK = 0
    NOT_AVAILABLE = 1
    OUT_OF_RANGE = 2
    BAD_CRC = 4
    BAD_COUNTER = 8
    SHORT = 16
    NOT_A_NUMBER = 32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """One signal over time.

    Attributes:
        name: ``Message.Signal``, or ``fib.r_hl`` for the fault box.
        unit: As the database gives it; empty for a bare number.
        t_ns: int64 (n,), ascending (equal times keep the order of arrival).
        values: float64 (n,), engineering units; NaN where the sample has none.
        raw: int64 (n,) as on the bus (float signals: their bit pattern).
        quality: uint8 (n,), ``Quality`` bits.
        hold_s: How long a value stays valid; None: the rubric has to say.
        step: Engineering value of one raw step; 0 for floating point signals.
        choices: Enumeration texts by raw value.
    """

    name: str
    unit: str
    t_ns: NDArray[np.int64]
    values: NDArray[np.float64]
    raw: NDArray[np.int64]
    quality: NDArray[np.uint8]
    hold_s: float | None = None
    step: float = 0.0
    choices: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.t_ns)


class Verdict8(IntFlag):
    """Verdicts of one frame in ``Messages.crc`` and ``Messages.counter``."""

    UNKNOWN = 0
    GOOD = 1
    BAD = 2
    REPEATED = 3
    SKIPPED = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Messages:
    """All frames of one identifier on one channel.

    Attributes:
        name: Message name of the database, or ``0x123`` if none describes it.
        channel: CAN channel.
        can_id: Identifier without flag bits.
        extended: Whether it has 29 bits.
        frames: The frames, in order of arrival.
        crc: uint8 (n,) of ``Verdict8``; None if the message carries no checksum.
        counter: uint8 (n,) of ``Verdict8``, first frame ``UNKNOWN``; None likewise.
        cycle_s: Nominal cycle; None for event-driven or unknown messages.
        timeout_s: After how long the message counts as lost; None if unknown.
        senders: Node names that the database lists as senders.
        length: Payload bytes that the database promises; None if unknown.
        fd: Whether the database describes an FD frame; None if unknown.
        data_id: Id under its checksum; None if it carries none or it is unknown.
    """

    name: str
    channel: str
    can_id: int
    extended: bool
    frames: Frames
    crc: NDArray[np.uint8] | None = None
    counter: NDArray[np.uint8] | None = None
    cycle_s: float | None = None
    timeout_s: float | None = None
    senders: tuple[str, ...] = ()
    length: int | None = None
    fd: bool | None = None
    data_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BusErrors:
    """Error frames of one channel: times (n,) int64 and class bits (n,) uint32."""

    channel: str
    t_ns: NDArray[np.int64]
    classes: NDArray[np.uint32]


class ExchangeOutcome(StrEnum):
    """What a listener can say about a request."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    PENDING = "pending"
    NO_ANSWER = "no_answer"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One response PDU and the span of frames that carried it."""

    from_ns: int
    to_ns: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A diagnostic request with everything that answered it.

    Attributes:
        ecu: ECU name of the rig, or the request identifier as ``0x7E0``.
        channel: CAN channel.
        from_ns: First frame of the request.
        to_ns: Last frame of the request.
        request: Request PDU; empty if only the answer was recorded.
        replies: All response PDUs in order, NRC 78 (pending) ones included.
        outcome: See ``ExchangeOutcome``.
        nrc: Negative response code of the final answer, if it is negative.
        functional: Sent to the functional address.
        session: Session of the ECU when the request ended (0x01 default).
        unlocked: Whether security access was granted at that time.
        phase: ``pre``, ``exam`` or ``post``: the agent's own reads are never credited.
    """

    ecu: str
    channel: str
    from_ns: int
    to_ns: int
    request: bytes
    replies: tuple[Reply, ...] = ()
    outcome: ExchangeOutcome = ExchangeOutcome.NO_ANSWER
    nrc: int | None = None
    functional: bool = False
    session: int = 1
    unlocked: bool = False
    phase: str = "exam"

    @property
    def answer(self) -> Reply | None:
        """The last reply, or None if nothing answered."""
        return self.replies[-1] if self.replies else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoardView:
    """A calibration board as one still shows it.

    Attributes:
        camera: Camera name.
        picture: Name of the picture in the recording.
        t_ns: When it was taken.
        size_px: (width, height) of the picture.
        ids: int32 (m,), corner ids of the board; empty if no board was found.
        corners_px: float64 (m, 2), integer coordinates are pixel centres.
        points_mm: float64 (m, 3), the same corners on the board.
        sharpness: Laplacian variance inside the board hull; NaN without a board.
        saturated: Share of saturated pixels inside the hull, 0 to 1.
    """

    camera: str
    picture: str
    t_ns: int
    size_px: tuple[int, int]
    ids: NDArray[np.int32]
    corners_px: NDArray[np.float64]
    points_mm: NDArray[np.float64]
    sharpness: float
    saturated: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sighting:
    """The markers that one picture of a work-area camera shows.

    Attributes:
        camera: Camera name.
        t_ns: When the picture was taken.
        ids: int32 (m,), marker ids.
        corners_px: float64 (m, 4, 2).
    """

    camera: str
    t_ns: int
    ids: NDArray[np.int32]
    corners_px: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BodyPose:
    """Where one picture shows a body, in the camera's frame.

    ``x_camera = turn @ x_body + at_mm``.

    Attributes:
        camera: Camera name.
        body: Body name.
        t_ns: When the picture was taken.
        turn: float64 (3, 3), rotation matrix.
        at_mm: float64 (3,), origin of the body.
        covariance: float64 (6, 6) of a turn about the camera's axes in radians and
            of the position in mm.
        tags: How many of its tags the picture shows.
        error_px: Root mean square distance of the corners.
    """

    camera: str
    body: str
    t_ns: int
    turn: NDArray[np.float64]
    at_mm: NDArray[np.float64]
    covariance: NDArray[np.float64]
    tags: int
    error_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of one form field; at time-up the last one counts.

    Attributes:
        t_ns: When the field was saved.
        field: Field id; ``""`` for a submission of the whole form.
        value: JSON value as the candidate left it.
        submit: Whether this event hands the field (or the form) in.
    """

    t_ns: int
    field: str
    value: object
    submit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """Something that the station, an examiner or the fault box did."""

    t_ns: int
    name: str
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Time that the recorder lost on one stream: unknown, earns and costs nothing."""

    stream: str
    from_ns: int
    to_ns: int
    frames: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStep:
    """The wall clock moved against recording time."""

    t_ns: int
    by_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the recorder says about itself."""

    losses: tuple[Loss, ...] = ()
    clock_steps: tuple[ClockStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """Everything that a recording says, ready to be judged.

    Attributes:
        duration_ns: Recording time at which it ended.
        signals: Series by ``Message.Signal``.
        messages: Columns by message name, or ``0x123`` if no database names it.
        bus: Bus errors by channel; a channel without error reporting is absent.
        exchanges: Diagnostic exchanges, ordered by ``from_ns``.
        views: Board views of the stills, in order of capture.
        sightings: Markers seen by work-area cameras, in order of time.
        poses: Bodies as cameras that measure saw them, in order of time.
        bodies: Where bodies rested, by ``body@reference.component``.
        form: Every edit, in order.
        ops: Every operation, in order.
        truth: Fault-box measurements by quantity, for example ``r_hl``.
        health: What was lost, and clock steps.
        noise: By what noisy signals can be recognised again.
        pictures: What is remembered of every picture, by camera and time.
    """

    duration_ns: int
    signals: Mapping[str, Series] = field(default_factory=dict)
    messages: Mapping[str, Messages] = field(default_factory=dict)
    bus: Mapping[str, BusErrors] = field(default_factory=dict)
    exchanges: Sequence[Exchange] = ()
    views: Sequence[BoardView] = ()
    sightings: Sequence[Sighting] = ()
    poses: Sequence[BodyPose] = ()
    bodies: Mapping[str, Series] = field(default_factory=dict)
    form: tuple[Edit, ...] = ()
    ops: tuple[Op, ...] = ()
    truth: Mapping[str, Series] = field(default_factory=dict)
    health: Health = field(default_factory=Health)
    noise: Sequence[NoiseTrace] = ()
    pictures: Sequence[PictureTrace] = ()

    def series(self, name: str) -> Series:
        """The samples of one signal.

        Args:
            name: ``Message.Signal``, ``fib.<quantity>`` of the fault box, or
                ``body@reference.component`` of a measured body.

        Raises:
            MissingError: If nothing recorded describes that name.
        """
        track = self.bodies if "@" in name else self.signals
        if name.startswith("fib."):
            track = self.truth
        found = track.get(name.removeprefix("fib."))
        if found is None:
            raise MissingError("signal", name=name)
        return found

    def message(self, name: str) -> Messages:
        """The frames of one message.

        Raises:
            MissingError: If no database of the rig describes that name.
        """
        found = self.messages.get(name)
        if found is None:
            raise MissingError("message", name=name)
        return found

    def operations(self, name: str) -> Iterator[Op]:
        """The operations of that name, in order."""
        return (op for op in self.ops if op.name == name)
