"""How far a mark on a body lies from a point beside it, along the floor."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.body_positions import rest_before
from examrunner.criteria.windows import Anchor, anchor_sentence, moment_of
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Sentence

FEWEST_PICTURES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySpan:
    """Horizontal distance between two points, one on a body that rests.

    With the body's median position (x, y) and yaw w before the moment, the mark p
    lies at ``R(w) p + (x, y)``; the span is its distance from the other point.

    Attributes:
        body: The body with the mark.
        reference: The body in whose frame the other point is given.
        from_mm: The other point, forward and to the left.
        to_mm: The mark in the body's own frame.
        before: The position of the body just before this moment counts.
    """

    body: str
    reference: str
    from_mm: tuple[float, float]
    to_mm: tuple[float, float]
    before: Anchor = "exam.end"

    def length_mm(self, hearing: Hearing) -> float:
        """The span.

        Raises:
            MissingError: If the pictures do not tell where the body rested.
            NotOpenedError: If the moment never came.
        """
        at_ns = moment_of(hearing, self.before)
        rest = rest_before(hearing.timeline, self.body, self.reference, at_ns)
        if rest is None or rest.pictures < FEWEST_PICTURES:
            raise MissingError("position", name=self.body)
        turn = np.radians(rest.values["yaw"])
        x, y = self.to_mm
        along = rest.values["distance"] + np.cos(turn) * x - np.sin(turn) * y
        across = rest.values["lateral"] + np.sin(turn) * x + np.cos(turn) * y
        return float(np.hypot(along - self.from_mm[0], across - self.from_mm[1]))


def sentence(span: BodySpan) -> Sentence:
    """A span as words."""
    values = {
        "body": span.body,
        "reference": span.reference,
        "from": "({:g}, {:g})".format(*span.from_mm),
        "to": "({:g}, {:g})".format(*span.to_mm),
        "before": anchor_sentence(span.before),
    }
    return Sentence(key="reference.span", values=values)
