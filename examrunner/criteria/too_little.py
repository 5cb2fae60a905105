"""What it means that a question could not be put: the stimulus was missing."""

from typing import Literal

from examrunner.criteria.verdicts import graded, left_open
from examrunner.model.judgement import Evidence, Judgement, Outcome, Sentence

OnTooLittle = Literal["review", "fail"]


def too_little(
    on_too_little: OnTooLittle, reason: Sentence, evidence: Evidence
) -> Judgement:
    """Nothing could be measured: left to an examiner, or a failure of the candidate."""
    if on_too_little == "fail":
        return graded(0.0, reason, evidence=[evidence])
    return left_open(Outcome.NOT_MEASURED, reason, evidence=[evidence])
