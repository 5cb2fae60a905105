"""A criterion that is asked without being named."""

from collections.abc import Iterator

from examrunner.criteria.asking import ask
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Outcome
from examrunner.model.rubric import Criterion


def broken(
    key: str, criterion: Criterion, hearing: Hearing
) -> Iterator[tuple[str, Judgement]]:
    """Its judgement if it is not met; what cannot be asked is no suspicion."""
    try:
        judgement = ask(criterion, hearing)
    except MissingError:
        return
    if judgement.outcome is Outcome.NOT_MET:
        yield key, judgement
