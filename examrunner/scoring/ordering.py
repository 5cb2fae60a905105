"""The order in which criteria are asked: first those that others refer to."""

from collections.abc import Mapping, Sequence

from examrunner.criteria.references import criteria_named
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Criterion


def asked_in_order(criteria: Mapping[str, Criterion], rubric: str) -> Sequence[str]:
    """Ids of the criteria, each after those that it refers to.

    Raises:
        ContentError: If criteria refer to each other in a circle, or to none.
    """
    placed: dict[str, None] = {}

    def place(id_: str, above: tuple[str, ...]) -> None:
        if id_ in above:
            raise ContentError(
                f"criteria refer in a circle: {' > '.join((*above, id_))}.",
                where=rubric,
                remedy="Let one of them stand by itself.",
            )
        for other in criteria_named(criteria[id_]):
            if other not in criteria:
                raise ContentError(
                    f"criterion {id_} refers to {other}, which does not exist.",
                    where=rubric,
                    remedy=f"Valid: {', '.join(sorted(criteria))}.",
                )
            place(other, (*above, id_))
        placed.setdefault(id_)

    for id_ in criteria:
        place(id_, ())
    return list(placed)
