"""Whether a camera showed nothing for a while."""

from collections.abc import Iterator
from typing import Final

from examrunner.criteria.camera_health import THUMBNAIL, CameraHealth
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement
from examrunner.scoring.integrity.asked import broken

LONGEST_S: Final = 10.0


def cameras(hearing: Hearing) -> Iterator[tuple[str, Judgement]]:
    """Every camera that watches and was frozen, covered or cut off."""
    watching = {p.camera for p in hearing.timeline.pictures if p.purpose == THUMBNAIL}
    for camera in sorted(watching):
        criterion = CameraHealth(streams=(camera,), max_outage_s=LONGEST_S)
        yield from broken(f"camera_health.{camera}", criterion, hearing)
