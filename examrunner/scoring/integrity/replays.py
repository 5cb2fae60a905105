"""Whether traffic or pictures were there before."""

from collections.abc import Iterator

from examrunner.criteria.replayed_pictures import ReplayedPictures
from examrunner.criteria.replayed_traffic import ReplayedTraffic
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement
from examrunner.scoring.integrity.asked import broken


def traffic(hearing: Hearing) -> Iterator[tuple[str, Judgement]]:
    """Noise of the rig that was there before."""
    yield from broken("replayed_traffic", ReplayedTraffic(), hearing)


def pictures(hearing: Hearing) -> Iterator[tuple[str, Judgement]]:
    """Pictures that were there before."""
    yield from broken("replayed_pictures", ReplayedPictures(), hearing)
