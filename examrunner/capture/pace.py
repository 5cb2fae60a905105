"""Who lets time pass: the world, or a rig that waits for the station."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from examrunner.capture.clock import FollowedClock, MonotonicClock, RecordingClock
from examrunner.drivers.links import Beat, RigClockLink
from examrunner.model.errors import RigError

SILENT_RIG_S: Final = 20.0
"""A rig that owns its time and says nothing for this long is gone."""
BEAT_NS: Final = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where a rig's time stands still, or just passed.

    Attributes:
        t_ns: Recording time.
        sent: Frames that the rig has sent by then, by channel; empty if unknown.
        action: What the candidate does now; None if only time has passed.
    """

    t_ns: int
    sent: Mapping[str, int]
    action: Mapping[str, object] | None = None


Passing = Callable[[int], None]
"""Called now and then, with the recording time, while time passes."""


class Pace(Protocol):
    """How a session gets from one moment to the next."""

    @property
    def clock(self) -> RecordingClock:
        """Recording time."""

    def advance(self, by_ns: int, passing: Passing) -> Moment:
        """Lets so much time pass."""

    def begin(self) -> None:
        """The candidate begins."""

    def next(self, until_ns: int, timeout_s: float, passing: Passing) -> Moment:
        """The candidate's next action, or no action at ``until_ns`` or after a while.

        Args:
            until_ns: Recording time at which to return in any case.
            timeout_s: Longest time to wait, of this PC.
            passing: See ``Passing``.
        """

    def done(self) -> None:
        """The last action has been recorded."""

    def stop(self) -> None:
        """The candidate has stopped, or was stopped."""

    def end(self) -> None:
        """The attempt is over."""


class RealPace:
    """Time passes by itself, and nobody reports what the candidate does.

    Args:
        start_ns: Recording time now.
    """

    def __init__(self, start_ns: int = 0) -> None:
        self.clock = MonotonicClock(start_ns)

    def advance(self, by_ns: int, passing: Passing) -> Moment:
        until_ns = self.clock.now_ns() + by_ns
        while (left_ns := until_ns - self.clock.now_ns()) > 0:
            time.sleep(min(left_ns, BEAT_NS) / 1e9)
            passing(self.clock.now_ns())
        return Moment(t_ns=self.clock.now_ns(), sent={})

    def begin(self) -> None:
        """The world needs no telling."""

    def next(self, until_ns: int, timeout_s: float, passing: Passing) -> Moment:
        left_ns = max(0, until_ns - self.clock.now_ns())
        return self.advance(min(left_ns, round(timeout_s * 1e9)), passing)

    def done(self) -> None:
        """The world does not wait."""

    def stop(self) -> None:
        """The world needs no telling."""

    def end(self) -> None:
        """The world goes on."""


class RigPace:
    """Follows a rig that owns its time.

    Args:
        link: The rig's clock.
        start_ns: Recording time when the link was opened.
    """

    def __init__(self, link: RigClockLink, start_ns: int = 0) -> None:
        self._link = link
        self.clock = FollowedClock(link.opened_ns - start_ns, start_ns)

    def advance(self, by_ns: int, passing: Passing) -> Moment:
        self._link.advance(by_ns)
        moment = self._until(lambda beat: beat.is_advanced, SILENT_RIG_S, passing)
        if moment is None:
            raise RigError(
                "the rig's clock stands still.",
                where="rig clock",
                remedy="Restart the rig; the attempt is repeated.",
            )
        return moment

    def begin(self) -> None:
        self._link.start()

    def next(self, until_ns: int, timeout_s: float, passing: Passing) -> Moment:
        moment = self._until(
            lambda beat: beat.action is not None or self.clock.now_ns() >= until_ns,
            timeout_s,
            passing,
        )
        return moment or Moment(t_ns=self.clock.now_ns(), sent={})

    def done(self) -> None:
        self._link.done()

    def stop(self) -> None:
        self._link.stop()

    def end(self) -> None:
        self._link.quit()
        self._link.close()

    def _until(
        self, is_it: Callable[[Beat], bool], timeout_s: float, passing: Passing
    ) -> Moment | None:
        until = time.monotonic() + timeout_s
        while (left_s := until - time.monotonic()) > 0:
            beats = self._link.beats(timeout_s=left_s)
            for beat in beats:
                self.clock.follow(beat.t_ns)
                if is_it(beat):
                    return self._at(beat)
            if beats:
                passing(self.clock.now_ns())
        return None

    def _at(self, beat: Beat) -> Moment:
        return Moment(t_ns=self.clock.now_ns(), sent=beat.sent, action=beat.action)
