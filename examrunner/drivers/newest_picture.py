"""The newest picture of a live source, and whether the source is still alive."""

import threading
import time
from collections.abc import Hashable
from typing import Final, Generic, NoReturn, TypeVar

from examrunner.model.errors import RigError

FRESH_S: Final = 1.0
"""A live picture older than this is a fault of the camera."""

Size = tuple[int, int]
Data = TypeVar("Data")


class NewestPicture(Generic[Data]):
    """One thread puts pictures in, others take the newest one out.

    Args:
        where: Which camera, for error messages.
        size_px: (width, height) that every picture must have; None: any.
        fresh_s: How long the source may be silent, or show the very same picture: a
            live sensor has noise. None for a film, whose last picture stays.
    """

    def __init__(
        self, where: str, *, size_px: Size | None, fresh_s: float | None = FRESH_S
    ) -> None:
        self._where = where
        self._size_px = size_px
        self._fresh_s = fresh_s
        self._newest: tuple[Data, Size] | None = None
        self._fingerprint: Hashable = None
        self._arrived_s = self._changed_s = time.monotonic()
        self._ended = ""
        self._news = threading.Condition()

    def put(self, data: Data, size_px: Size, fingerprint: Hashable) -> None:
        """A picture has arrived; equal fingerprints mean equal pictures."""
        with self._news:
            self._arrived_s = time.monotonic()
            if fingerprint != self._fingerprint or self._newest is None:
                self._fingerprint, self._changed_s = fingerprint, self._arrived_s
            self._newest = (data, size_px)
            self._news.notify_all()

    def end(self, reason: str) -> None:
        """No more pictures will come."""
        with self._news:
            self._ended = reason
            self._news.notify_all()

    def get(self) -> Data:
        """The newest picture.

        Raises:
            RigError: If the source is gone, has frozen or shows another size.
        """
        with self._news:
            self._news.wait_for(lambda: self._newest or self._ended, self._fresh_s)
            newest, now_s = self._newest, time.monotonic()
            if newest is None or (self._ended and self._fresh_s is not None):
                self._fail(self._ended or "the camera delivers no picture.")
            if self._fresh_s is not None:
                self._require_life(now_s, self._fresh_s)
            self._require_size(newest[1])
            return newest[0]

    def _require_life(self, now_s: float, fresh_s: float) -> None:
        if now_s - self._arrived_s > fresh_s:
            self._fail("the camera delivers no fresh picture.")
        if now_s - self._changed_s > fresh_s:
            self._fail("the camera shows the same picture again and again.")

    def _require_size(self, size_px: Size) -> None:
        if self._size_px is not None and size_px != self._size_px:
            wanted = "{} x {}".format(*self._size_px)
            found = "{} x {}".format(*size_px)
            self._fail(f"the camera's pictures are {found}, not {wanted}.")

    def _fail(self, problem: str) -> NoReturn:
        raise RigError(
            problem,
            where=self._where,
            remedy="Check its cable, its settings and that no other program uses it.",
        )
