"""Whether somebody else sends what only the rig may send."""

from collections.abc import Iterator
from typing import Final

from examrunner.criteria.duplicate_sender import DuplicateSender
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement
from examrunner.model.timeline import Messages
from examrunner.scoring.integrity.asked import broken

CANDIDATES_TOOL: Final = "TOOL"
"""Sender of the databases that is no part of the rig."""
SURPLUS: Final = 0.02
"""A second sender adds frames; a fault of the rig's own counter does not."""


def senders(hearing: Hearing) -> Iterator[tuple[str, Judgement]]:
    """Every protected cyclic message of the rig that has a second sender."""
    for name in hearing.timeline.messages:
        if _is_watched(hearing.timeline.message(name)):
            criterion = DuplicateSender(messages=(name,), surplus=SURPLUS)
            yield from broken(f"duplicate_sender.{name}", criterion, hearing)


def _is_watched(message: Messages) -> bool:
    protected = message.crc is not None and message.cycle_s is not None
    return protected and message.senders != (CANDIDATES_TOOL,)
