"""What it means that no usable calibration was handed in."""

from examrunner.criteria.exam_time import running
from examrunner.criteria.verdicts import evidence_of, graded
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence


def without_model(
    hearing: Hearing, fields: str | tuple[str, ...], problem: Sentence | None
) -> Judgement:
    """Not met; a critical limit on the value fails the task then."""
    listed = (fields,) if isinstance(fields, str) else fields
    field = ", ".join(listed)
    reason = Sentence(key="model.nothing", values={"field": field})
    if problem is not None:
        values = {"field": field, "problem": problem}
        reason = Sentence(key="model.unusable", values=values)
    window = running(hearing.clock)
    evidence = [evidence_of(f"form.{each}", window) for each in listed]
    return graded(0.0, reason, evidence=evidence)
