"""golden.yaml: what the scripted candidates must score.

One beside a rubric says what its own candidates score; one beside the scheme says it
for profiles that can play every task. What the task says goes before.
"""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Strict, TypeAdapter, model_validator

from examrunner.content.documents import read_as, read_document
from examrunner.content.entries import Entry, Name, Points

FILE: Final = "golden.yaml"


class Expectation(Entry):
    """What one profile must score.

    Attributes:
        points: Least and most of the final points, both inclusive.
        verdict: What it must be; None: anything but ``pass``.
        flagged: Whether integrity checks must raise a flag, or must raise none;
            None: both will do.
    """

    points: tuple[Points, Points]
    verdict: Literal["pass", "fail", "veto", "undecided"] | None = None
    flagged: Annotated[bool, Strict()] | None = None

    @model_validator(mode="after")
    def is_a_band(self) -> Self:
        """Refuses a band that is upside down."""
        if self.points[0] > self.points[1]:
            raise ValueError("the least points are more than the most")
        return self

    def holds(self, low: Decimal, high: Decimal) -> bool:
        """Whether both ends of a score lie in the band."""
        return self.points[0] <= low and high <= self.points[1]


GOLDEN: Final = TypeAdapter(dict[Name, Expectation])


def read_golden(rubric: Path) -> Mapping[str, Expectation]:
    """Expectations by profile of the task whose rubric lies at ``rubric``.

    Raises:
        ContentError: If a file is wrong.
    """
    found: dict[str, Expectation] = {}
    for folder in (rubric.parents[1], rubric.parent):
        path = folder / FILE
        if path.is_file():
            said = read_as(GOLDEN, read_document(path))
            found.update(said)
    return found
