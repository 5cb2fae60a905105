"""A station's own score; the service's is the one of record."""

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from examrunner.archive.reading import open_recording
from examrunner.decode.seeing import Eyes
from examrunner.decode.timeline import build_timeline
from examrunner.model.case import Case
from examrunner.model.digests import digest_of
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests
from examrunner.model.station import Rig
from examrunner.reports.score_messages import score_message
from examrunner.scoring import judge, settle
from examrunner.scoring.software import deciding_software
from examrunner.wire import ScoreMessage

DATABASES: Final = "dbc/"


def judge_of(
    case: Case, rubric: Rubric, rig: Rig, eyes: Eyes
) -> Callable[[Path], ScoreMessage | None]:
    """Scores a recording of this attempt, closed or not.

    A mistake in scoring must never cost an exam: it is printed, and there is no
    provisional score.

    Args:
        case: The secrets of the attempt.
        rubric: What is asked.
        rig: The rig.
        eyes: What was already seen of the pictures.
    """

    def scored(path: Path) -> ScoreMessage | None:
        try:
            return _score(path, rubric, case, rig, eyes)
        except Exception:  # noqa: BLE001  # a bug costs a re-run, never an exam
            traceback.print_exc(file=sys.stderr)
            return None

    return scored


def _score(
    path: Path, rubric: Rubric, case: Case, rig: Rig, eyes: Eyes
) -> ScoreMessage:
    recording = open_recording(path)
    judgements = judge(build_timeline(recording, rig, eyes=eyes), rubric, case)
    databases = {
        name.removeprefix(DATABASES): digest_of(content)
        for name, content in recording.attachments().items()
        if name.startswith(DATABASES)
    }
    digests = Digests(
        recording=recording.digest,
        rubric=rubric.digest,
        case=case.digest,
        databases=databases,
    )
    score = settle(rubric, judgements, digests=digests, software=deciding_software())
    return score_message(score, rubric)
