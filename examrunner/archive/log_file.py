"""A log file of another tool, as columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from examrunner.model.frames import Frames

PENDING_ROWS: Final = 65_536
"""Rows become columns in parts of this size: a row as a tuple takes ten times more."""


class Row(NamedTuple):
    """One frame as a log file holds it.

    Attributes:
        t_ns: The file's own time; its zero is the file's business.
        channel: The file's own channel number.
        can_id: Identifier without flag bits; an error frame's class bits.
        flags: Bits of ``model.frames``.
        data: Payload.
    """

    t_ns: int
    channel: int
    can_id: int
    flags: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """Everything that a log file holds.

    Attributes:
        format: Name of its format, for example ``candump``.
        channels: Frames by the file's own channel number, each in file order.
        notes: What the format cannot carry or the file got wrong, as sentences.
    """

    format: str
    channels: Mapping[int, Frames]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return sum(len(frames) for frames in self.channels.values())


def collected(format_: str, rows: Iterable[Row], notes: Iterable[str] = ()) -> LogFile:
    """The log file that consists of ``rows``."""
    parts: dict[int, list[Frames]] = {}
    pending: dict[int, list[tuple[int, int, int, bytes]]] = {}
    for row in rows:
        listed = pending.setdefault(row.channel, [])
        listed.append((row.t_ns, row.can_id, row.flags, row.data))
        if len(listed) == PENDING_ROWS:
            parts.setdefault(row.channel, []).append(Frames.of(listed))
            listed.clear()
    for channel, listed in pending.items():
        parts.setdefault(channel, []).append(Frames.of(listed))
    return LogFile(
        format=format_,
        channels={n: Frames.concatenate(parts[n]) for n in sorted(parts)},
        notes=tuple(notes),
    )
