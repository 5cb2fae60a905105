"""How a criterion is asked, whatever its kind."""

from examrunner.criteria.windows import NotOpenedError, Window, misplaced
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement
from examrunner.model.rubric import Criterion


def ask(criterion: Criterion, hearing: Hearing) -> Judgement:
    """The criterion's own judgement, or what it means that its window is not known.

    A window that never opened counts as not met. One that may have begun or ended
    elsewhere leaves less than full marks to an examiner.

    Raises:
        MissingError: If a track it needs was not recorded.
    """
    try:
        found = criterion.judge(hearing)
    except NotOpenedError as never:
        return never.judgement
    window = getattr(criterion, "window", None)
    earned = found.fraction
    if earned is None or earned >= 1 or not isinstance(window, Window):
        return found
    return misplaced(hearing, window) or found
