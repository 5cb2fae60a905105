"""The catalogue: every sentence about a judgement, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from examrunner.criteria.sentences import (
    answers,
    bodies,
    bus,
    events,
    files,
    following,
    frame,
    integrity,
    missing,
    poses,
    process,
    reaching,
    seams,
    signals,
    statistics,
    temporal,
    texts,
    uds,
    uds_states,
    vision,
)
from examrunner.model.text import Text

CATALOGUE: Final[Mapping[str, Text]] = {
    **frame.SENTENCES,
    **signals.SENTENCES,
    **statistics.SENTENCES,
    **bus.SENTENCES,
    **events.SENTENCES,
    **following.SENTENCES,
    **reaching.SENTENCES,
    **temporal.SENTENCES,
    **uds.SENTENCES,
    **uds_states.SENTENCES,
    **vision.SENTENCES,
    **bodies.SENTENCES,
    **poses.SENTENCES,
    **seams.SENTENCES,
    **answers.SENTENCES,
    **texts.SENTENCES,
    **files.SENTENCES,
    **process.SENTENCES,
    **integrity.SENTENCES,
    **missing.SENTENCES,
}
"""Sentence key to its wording; gaps in braces are filled from ``Sentence.values``."""
