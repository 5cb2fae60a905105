"""The stills that a candidate took, and what can be computed from them."""

import base64
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final

import numpy as np

from examrunner.decode.vision import board_view
from examrunner.decode.vision.boards import board_label
from examrunner.decode.vision.documents import intrinsics_document
from examrunner.decode.vision.intrinsics import calibrate, without_outliers
from examrunner.decode.vision.opencv_yaml import opencv_yaml
from examrunner.decode.vision.shots import Shot, of_one_size, shot_of
from examrunner.model.camera import CameraModel
from examrunner.model.errors import ContentError
from examrunner.model.recording import Picture
from examrunner.model.station import Board

BLURRED: Final = 0.65
"""Share of the sharpest still's sharpness below which a still is called blurred: a
motion of 2 pixels leaves 0.61, one of 1 pixel 0.70 (measured)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Still:
    """One still of the board.

    Attributes:
        picture: As it is in the recording.
        shot: What it shows.
        sharpness: Laplacian variance inside the board, times the size of the board in
            the picture: a board that is far away shows more edges in each pixel. NaN
            without a board.
        discarded: Whether the candidate threw it away.
    """

    picture: Picture
    shot: Shot
    sharpness: float
    discarded: bool = False


class Stills:
    """The stills of one camera in this attempt, in order of capture.

    Args:
        board: Board that is held before the camera.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._stills: dict[str, Still] = {}
        self._lock = Lock()

    def add(self, picture: Picture) -> None:
        """Look at a new still."""
        shot = shot_of(picture.name, picture.data, self._board)
        sharpness = float("nan")
        if len(shot.ids):
            view = board_view(picture, self._board)
            sharpness = view.sharpness * _square_px(shot)
        with self._lock:
            self._stills[picture.name] = Still(
                picture=picture, shot=shot, sharpness=sharpness
            )

    def discard(self, name: str) -> None:
        """Throw a still away; the recording keeps it.

        Raises:
            ContentError: If there is no such still.
        """
        still = self.find(name)
        with self._lock:
            self._stills[name] = replace(still, discarded=True)

    def find(self, name: str) -> Still:
        """The still of that name.

        Raises:
            ContentError: If there is none.
        """
        found = self._stills.get(name)
        if found is None or found.discarded:
            raise ContentError(
                f"there is no still '{name}'.",
                where="stills",
                remedy="Look at the list again; it may have been discarded.",
            )
        return found

    def kept(self) -> tuple[Still, ...]:
        """Those that were not thrown away."""
        with self._lock:
            return tuple(s for s in self._stills.values() if not s.discarded)

    def reports(self) -> list[dict[str, Any]]:
        """What the page shows of each still."""
        kept = self.kept()
        sharpest = max((s.sharpness for s in kept if len(s.shot.ids)), default=0.0)
        return [_report(still, sharpest) for still in kept]

    def calibration(self, *, hold_k3: bool) -> dict[str, Any]:
        """A calibration from the stills that were kept, and the file to hand in."""
        shots = of_one_size([still.shot for still in self.kept()])
        found = calibrate(shots, fisheye=False, hold_k3=hold_k3)
        cleaned = without_outliers(found, shots, fisheye=False, hold_k3=hold_k3)
        document = intrinsics_document(
            found, cleaned, board=board_label(self._board), fisheye=False
        )
        if found.model is None or found.rms_px is None:
            return {**document, "file": None}
        return {**document, "file": _file(found.model, found.rms_px)}


def _report(still: Still, sharpest: float) -> dict[str, Any]:
    seen = len(still.shot.ids) > 0
    share = still.sharpness / sharpest if seen and sharpest else None
    blurred = share is not None and share < BLURRED
    return {
        "name": still.picture.name,
        "t_ns": still.picture.t_ns,
        "corners": len(still.shot.ids),
        "sharpness": None if share is None else round(share, 2),
        "blurred": blurred,
        "refusal": still.shot.refusal or None,
    }


def _square_px(shot: Shot) -> float:
    """How large the board is in the picture: spread of its corners over their own."""
    seen = float(np.linalg.norm(np.std(shot.corners_px, axis=0)))
    return seen / float(np.linalg.norm(np.std(shot.points_mm, axis=0)))


def _file(model: CameraModel, rms_px: float) -> dict[str, str]:
    text = opencv_yaml(model, rms_px)
    return {
        "name": "calibration.yaml",
        "media_type": "application/yaml",
        "base64": base64.b64encode(text.encode()).decode(),
    }
