"""A check that failed itself."""

from collections.abc import Iterator

from examrunner.criteria.verdicts import graded
from examrunner.model.judgement import Judgement, Sentence


def unchecked(check: str, error: Exception) -> Iterator[tuple[str, Judgement]]:
    """That an examiner has to look himself."""
    values = {"code": check, "why": f"{type(error).__name__}: {error}"[:200]}
    reason = Sentence(key="flag.unchecked", values=values)
    yield f"unchecked.{check}", graded(0.0, reason)
