"""Frames that a candidate quotes, which an example has to carry byte by byte."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from examrunner.content.thinning.bus import DIGITS, Sent
from examrunner.criteria.quoted_frames import payload_in
from examrunner.model.timeline import Edit, Messages

FEWEST_BYTES: Final = 3
"""A shorter text in hexadecimal is a number and quotes no frame."""


def quoted_payloads(
    message: Messages, found: Sent, form: Iterable[Edit]
) -> list[list[float | str]]:
    """(time, payload) of the frames whose payload stands in a field of the form."""
    typed = {payload_in(edit.value) or b"" for edit in form}
    frames = message.frames.take(found.rows)
    entries: list[list[float | str]] = []
    for payload in sorted(each for each in typed if len(each) >= FEWEST_BYTES):
        width = len(payload)
        if width > frames.data.shape[1]:
            continue
        same = (frames.data[:, :width] == np.frombuffer(payload, np.uint8)).all(axis=1)
        for row in np.flatnonzero(same & (frames.length == width)):
            at_s = round(float(found.times_s[row]), DIGITS)
            entries.append([at_s, payload.hex()])
    return sorted(entries, key=lambda entry: entry[0])
