"""What it means that no usable calibration was handed in."""

from examrunner.criteria.exam_time import running
from examrunner.criteria.verdicts import evidence_of, graded
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence


def without_model(hearing: Hearing, field: str, problem: str) -> Judgement:
    """Not met; a critical limit on the value fails the task then."""
    key = "model.unusable" if problem else "model.none"
    reason = Sentence(key=key, values={"field": field, "problem": problem})
    window = running(hearing.clock)
    return graded(0.0, reason, evidence=[evidence_of(f"form.{field}", window)])
