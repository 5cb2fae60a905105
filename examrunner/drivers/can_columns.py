"""python-can's messages as columns."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from examrunner.model.frames import (
    BRS,
    ERROR,
    ESI,
    EXTENDED,
    FD,
    OWN,
    REMOTE,
    Frames,
    width_for,
)


def columns_of(messages: Sequence[Any]) -> Frames:
    """The frames of ``messages`` with the adapter's stamps in nanoseconds."""
    payloads = [bytes(message.data or b"") for message in messages]
    length = np.array([len(payload) for payload in payloads], np.uint8)
    width = width_for(int(length.max(initial=0)))
    padded = b"".join([payload.ljust(width, b"\0") for payload in payloads])
    return Frames(
        t_ns=np.array([round(message.timestamp * 1e9) for message in messages], int),
        ids=np.array([message.arbitration_id for message in messages], np.uint32),
        flags=np.array([_flags(message) for message in messages], np.uint8),
        length=length,
        data=np.frombuffer(padded, np.uint8).reshape(len(messages), width),
    )


def _flags(message: Any) -> int:
    flags = EXTENDED if message.is_extended_id else 0
    if message.is_remote_frame:
        flags |= REMOTE
    if message.is_error_frame:
        flags |= ERROR
    if message.is_fd:
        flags |= FD | (BRS if message.bitrate_switch else 0)
        flags |= ESI if message.error_state_indicator else 0
    return flags if message.is_rx else flags | OWN
