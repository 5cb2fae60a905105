"""Pieces that several kinds of content files share, as pydantic types."""

from decimal import Decimal
from typing import Annotated

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, ConfigDict, Strict, StringConstraints

from examrunner.model.text import Text


class Entry(BaseModel):
    """A mapping of a content file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class TextEntry(Entry):
    """One wording in both languages."""

    zh: Annotated[str, StringConstraints(min_length=1)]
    en: Annotated[str, StringConstraints(min_length=1)]

    def text(self) -> Text:
        """As the model has it."""
        return Text(zh=self.zh, en=self.en)


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
"""What files, channels and nodes are called: also a file name on every system."""

Whole = Annotated[int, Strict(), Ge(0)]
Positive = Annotated[int, Strict(), Gt(0)]
Real = Annotated[float, Strict(), Gt(0)]
Byte = Annotated[int, Strict(), Ge(0), Le(0xFF)]
CanId = Annotated[int, Strict(), Ge(0), Le(0x1FFFFFFF)]
Points = Annotated[Decimal, Ge(0), Le(100)]

Hex16 = Annotated[str, StringConstraints(pattern=r"^0x[0-9A-F]{4}$")]
"""Key such as ``0xF190``."""
Hex24 = Annotated[str, StringConstraints(pattern=r"^0x[0-9A-F]{6}$")]
"""Key such as ``0x454564``."""
