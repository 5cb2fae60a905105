"""Payloads of J1939 messages that are too long for one frame."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from examrunner.decode.bits import LEAST_WIDTH
from examrunner.decode.diagnostics.j1939 import (
    CONNECTION_FORMAT,
    TRANSFER_FORMAT,
    LongMessage,
    long_messages,
)
from examrunner.decode.matching import Key
from examrunner.decode.payloads import Payloads
from examrunner.model.frames import Frames


def transported(columns: Mapping[Key, Frames]) -> Sequence[LongMessage]:
    """All long messages; reads only the identifiers that carry them."""
    carriers = {
        key: columns[key]
        for key in columns
        if key[2] and key[1] >> 16 & 0xFF in {CONNECTION_FORMAT, TRANSFER_FORMAT}
    }
    return long_messages(carriers).messages


def payloads_of(messages: Iterable[LongMessage], channel: str, pgn: int) -> Payloads:
    """The payloads of one parameter group, timed by their end.

    An empty channel means whichever carried them.
    """
    chosen = [
        each for each in messages if each.pgn == pgn and channel in {"", each.channel}
    ]
    width = max([LEAST_WIDTH, *(len(each.data) for each in chosen)])
    data = np.zeros((len(chosen), width), np.uint8)
    for row, each in zip(data, chosen, strict=True):
        row[: len(each.data)] = np.frombuffer(each.data, np.uint8)
    return Payloads(
        t_ns=np.array([each.to_ns for each in chosen], np.int64),
        length=np.array([len(each.data) for each in chosen], np.int64),
        data=data,
    )
