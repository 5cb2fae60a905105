"""Stored recordings as timelines; runs in child processes only."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from examrunner.archive.reading import Recording, open_recording
from examrunner.content.rigs import attached_rig, read_rig
from examrunner.content.search import SearchPath
from examrunner.decode.timeline import build_timeline
from examrunner.model.station import Rig
from examrunner.model.timeline import Timeline

KEPT_OPEN: Final = 4
"""Recordings that a child keeps open: examiners look at one for a while."""


@lru_cache(maxsize=KEPT_OPEN)
def opened(path: Path, content: SearchPath) -> tuple[Recording, Timeline]:
    """The recording at ``path`` and what it says.

    Raises:
        RecordingError: If it is damaged.
        ContentError: If nobody describes its rig.
    """
    recording = open_recording(path)
    return recording, build_timeline(recording, rig_of(recording, content))


def rig_of(recording: Recording, content: SearchPath) -> Rig:
    """The rig as the recording carries it, else as the content describes it now."""
    carried = attached_rig(recording.attachments(), recording.path)
    return carried or read_rig(recording.header.rig, content)
