"""What a candidate sees of his own attempt: what was released, as far as allowed."""

from examrunner.model.rubric import Rubric
from examrunner.service.attempt_messages import AttemptDetail, KeptScore
from examrunner.service.pinned import rubric_of
from examrunner.wire import CriterionMessage, Words

_UNSAID = Words(zh="", en="")


def as_candidates_see(detail: AttemptDetail, rubric: bytes) -> AttemptDetail:
    """The released score without what the rubric keeps from candidates."""
    released = detail.confirmation.score if detail.confirmation else None
    parsed = rubric_of(rubric)
    points = {} if released else dict.fromkeys(("verdict", "low", "high", "max"))
    return detail.model_copy(
        update={
            "attempt": detail.attempt.model_copy(update=points),
            "variant": None,
            "provisional": None,
            "decisions": [],
            "trouble": "",
            "scores": [
                _disclosed(kept, parsed)
                for kept in detail.scores
                if kept.number == released
            ],
        }
    )


def _disclosed(kept: KeptScore, rubric: Rubric) -> KeptScore:
    allowed = {line.id: line.visible_to_candidate for line in rubric.lines()}
    lines = [
        line if allowed.get(line.id, "full") == "full" else _verdict_only(line)
        for line in kept.score.criteria
        if allowed.get(line.id, "full") != "none"
    ]
    score = kept.score.model_copy(update={"criteria": lines, "flags": []})
    return kept.model_copy(update={"score": score})


def _verdict_only(line: CriterionMessage) -> CriterionMessage:
    return line.model_copy(
        update={"reason": _UNSAID, "measured": None, "evidence": [], "machine": None}
    )
