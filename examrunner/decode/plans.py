"""How the frames of one network are read: a database compiled to plain values.

Nothing in here belongs to the library that parsed the file, so plans travel between
processes and live longer than a parser's objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What the bits of a signal mean."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    FLOAT = "float"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the bits of a signal lie in a payload.

    Attributes:
        first_byte: First byte that holds a bit of it.
        skip: Bits between the near end of that stretch of bytes and the signal's
            least significant bit: from the first byte (Intel) or from the last byte
            (Motorola) on.
        length: Number of bits, 1 to 64.
        motorola: Most significant byte first.
        kind: See ``Kind``.
    """

    first_byte: int
    skip: int
    length: int
    motorola: bool
    kind: Kind

    @property
    def byte_count(self) -> int:
        """Bytes that hold at least one bit of it, 1 to 9."""
        return (self.skip + self.length + 7) // 8

    @property
    def end_byte(self) -> int:
        """Bytes that a payload needs to hold the whole signal."""
        return self.first_byte + self.byte_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A multiplexer that decides whether a signal is in a frame.

    Attributes:
        layout: Where the multiplexer lies.
        values: Raw values of the multiplexer with which the signal is there.
    """

    layout: Layout
    values: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalPlan:
    """How one signal is read.

    Attributes:
        name: Name within its message.
        unit: As the database gives it; empty for a bare number.
        layout: Where its bits lie.
        scale: Factor; an int where the database writes one, because the arithmetic
            of wide integers is then exact.
        offset: Added after scaling; int likewise.
        low: Smallest valid raw value (float signals: engineering value); None if the
            database names no range or the bits cannot go below it.
        high: Largest valid raw value; likewise.
        not_available: Raw value, as unsigned bits, that means "no value".
        choices: Enumeration texts by raw value (float signals: by bit pattern).
        gates: Every multiplexer on the way to it; empty: in each frame.
    """

    name: str
    unit: str
    layout: Layout
    scale: int | float
    offset: int | float
    low: int | float | None = None
    high: int | float | None = None
    not_available: int | None = None
    choices: Mapping[int, str] = field(default_factory=dict)
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePlan:
    """How the frames of one message are recognised and read.

    Attributes:
        name: Message name.
        can_id: Identifier without flag bits; the header id inside a container.
        extended: Whether it has 29 bits.
        by_group: J1939: the parameter group decides, not priority and addresses.
        length: Payload bytes that the database promises.
        fd: Whether CAN FD frames are expected.
        bus: Bus that the database puts it on; empty if it does not say.
        signals: Its signals.
        senders: Node names.
        cycle_s: Nominal cycle; None for event-driven or unknown.
        timeout_s: After how long it counts as lost; None if unknown.
        data_id: Id under its end-to-end checksum; None if it carries none.
        contained: Messages that this container frame may carry, by header id.
    """

    name: str
    can_id: int
    extended: bool
    length: int
    signals: tuple[SignalPlan, ...]
    by_group: bool = False
    fd: bool = False
    bus: str = ""
    senders: tuple[str, ...] = ()
    cycle_s: float | None = None
    timeout_s: float | None = None
    data_id: int | None = None
    contained: tuple["MessagePlan", ...] = ()

    @property
    def hold_s(self) -> float | None:
        """How long a value stays valid; None: the rubric has to say."""
        if self.timeout_s is not None:
            return self.timeout_s
        return None if self.cycle_s is None else 3 * self.cycle_s


class FindingKind(StrEnum):
    """What can be wrong with a database."""

    SYNTAX = "syntax"
    BAD_IDENTIFIER = "bad_identifier"
    DUPLICATE_IDENTIFIER = "duplicate_identifier"
    DUPLICATE_NAME = "duplicate_name"
    UNKNOWN_REFERENCE = "unknown_reference"
    OVERLAP = "overlap"
    DOES_NOT_FIT = "does_not_fit"
    TOO_WIDE = "too_wide"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with a database.

    Attributes:
        kind: See ``FindingKind``.
        text: What is wrong, as a sentence without its full stop.
        where: ``file:line``, or the file where no line is known.
        message: Message it concerns; empty if none.
        dropped: Whether what it concerns is left out when loading leniently.
    """

    kind: FindingKind
    text: str
    where: str
    message: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What loading a database found.

    Attributes:
        encoding: How its bytes were read.
        findings: What is wrong, in order of the file.
        defaults: Attribute values that hold where a message or signal sets none.
    """

    encoding: str
    findings: tuple[Finding, ...] = ()
    defaults: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database of one network, ready to decode with.

    Attributes:
        name: File name.
        digest: SHA-256 of the file.
        messages: In order of the file.
        report: What loading found.
    """

    name: str
    digest: str
    messages: tuple[MessagePlan, ...]
    report: Report
