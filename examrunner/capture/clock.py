"""Recording time: zero when capture opened, whoever owns the rig's time."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Stamps = NDArray[np.int64]

MEMORY_NS: Final = 10_000_000_000
"""Span over which an adapter's delay is followed."""
STEP_NS: Final = 100_000_000
"""No adapter's stamps run backwards, or ahead of this PC, by more on their own."""


class RecordingClock(Protocol):
    """What everything that is recorded gets its time from."""

    def now_ns(self) -> int:
        """Recording time now."""

    def mapping(self) -> Callable[[Stamps], Stamps]:
        """A new mapping from one adapter's stamps to recording time."""

    def stamped(self, stamp_ns: int | None) -> int:
        """Recording time of a camera's stamp; now, if it gave none."""


class MonotonicClock:
    """Recording time of a real rig: this PC's monotonic clock.

    Args:
        start_ns: Recording time now; more than 0 where a recording is continued.
    """

    def __init__(self, start_ns: int = 0) -> None:
        self._zero_ns = time.monotonic_ns() - start_ns

    def now_ns(self) -> int:
        return time.monotonic_ns() - self._zero_ns

    def mapping(self) -> Callable[[Stamps], Stamps]:
        return AdapterStamps(self.now_ns).mapped

    def stamped(self, stamp_ns: int | None) -> int:
        return self.now_ns()


class FollowedClock:
    """Recording time of a rig that owns its time.

    Args:
        zero_ns: The rig's time at which recording time is zero.
        start_ns: Recording time now; more than 0 where a recording is continued.
    """

    def __init__(self, zero_ns: int, start_ns: int = 0) -> None:
        self._zero_ns = zero_ns
        self._now_ns = start_ns

    def now_ns(self) -> int:
        return self._now_ns

    def follow(self, rig_ns: int) -> None:
        """The rig says what time it is; time never runs backwards."""
        self._now_ns = max(self._now_ns, rig_ns - self._zero_ns)

    def mapping(self) -> Callable[[Stamps], Stamps]:
        return lambda stamps: stamps - self._zero_ns

    def stamped(self, stamp_ns: int | None) -> int:
        return self._now_ns if stamp_ns is None else stamp_ns - self._zero_ns


class AdapterStamps:
    """An adapter's own clock against recording time.

    The smallest delay of the last seconds is taken for none at all, because a delay
    only ever adds; so jitter of this PC does not reach the recording. Some adapters
    stamp with a clock that somebody may set; frames after that start anew.

    Args:
        now_ns: Recording time now.
    """

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._now_ns = now_ns
        self._lags: deque[tuple[int, int]] = deque()
        self._last_ns: int | None = None

    def mapped(self, stamps: Stamps) -> Stamps:
        """Recording time of ``stamps``, received just now; never in the future."""
        now = self._now_ns()
        lag = now - int(stamps[-1])
        step = self._set_at(stamps, lag)
        before = stamps[:0]
        if step is not None:
            before = stamps[:step] + self._lags[0][1]
            self._lags.clear()
        self._follow(now, lag)
        self._last_ns = int(stamps[-1])
        after = stamps[len(before) :] + self._lags[0][1]
        times: Stamps = np.clip(np.concatenate([before, after]), 0, now)
        return times

    def _set_at(self, stamps: Stamps, lag: int) -> int | None:
        """The first stamp after the adapter's clock was set; None if it was not."""
        if self._last_ns is None:
            return None
        steps = np.diff(stamps, prepend=self._last_ns)
        if steps.min() < -STEP_NS:
            return int(steps.argmin())
        if lag < self._lags[0][1] - STEP_NS:
            return int(steps.argmax())
        return None

    def _follow(self, now: int, lag: int) -> None:
        while self._lags and self._lags[0][0] < now - MEMORY_NS:
            self._lags.popleft()
        while self._lags and self._lags[-1][1] >= lag:
            self._lags.pop()
        self._lags.append((now, lag))
