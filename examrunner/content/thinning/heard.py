"""Which tracks of a timeline a rubric looks at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from examrunner.model.timeline import Messages, Series, Timeline

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Heard(Mapping[str, V], Generic[V]):
    """A mapping that remembers what was asked of it and found."""

    inner: Mapping[str, V]
    asked: dict[str, None] = field(default_factory=dict)

    def __getitem__(self, name: str) -> V:
        found = self.inner[name]
        self.asked.setdefault(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """A timeline that remembers which of its tracks were looked at.

    Attributes:
        timeline: What criteria are given.
        signals: Signals that they asked for so far.
        messages: Messages likewise.
        truth: Fault-box quantities likewise.
    """

    timeline: Timeline
    signals: Mapping[str, None]
    messages: Mapping[str, None]
    truth: Mapping[str, None]

    @classmethod
    def to(cls, timeline: Timeline) -> "Listening":
        """The timeline, not yet looked at."""
        signals: _Heard[Series] = _Heard(timeline.signals)
        messages: _Heard[Messages] = _Heard(timeline.messages)
        truth: _Heard[Series] = _Heard(timeline.truth)
        return cls(
            timeline=replace(timeline, signals=signals, messages=messages, truth=truth),
            signals=signals.asked,
            messages=messages.asked,
            truth=truth.asked,
        )
