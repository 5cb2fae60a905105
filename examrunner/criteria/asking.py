"""How a criterion is asked: windows that never opened count as not met."""

from examrunner.criteria.windows import NotOpenedError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement
from examrunner.model.rubric import Criterion


def ask(criterion: Criterion, hearing: Hearing) -> Judgement:
    """The criterion's own judgement, or what an unopened window means.

    Raises:
        MissingError: If a track it needs was not recorded.
    """
    try:
        return criterion.judge(hearing)
    except NotOpenedError as never:
        return never.judgement
