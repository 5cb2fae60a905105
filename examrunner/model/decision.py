"""What people said after the attempt. Append-only, beside the recording."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One examiner's word on one criterion or veto.

    Attributes:
        criterion: Criterion id or veto code.
        by: Who decided.
        at: Wall time, ISO 8601 with zone.
        reason: Why; never empty for an override.
        level: Level 0 to 3 of a judgement item.
        fraction: Share of the points that replaces the machine's.
        confirm: Whether a held veto is confirmed (True) or rejected (False).
    """

    criterion: str
    by: str
    at: str
    reason: str
    level: int | None = None
    fraction: float | None = None
    confirm: bool | None = None
