"""What it means that no usable calibration was handed in."""

from examrunner.criteria.exam_time import running
from examrunner.criteria.verdicts import evidence_of, graded
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence


def without_model(hearing: Hearing, field: str, problem: Sentence | None) -> Judgement:
    """Not met; a critical limit on the value fails the task then."""
    reason = Sentence(key="model.nothing", values={"field": field})
    if problem is not None:
        values = {"field": field, "problem": problem}
        reason = Sentence(key="model.unusable", values=values)
    window = running(hearing.clock)
    return graded(0.0, reason, evidence=[evidence_of(f"form.{field}", window)])
