"""How signal values become the bytes of a frame, for whole columns at once."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from examrunner.archive.lean_can import import_can
from examrunner.model import e2e
from examrunner.model.frames import BRS, FD

Bytes = NDArray[np.uint8]
Value = float | str | NDArray[Any]

NS_PER_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The bits of one signal that lie in one byte of the frame."""

    byte: int
    right: int
    left: int
    mask: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLayout:
    """Where one signal lies and how its engineering value becomes an integer.

    Attributes:
        name: Signal name.
        pieces: Its bits, byte by byte.
        bits: How many it has.
        signed: Two's complement.
        factor: Engineering value of one step.
        offset: Engineering value of zero.
        choices: Integers of its enumeration texts.
        not_available: Integer that says so; None if there is none.
    """

    name: str
    pieces: tuple[Piece, ...]
    bits: int
    signed: bool
    factor: float
    offset: float
    choices: Mapping[str, int]
    not_available: int | None

    def raw(self, value: Value) -> NDArray[np.int64]:
        """The integers that go on the bus, limited to what the bits can hold.

        Columns of int64 are such integers already; NaN means "not available".
        """
        if isinstance(value, str):
            return np.array([self.choices[value]], np.int64)
        if isinstance(value, np.ndarray) and value.dtype == np.int64:
            return value
        steps = np.rint((np.asarray(value, np.float64) - self.offset) / self.factor)
        low = -(1 << self.bits - 1) if self.signed else 0
        high = (1 << self.bits - self.signed) - 1
        unknown = 0 if self.not_available is None else self.not_available
        limited = np.where(np.isnan(steps), unknown, np.clip(steps, low, high))
        return np.atleast_1d(limited.astype(np.int64))

    def read(self, data: Bytes) -> NDArray[np.float64]:
        """The engineering values (n,) that payload columns carry."""
        raw = np.zeros(len(data), np.int64)
        for piece in self.pieces:
            part = (data[:, piece.byte].astype(np.int64) >> piece.left) & piece.mask
            raw |= part << piece.right
        if self.signed:
            raw -= (raw >> (self.bits - 1)) << self.bits
        return (raw * self.factor + self.offset).astype(np.float64)

    def place(self, raw: NDArray[np.int64], data: Bytes) -> None:
        """Write the integers into payload columns that are still zero there."""
        for piece in self.pieces:
            part = ((raw >> piece.right) & piece.mask) << piece.left
            data[:, piece.byte] |= part.astype(np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLayout:
    """One message of a database, ready to be packed.

    Attributes:
        name: Message name.
        can_id: Identifier.
        flags: FD and BRS bits of ``model.frames``.
        length: Payload bytes.
        cycle_ns: Nominal cycle; 0 for an event-driven message.
        sender: Node that the database names first.
        data_id: Data id of the protection; None without protection.
        signals: Signals by name, checksum and counter left out.
    """

    name: str
    can_id: int
    flags: int
    length: int
    cycle_ns: int
    sender: str
    data_id: int | None
    signals: Mapping[str, SignalLayout]

    def pack(self, values: Mapping[str, Value], count: int) -> Bytes:
        """Payloads (count, length); signals that are not given are zero."""
        data = np.zeros((count, self.length), np.uint8)
        for name, value in values.items():
            signal = self.signals[name]
            signal.place(signal.raw(value), data)
        return data

    def protect(self, data: Bytes, counter: NDArray[np.int64]) -> None:
        """Write alive counter and checksum into payload columns."""
        if self.data_id is None:
            return
        data[:, 1] |= (counter % e2e.COUNTER_MODULUS).astype(np.uint8)
        data[:, 0] = e2e.crc_column(self.data_id, data)

    def intact(self, data: Bytes) -> NDArray[np.bool_]:
        """Which payload columns carry the right checksum."""
        if self.data_id is None:
            return np.ones(len(data), np.bool_)
        checksum = e2e.crc_column(self.data_id, data[:, : self.length])
        return np.equal(checksum, data[:, 0])


def read_layouts(content: bytes) -> Mapping[str, MessageLayout]:
    """The messages of a DBC by name."""
    import_can()  # lean, because cantools imports python-can itself
    cantools = importlib.import_module("cantools")
    database = cantools.database.load_string(content.decode("utf-8"), "dbc")
    return {message.name: _message(message) for message in database.messages}


def _message(message: Any) -> MessageLayout:
    given = {key: found.value for key, found in message.dbc.attributes.items()}
    protected = given.get("E2E_Profile", 0) == 1
    kept = [
        signal
        for signal in message.signals
        if not (protected and signal.name.endswith(("_Crc", "_Cnt")))
    ]
    return MessageLayout(
        name=message.name,
        can_id=message.frame_id,
        flags=(FD if message.is_fd else 0) | (BRS if given.get("CANFD_BRS") else 0),
        length=message.length,
        cycle_ns=int(given.get("GenMsgCycleTime", 0)) * NS_PER_MS,
        sender=message.senders[0] if message.senders else "",
        data_id=int(given["E2E_DataID"]) if protected else None,
        signals={signal.name: _signal(signal) for signal in kept},
    )


def _signal(signal: Any) -> SignalLayout:
    unknown = signal.dbc.attributes.get("SigSNA") if signal.dbc else None
    choices = {str(text): int(raw) for raw, text in (signal.choices or {}).items()}
    return SignalLayout(
        name=signal.name,
        pieces=_pieces(signal.start, signal.length, signal.byte_order),
        bits=signal.length,
        signed=signal.is_signed,
        factor=float(signal.scale),
        offset=float(signal.offset),
        choices=choices,
        not_available=int(unknown.value) if unknown else None,
    )


def _pieces(start: int, bits: int, order: str) -> tuple[Piece, ...]:
    pieces = []
    if order == "little_endian":
        done = 0
        while done < bits:
            byte, left = divmod(start + done, 8)
            width = min(8 - left, bits - done)
            pieces.append(
                Piece(byte=byte, right=done, left=left, mask=(1 << width) - 1)
            )
            done += width
        return tuple(pieces)
    byte, top, rest = start // 8, start % 8, bits
    while rest:
        width = min(top + 1, rest)
        rest -= width
        left = top + 1 - width
        pieces.append(Piece(byte=byte, right=rest, left=left, mask=(1 << width) - 1))
        byte, top = byte + 1, 7
    return tuple(pieces)
