"""Where what a person does at the station's own screen meets the exam."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from examrunner.capture.process import CaptureLostError
from examrunner.model.errors import RecordingError, RigError
from examrunner.model.recording import Picture

HEALTH_S: Final = 0.5
ANSWER_S: Final = 10.0
"""Longest time until an action is on the disk."""

Action = Mapping[str, object]


class NotNowError(RecordingError):
    """Something was handed in at a moment that has no use for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An action that is on the disk.

    Attributes:
        t_ns: Its recording time.
        picture: What a capture took; None of any other action.
    """

    t_ns: int
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An action that waits to be recorded."""

    action: Action
    answer: "Future[Recorded]"


class Desk:
    """Takes actions from the screen's threads and gives them to the exam's."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._health: Mapping[str, Any] = {}
        self._told = 0.0

    def tell_health(self, health: Mapping[str, Any]) -> None:
        """What the capture process says about itself now."""
        self._health, self._told = health, time.monotonic()

    @property
    def wants_health(self) -> bool:
        """Whether the screen should be told again."""
        return time.monotonic() - self._told > HEALTH_S

    @property
    def saved_age_s(self) -> float | None:
        """Age of the newest moment that is wholly on the disk; None if unknown.

        It grows while nobody says anything: a capture process that hangs is seen.
        """
        if not self._health:
            return None
        told_s = time.monotonic() - self._told
        return float(self._health["saved_age_s"]) + told_s

    @property
    def lost(self) -> tuple[str, ...]:
        """Streams that are not recorded now."""
        return tuple(self._health.get("lost", ()))

    def hand_in(self, action: Action) -> Recorded:
        """Returns when the action is on the disk.

        Args:
            action: As a rig's script would say it: ``{"do": "edit", ...}``.

        Raises:
            RecordingError: If no exam runs, or it does not answer.
            RigError: If a camera delivers no picture.
        """
        if self._closed.is_set():
            raise nothing_runs()
        request = Request(action=action, answer=Future())
        self._waiting.put(request)
        if self._closed.is_set():  # it was closed in this very moment
            self.close()
        try:
            return request.answer.result(ANSWER_S)
        except TooLate:
            request.answer.cancel()
            raise RecordingError(
                "the station does not answer; this was not saved.",
                where="station",
                remedy="Try again; if it stays so, call the examiner.",
            ) from None

    def waiting(self) -> Iterator[Request]:
        """What was handed in and not taken yet; each is taken once."""
        with suppress(queue.Empty):
            while True:
                request = self._waiting.get_nowait()
                if request.answer.set_running_or_notify_cancel():
                    yield request

    def serve(self, perform: Callable[[Action], Recorded]) -> None:
        """Performs everything that waits; what fails is told to who asked.

        A camera that delivers no picture does not end an exam: it can be tried again.
        Nor does what comes at the wrong moment.
        """
        for request in self.waiting():
            try:
                request.answer.set_result(perform(request.action))
            except CaptureLostError:
                request.answer.set_exception(_interrupted())
                raise
            except Exception as error:
                request.answer.set_exception(error)
                if isinstance(error, NotNowError):
                    continue
                if not isinstance(error, RigError):
                    raise

    def close(self) -> None:
        """Nothing more is taken; what waits is refused."""
        self._closed.set()
        for request in self.waiting():
            request.answer.set_exception(nothing_runs())


def nothing_runs() -> NotNowError:
    """Something was handed in before the start or after the stop."""
    return NotNowError(
        "no exam runs now; this was not saved.",
        where="station",
        remedy="Wait until the examiner has started the exam.",
    )


def clock_stands_still() -> NotNowError:
    """Something was handed in during a pause."""
    return NotNowError(
        "the exam is paused; this was not saved.",
        where="station",
        remedy="Wait until the examiner lets it go on.",
    )


def _interrupted() -> RecordingError:
    """The capture process died while something was handed in."""
    return RecordingError(
        "the recording was interrupted; it is not certain that this was saved.",
        where="station",
        remedy="Do it again in a few seconds; the clock stands still meanwhile.",
    )
