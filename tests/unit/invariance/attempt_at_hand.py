"""A recorded attempt and everything that it is scored with."""

import functools
from dataclasses import dataclass

from examrunner.archive.reading import Recording
from examrunner.decode.timeline import build_timeline
from examrunner.model.case import Case
from examrunner.model.decision import Decision
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests, Score
from examrunner.model.station import Rig
from examrunner.scoring import judge, settle


@dataclass(frozen=True)
class Attempt:
    """A recorded attempt and everything that it is scored with."""

    recording: Recording
    rig: Rig
    rubric: Rubric
    case: Case
    decisions: tuple[Decision, ...]

    def scored(self, recording: Recording) -> Score:
        """The score of a recording, as if it were this attempt's."""
        digests = Digests(recording="", rubric="", case="")
        timeline = build_timeline(recording, self.rig)
        judgements = judge(timeline, self.rubric, self.case)
        return settle(
            self.rubric, judgements, self.decisions, digests=digests, software={}
        )

    @functools.cached_property
    def score(self) -> Score:
        """The score of the recording as it is."""
        return self.scored(self.recording)
