"""One camera, looked at on a thread of its own and reopened when it fails."""

import io
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from PIL import Image

from examrunner.capture.clock import RecordingClock
from examrunner.capture.losses import Losses
from examrunner.drivers.links import CameraLink, Shot
from examrunner.model.errors import RigError

LOOK_S: Final = 0.4
"""Between two looks: a fault is written down within 2 s of its beginning."""
BACK_OFF_S: Final = (0.1, 0.2, 0.5)
"""Pauses before each attempt to reopen; the last one repeats."""
BLACK: Final = 12
"""Grey value that something in a lit room is brighter than."""


class CameraWatch:
    """A camera link that notices by itself when the camera is gone.

    A thumbnail is the newest that was looked at; a still is taken when asked for.

    Args:
        name: Camera name.
        opening: Opens the link.
        clock: Recording time.
        losses: Told when the camera is lost and when it is back.

    Raises:
        RigError: If it cannot be opened.
    """

    def __init__(
        self,
        name: str,
        opening: Callable[[], CameraLink],
        clock: RecordingClock,
        losses: Losses,
    ) -> None:
        self._name = name
        self._opening = opening
        self._clock = clock
        self._losses = losses
        self._link: CameraLink | None = opening()
        self._newest: Shot | None = None
        self._using = threading.Lock()
        self._looked = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def still(self) -> Shot:
        with self._using:
            return self._opened().still()

    def thumbnail(self) -> Shot:
        self._looked.wait(LOOK_S)
        newest = self._newest
        if newest is None:
            raise self._lost()
        return newest

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._release()

    def _run(self) -> None:
        good_ns = self._clock.now_ns()
        attempts = 0
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            try:
                self._look()
            except Exception as error:  # noqa: BLE001  # any driver, any exception
                self._newest = None
                self._losses.began(self._name, good_ns, _cause(error))
                self._release()
                pause_s = BACK_OFF_S[min(attempts, len(BACK_OFF_S) - 1)]
                attempts += 1
            else:
                good_ns = self._clock.now_ns()
                self._losses.ended(self._name, good_ns)
                attempts, pause_s = 0, LOOK_S
            self._looked.set()

    def _look(self) -> None:
        with self._using:
            if self._link is None:
                self._link = self._opening()
            shot = self._link.thumbnail()
        require_light(shot)
        self._newest = shot

    def _release(self) -> None:
        with self._using:
            link, self._link = self._link, None
        if link is not None:
            with suppress(Exception):  # what is gone cannot be closed
                link.close()

    def _opened(self) -> CameraLink:
        if self._link is None:
            raise self._lost()
        return self._link

    def _lost(self) -> RigError:
        return RigError(
            "the camera is lost; it is being looked for.",
            where=self._name,
            remedy="Check its cable; then take the picture again.",
        )


def require_light(shot: Shot) -> None:
    """Looks whether anything is to be seen.

    Raises:
        RigError: If the picture is black.
    """
    with Image.open(io.BytesIO(shot.data)) as opened:
        opened.draft("L", (64, 64))  # a JPEG decodes small at once
        _, brightest = opened.convert("L").getextrema()
    if isinstance(brightest, int | float) and brightest < BLACK:
        raise RigError(
            "the camera's picture is black.",
            where="camera",
            remedy="Take its lens cap off; switch the light on.",
        )


def _cause(error: Exception) -> str:
    return error.problem if isinstance(error, RigError) else type(error).__name__
