"""What the parts of a worked example are written as, as pydantic types."""

from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le
from pydantic import Field, JsonValue

from examrunner.content.entries import Entry
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


ErrorEntry = (
    tuple[Seconds, ErrorClass]
    | tuple[Seconds, ErrorClass, Seconds, Annotated[int, Gt(0)]]
)


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
