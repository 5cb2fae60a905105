"""A station's own score; the service's is the one of record."""

import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from examrunner.archive.reading import open_recording
from examrunner.decode.seeing import Eyes
from examrunner.decode.timeline import build_timeline
from examrunner.model.case import Case
from examrunner.model.decision import Decision
from examrunner.model.digests import digest_of
from examrunner.model.judgement import Judgement
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests
from examrunner.model.station import Rig
from examrunner.reports.score_messages import score_message
from examrunner.scoring import judge, settle
from examrunner.scoring.software import deciding_software
from examrunner.wire import ScoreMessage

DATABASES: Final = "dbc/"


class Judge:
    """Scores recordings of one attempt, closed or not, and settles decisions.

    A mistake in scoring must never cost an exam: it is printed, and there is no
    provisional score.

    Args:
        case: The secrets of the attempt.
        rubric: What is asked.
        rig: The rig.
        eyes: What was already seen of the pictures.
    """

    def __init__(self, case: Case, rubric: Rubric, rig: Rig, eyes: Eyes) -> None:
        self._case = case
        self._rubric = rubric
        self._rig = rig
        self._eyes = eyes
        self._last: tuple[Mapping[str, Judgement], Digests] | None = None

    def __call__(self, path: Path) -> ScoreMessage | None:
        """The score of what is recorded so far; None if that failed."""
        try:
            self._last = self._judged(path)
            return self.settled(())
        except Exception:  # noqa: BLE001  # a bug costs a re-run, never an exam
            traceback.print_exc(file=sys.stderr)
            return None

    def settled(self, decisions: Sequence[Decision]) -> ScoreMessage | None:
        """The last judgements with what people decided; None before the first."""
        if self._last is None:
            return None
        judgements, digests = self._last
        score = settle(
            self._rubric,
            judgements,
            decisions,
            digests=digests,
            software=deciding_software(),
        )
        return score_message(score, self._rubric)

    def _judged(self, path: Path) -> tuple[Mapping[str, Judgement], Digests]:
        recording = open_recording(path)
        timeline = build_timeline(recording, self._rig, eyes=self._eyes)
        databases = {
            name.removeprefix(DATABASES): digest_of(content)
            for name, content in recording.attachments().items()
            if name.startswith(DATABASES)
        }
        digests = Digests(
            recording=recording.digest,
            rubric=self._rubric.digest,
            case=self._case.digest,
            databases=databases,
        )
        return judge(timeline, self._rubric, self._case), digests
