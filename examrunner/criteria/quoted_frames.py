"""A frame that the candidate quotes from the bus."""

import re
import unicodedata
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.answers import answer_to
from examrunner.criteria.exam_time import exam_ns
from examrunner.model import e2e
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.timeline import NS_PER_S, Messages, Verdict8

SEPARATORS: Final = re.compile(r"0[xX]|[\s,;:_.-]+")
BAD: Final = (int(Verdict8.BAD), int(Verdict8.REPEATED), int(Verdict8.SKIPPED))


class NoSuchFrameError(Exception):
    """The bus carried no such frame before it was quoted."""


def payload_in(text: object) -> bytes | None:
    """Payload bytes as people write them; None if it is no such text.

    >>> payload_in("0x3E 41 42"), payload_in("３ｅ-41-42"), payload_in("3E 1")
    (b'>AB', b'>AB', None)
    """
    if not isinstance(text, str):
        return None
    digits = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not digits or len(digits) % 2 or not re.fullmatch(r"[0-9A-Fa-f]+", digits):
        return None
    return bytes.fromhex(digits)


def quoted_at_s(hearing: Hearing, message: str, data_field: str, typed: float) -> float:
    """Exam time of the quoted frame, the one nearest to the typed time.

    A quoted frame is a frame of ``message`` with exactly the payload that stands in
    ``data_field``, sent in the exam before that field was saved, and wrong in its
    checksum or counter: a frame that is well shows nothing.

    Args:
        hearing: The attempt.
        message: Message name.
        data_field: Field with the payload.
        typed: What the candidate typed, in seconds of exam time.

    Raises:
        MissingError: If the message was not recorded.
        NoSuchFrameError: If there is no such frame.
    """
    found, rows = _quoted(hearing, message, data_field)
    times = [exam_ns(hearing.clock, int(t)) for t in found.frames.t_ns[rows]]
    nearest_ns = min(times, key=lambda t_ns: abs(t_ns - typed * NS_PER_S))
    return round(nearest_ns / NS_PER_S, 6)


def quoted_crc(hearing: Hearing, message: str, data_field: str) -> float:
    """The checksum that the quoted frame should carry.

    CRC-8 SAE J1850 over the data id, low byte first, and bytes 1 to n-1, see
    ``model.e2e``.

    Raises:
        MissingError: If the message was not recorded, or carries no checksum.
        NoSuchFrameError: If there is no such frame.
    """
    found, rows = _quoted(hearing, message, data_field)
    if found.data_id is None:
        raise MissingError("data_id", name=message)
    row = int(rows[0])
    payload = found.frames.data[row, : int(found.frames.length[row])]
    return float(e2e.crc_of(found.data_id, payload.tobytes()))


def _quoted(
    hearing: Hearing, message: str, data_field: str
) -> tuple[Messages, NDArray[np.intp]]:
    found = hearing.timeline.message(message)
    edit = answer_to(hearing, data_field)
    payload = None if edit is None else payload_in(edit.value)
    if edit is None or payload is None:
        raise NoSuchFrameError
    frames = found.frames
    width = frames.data.shape[1]
    if len(payload) > width:
        raise NoSuchFrameError
    wanted = np.frombuffer(payload.ljust(width, b"\x00"), np.uint8)
    sent = (frames.t_ns >= hearing.clock.start_ns) & (frames.t_ns <= edit.t_ns)
    fits = sent & (frames.length == len(payload))
    rows = np.flatnonzero(fits & (frames.data == wanted).all(axis=1) & _bad(found))
    if not len(rows):
        raise NoSuchFrameError
    return found, rows


def _bad(found: Messages) -> NDArray[np.bool_]:
    bad = np.zeros(len(found.frames), np.bool_)
    for verdicts in (found.crc, found.counter):
        if verdicts is not None:
            bad |= np.isin(verdicts, BAD)
    return bad
