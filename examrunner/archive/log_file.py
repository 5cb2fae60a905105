"""A log file of another tool, as columns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from examrunner.model.frames import Frames


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
    by_channel: dict[int, list[tuple[int, int, int, bytes]]] = {}
    for row in rows:
        listed = by_channel.setdefault(row.channel, [])
        listed.append((row.t_ns, row.can_id, row.flags, row.data))
    channels = {number: Frames.of(listed) for number, listed in by_channel.items()}
    return LogFile(
        format=format_, channels=dict(sorted(channels.items())), notes=tuple(notes)
    )
