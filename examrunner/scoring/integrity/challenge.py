"""Whether the rig shows this attempt's challenge."""

from collections.abc import Iterator

from examrunner.criteria.challenge_seen import ChallengeSeen
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement
from examrunner.scoring.integrity.asked import broken


def challenge(hearing: Hearing) -> Iterator[tuple[str, Judgement]]:
    """Another challenge than this attempt's."""
    yield from broken("challenge_seen", ChallengeSeen(), hearing)
