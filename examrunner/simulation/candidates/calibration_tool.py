"""The bench tool that computes a camera's intrinsics from pictures."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.boards import corner_points
from examrunner.decode.vision.charuco import find_charuco
from examrunner.decode.vision.opencv_yaml import opencv_yaml
from examrunner.model.camera import CameraModel
from examrunner.model.station import Board

Floats = NDArray[np.float64]
FEWEST_CORNERS = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """What the tool shows.

    Attributes:
        matrix: Camera matrix (3, 3).
        distortion: k1 k2 p1 p2 k3.
        rms_px: Reprojection error.
        views: How many pictures it used.
        size_px: (width, height) of the pictures.
    """

    matrix: Floats
    distortion: Floats
    rms_px: float
    views: int
    size_px: tuple[int, int]

    def numbers(self) -> dict[str, float]:
        """The nine parameters by name."""
        m = self.matrix
        k1, k2, p1, p2, k3 = (float(value) for value in self.distortion)
        return {
            "fx": float(m[0, 0]),
            "fy": float(m[1, 1]),
            "cx": float(m[0, 2]),
            "cy": float(m[1, 2]),
            "k1": k1,
            "k2": k2,
            "p1": p1,
            "p2": p2,
            "k3": k3,
        }

    def file(self) -> dict[str, str]:
        """As an upload: OpenCV's own YAML."""
        camera = CameraModel(
            matrix=self.matrix, distortion=self.distortion, size_px=self.size_px
        )
        text = opencv_yaml(camera, self.rms_px)
        return {
            "name": "calibration.yaml",
            "media_type": "application/yaml",
            "base64": base64.b64encode(text.encode()).decode(),
        }


def calibrate(pictures: Sequence[NDArray[np.uint8]], board: Board) -> Calibration:
    """Pinhole camera with five coefficients, all of them free.

    Raises:
        ValueError: If no picture shows the board.
    """
    cv2.setNumThreads(1)
    views = [find_charuco(picture, board) for picture in pictures]
    used = [view for view in views if len(view.ids) >= FEWEST_CORNERS]
    if not used:
        raise ValueError("no picture shows the board")
    height, width = pictures[0].shape
    rms, matrix, distortion, _, _ = cv2.calibrateCamera(
        [corner_points(board, view.ids).astype(np.float32) for view in used],
        [view.px.astype(np.float32) for view in used],
        (width, height),
        np.eye(3),
        np.zeros(5),
    )
    return Calibration(
        matrix=np.asarray(matrix, np.float64),
        distortion=np.asarray(distortion, np.float64).ravel()[:5],
        rms_px=float(rms),
        views=len(used),
        size_px=(width, height),
    )
