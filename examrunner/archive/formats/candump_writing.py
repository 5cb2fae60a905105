"""Writes candump's log format, with channel names and error classes."""

from pathlib import Path
from typing import Final

from examrunner.archive.formats.candump import ERROR_BIT, FD_BRS, FD_ESI
from examrunner.archive.formats.merging import Channels, merged
from examrunner.model.frames import BRS, ERROR, ESI, EXTENDED, FD, OWN, REMOTE

NS_PER_US: Final = 1000


def write(channels: Channels, target: Path, epoch_ns: int) -> None:
    """Write a candump log; times are rounded down to microseconds.

    Args:
        channels: Frames by channel name.
        target: The file.
        epoch_ns: Unix time of recording time 0; 0 where it is unknown.
    """
    frames, position = merged(channels)
    names = ["".join(name.split()) for name in channels]
    with target.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(
            f"({_seconds(epoch_ns + t_ns)}) {names[channel]} "
            f"{_frame(can_id, flags, length, data.tobytes())} "
            f"{'T' if flags & OWN else 'R'}\n"
            for t_ns, channel, can_id, flags, length, data in zip(
                frames.t_ns.tolist(),
                position.tolist(),
                frames.ids.tolist(),
                frames.flags.tolist(),
                frames.length.tolist(),
                frames.data,
                strict=True,
            )
        )


def _seconds(unix_ns: int) -> str:
    seconds, micros = divmod(unix_ns // NS_PER_US, 1_000_000)
    return f"{seconds}.{micros:06d}"


def _frame(can_id: int, flags: int, length: int, data: bytes) -> str:
    payload = data[:length].hex().upper()
    if flags & ERROR:
        return f"{can_id | ERROR_BIT:08X}#{payload}"
    identifier = f"{can_id:08X}" if flags & EXTENDED else f"{can_id:03X}"
    if flags & FD:
        bits = (FD_BRS if flags & BRS else 0) | (FD_ESI if flags & ESI else 0)
        return f"{identifier}##{bits}{payload}"
    return f"{identifier}#R{length}" if flags & REMOTE else f"{identifier}#{payload}"
