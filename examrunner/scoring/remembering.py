"""What of a recording must not come again."""

import numpy as np

from examrunner.model.timeline import Timeline
from examrunner.model.traces import Earlier


def remembered(digest: str, timeline: Timeline) -> Earlier:
    """What later recordings are compared with.

    Args:
        digest: Of the recording.
        timeline: What it says.
    """
    return Earlier(
        digest=digest,
        noise={trace.name: np.sort(trace.marks) for trace in timeline.noise},
        pictures=tuple(timeline.pictures),
    )
