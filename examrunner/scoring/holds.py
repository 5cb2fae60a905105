"""Hold times that a rubric gives to signals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from examrunner.model.timeline import Series, Timeline


def held_as(timeline: Timeline, holds: Mapping[str, float]) -> Timeline:
    """The timeline with the hold times of ``holds``, in seconds by signal."""
    if not holds:
        return timeline
    return replace(timeline, signals=_Held(timeline.signals, holds))


@dataclass(frozen=True, slots=True)
class _Held(Mapping[str, Series]):
    """Series whose hold time is the rubric's; still decoded when first asked for."""

    signals: Mapping[str, Series]
    holds: Mapping[str, float]

    def __getitem__(self, name: str) -> Series:
        series = self.signals[name]
        hold_s = self.holds.get(name)
        return series if hold_s is None else replace(series, hold_s=hold_s)

    def __iter__(self) -> Iterator[str]:
        return iter(self.signals)

    def __len__(self) -> int:
        return len(self.signals)
