"""Calibration files that candidates upload into the answer form."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.answers import answer_to
from examrunner.criteria.calibration_files import read_calibration
from examrunner.criteria.unusable_files import UnusableFileError, problem_of
from examrunner.criteria.uploads import upload_of
from examrunner.model.camera import CameraModel
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Sentence

MATRIX_PLACES: Final = {"fx": (0, 0), "fy": (1, 1), "cx": (0, 2), "cy": (1, 2)}
COEFFICIENTS: Final = ("k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6")
FISHEYE_COEFFICIENTS: Final = ("k1", "k2", "k3", "k4")


class NothingSubmittedError(Exception):
    """No calibration was handed in, or none that can be used.

    Args:
        problem: What is wrong with the file; None if there is none.
    """

    def __init__(self, problem: Sentence | None = None) -> None:
        super().__init__("" if problem is None else problem.key)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubmittedModel:
    """A calibration as the candidate handed it in."""

    camera: CameraModel
    t_ns: int

    def number(self, name: str) -> float:
        """One number of the model by its usual name, ``fx`` to ``k6``.

        Raises:
            MissingError: If a camera model has no such number.
        """
        if name in MATRIX_PLACES:
            return float(self.camera.matrix[MATRIX_PLACES[name]])
        names = FISHEYE_COEFFICIENTS if self.camera.fisheye else COEFFICIENTS
        if name not in names:
            raise MissingError("calibration_number", name=name)
        row = names.index(name)
        found = self.camera.distortion
        return float(found[row]) if row < len(found) else 0.0


def submitted_model(
    hearing: Hearing, field: str, size_px: tuple[int, int] | None = None
) -> SubmittedModel:
    """The calibration that is in a file field at the stop.

    Raises:
        NothingSubmittedError: If there is none, or it cannot be read.
    """
    edit = answer_to(hearing, field)
    upload = None if edit is None else upload_of(edit)
    if upload is None:
        raise NothingSubmittedError
    if upload.content is None:
        raise NothingSubmittedError(problem_of("damaged"))
    assumed = size_px or _size_of_views(hearing)
    try:
        camera = read_calibration(upload.name, upload.content, size_px=assumed)
    except UnusableFileError as error:
        raise NothingSubmittedError(error.said) from None
    if not (np.isfinite(camera.matrix).all() and np.isfinite(camera.distortion).all()):
        raise NothingSubmittedError(problem_of("not_finite", what="camera_matrix"))
    return SubmittedModel(camera=camera, t_ns=upload.t_ns)


def _size_of_views(hearing: Hearing) -> tuple[int, int] | None:
    views = hearing.timeline.views
    return views[0].size_px if views else None
