"""A capture process that died alone: its attempt goes on with another one.

The rule is that of a restart: what is on the disk is the truth, the clock stood still
since the last of it. A process that dies again and again stops the clock until an
examiner lets it go on, because somebody has to look at the rig first.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.resuming import Interruption, interruption_of
from examrunner.archive.cut import cut_of
from examrunner.archive.durable import disk_of

TOO_MANY: Final = 3
WITHIN_S: Final = 60.0
LONGEST_REST_S: Final = 5.0
HELD: Final = (
    f"记录程序在 {WITHIN_S:g} 秒内中断 {TOO_MANY} 次：请检查适配器、摄像头和线缆。 / "
    f"the recording program has ended {TOO_MANY} times within {WITHIN_S:g} s: "
    "check adapters, cameras and USB cables, then let it go on"
)


class Deaths:
    """How often the capture process of one attempt has died lately.

    Args:
        now_s: A monotonic clock.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._at_s: deque[float] = deque()

    def note(self) -> None:
        """It has died just now."""
        self._at_s.append(self._now_s())

    @property
    def recent(self) -> int:
        """Deaths of the last ``WITHIN_S``."""
        while self._at_s and self._at_s[0] < self._now_s() - WITHIN_S:
            self._at_s.popleft()
        return len(self._at_s)

    @property
    def are_too_many(self) -> bool:
        """Whether starting it again is no answer any more."""
        return self.recent >= TOO_MANY

    @property
    def rest_s(self) -> float:
        """How long to wait before the next start; nothing after the first."""
        return min(LONGEST_REST_S, 0.5 * (self.recent - 1))


def interruption_after(files: AttemptFiles, deaths: Deaths) -> Interruption | None:
    """Where the attempt goes on; None of one that is closed.

    Raises:
        RecordingError: If the disk refuses.
    """
    with disk_of(files.recording):
        cut = cut_of(files.recording)
    found = interruption_of(cut, files.progress())
    if found is None or not deaths.are_too_many:
        return found
    return replace(found, held=HELD)
