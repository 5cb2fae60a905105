"""How long the board was held still at each pose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from examrunner.criteria.geometry import pose_difference, turn_between_deg
from examrunner.criteria.poses import Pose
from examrunner.criteria.scales import Scale
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.views import (
    ViewRules,
    hull_of,
    no_views,
    posed_views,
    taken_views,
)
from examrunner.model.camera import Floats
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, BoardView

Shot = tuple[BoardView, Pose]
MS_DECIMALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRest:
    """A board that rests while its stills are taken.

    Successive stills belong to one pose as long as none is farther from the first of
    them than ``views.distinct`` says. The rest at a pose is the longest time between
    two of its stills over which the standard deviation of all stills from the one to
    the other stays below ``std_mm`` (distance of the board's middle from its mean) and
    ``std_deg`` (angle to the middle one). One still alone shows no rest: 0 s.

    Attributes:
        views: What makes a still count; whether it is a repetition does not matter.
        std_mm: Largest standard deviation of the position.
        std_deg: Largest standard deviation of the orientation.
    """

    views: ViewRules
    std_mm: float = 1.0
    std_deg: float = 0.1

    def sentence(self) -> Sentence:
        """What is asked, as words."""
        values = {
            "camera": self.views.camera,
            "mm": self.std_mm,
            "deg": self.std_deg,
        }
        return Sentence(key="board_rest.rests", values=values)

    def judge(self, hearing: Hearing, score: Scale) -> Judgement:
        """The mean over all poses of what their rests are worth."""
        taken = taken_views(hearing, self.views.camera)
        if not taken:
            return no_views(hearing, self.views.camera)
        rests = [self._rest_s(shots) for shots in self._poses(hearing)]
        hull = hull_of(taken)
        shares = [score.fraction(rest) for rest in rests]
        values = {
            "poses": len(rests),
            "enough": sum(share >= 1 for share in shares),
            "shortest_s": min(rests, default=0.0),
            "scale": score.sentence("s"),
            "span": span_of(hull),
        }
        return graded(
            sum(shares) / len(shares) if shares else 0.0,
            Sentence(key="board_rest.reason", values=values),
            measured=Measured(value=min(rests, default=0.0), unit="s"),
            evidence=[evidence_of(self.views.camera, hull)],
            details={"poses": float(len(rests))},
        )

    def _poses(self, hearing: Hearing) -> list[list[Shot]]:
        groups: list[list[Shot]] = []
        for view, pose in posed_views(hearing, self.views):
            if groups and self._same(groups[-1][0], (view, pose)):
                groups[-1].append((view, pose))
            else:
                groups.append([(view, pose)])
        return groups

    def _same(self, one: Shot, other: Shot) -> bool:
        centre = one[0].points_mm.mean(axis=0)
        deg, mm = pose_difference(one[1], other[1], centre)
        return deg <= self.views.distinct.deg and mm <= self.views.distinct.mm

    def _rest_s(self, shots: Sequence[Shot]) -> float:
        longest = 0
        for first in range(len(shots)):
            for last in range(len(shots) - 1, first, -1):
                lasting = shots[last][0].t_ns - shots[first][0].t_ns
                if lasting > longest and self._rests(shots[first : last + 1]):
                    longest = lasting
        return round(longest / NS_PER_S, MS_DECIMALS)

    def _rests(self, shots: Sequence[Shot]) -> bool:
        centre = shots[0][0].points_mm.mean(axis=0)
        places = np.array([pose.place(centre[None])[0] for _, pose in shots])
        off_mm = np.linalg.norm(places - places.mean(axis=0), axis=1)
        middle = shots[len(shots) // 2][1].turn
        off_deg = np.array([turn_between_deg(p.turn, middle) for _, p in shots])
        return _spread(off_mm) < self.std_mm and _spread(off_deg) < self.std_deg


def _spread(off: Floats) -> float:
    """Root mean square distance from the middle."""
    return float(np.sqrt(np.mean(off**2)))
