"""Camera calibrations as candidates hand them in, read without trusting them.

Understood: OpenCV FileStorage (YAML of 4.x and 5.x, XML, JSON), ROS camera_info and
the JSON of ``examrunner calibrate intrinsics``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.calibration_syntax import read_tree
from examrunner.criteria.flow_yaml import SyntaxProblem, Tree
from examrunner.criteria.named_values import (
    by_plain_name,
    first_of,
    flat_numbers,
    plain_name,
)
from examrunner.criteria.unusable_files import UnusableFileError, problem_of
from examrunner.model.camera import CameraModel, Floats
from examrunner.model.judgement import Sentence

LARGEST_BYTES: Final = 4 << 20
LARGEST_SIDE_PX: Final = 65_536

MATRIX_NAMES: Final = (
    "camera_matrix", "intrinsic_matrix", "K", "mtx", "M1", "M", "KK", "matrix",
)  # fmt: skip
DISTORTION_NAMES: Final = (
    "distortion_coefficients", "distortion_coeffs", "distortion", "dist_coeffs",
    "dist", "D", "D1",
)  # fmt: skip
WIDTH_NAMES: Final = ("image_width", "width")
HEIGHT_NAMES: Final = ("image_height", "height")
SECOND_CAMERA_NAMES: Final = ("M2", "K2", "camera_matrix_2", "cameraMatrix2")
FISHEYE_WORDS: Final = frozenset(
    {"fisheye", "equidistant", "kannalabrandt", "kannalabrandt4"}
)
PINHOLE_WORDS: Final = frozenset(
    {"pinhole", "plumbbob", "radtan", "rationalpolynomial", "none", "standard"}
)
PINHOLE_COUNTS: Final = (4, 5, 8, 12, 14)
FISHEYE_COUNTS: Final = (4,)
USABLE_PINHOLE_TERMS: Final = 8


def read_calibration(
    name: str,
    content: bytes,
    *,
    size_px: tuple[int, int] | None = None,
    fisheye: bool = False,
) -> CameraModel:
    """The camera that a submitted file describes.

    Args:
        name: File name, for messages only.
        content: The bytes as submitted.
        size_px: (width, height) to assume if the file states none.
        fisheye: Camera model to assume if the file states none.

    Raises:
        UnusableFileError: If the bytes are no such file, or describe no usable camera.
    """
    if len(content) > LARGEST_BYTES:
        raise UnusableFileError(
            problem_of("large", name=name, bytes=len(content)),
            where=name,
            remedy="Hand in the calibration only, without pictures or points.",
        )
    try:
        tree = read_tree(content)
    except SyntaxProblem as problem:
        raise UnusableFileError(
            problem_of("unreadable", name=name, problem=problem.said),
            where=f"{name}:{problem.line}",
            remedy="Hand in what OpenCV, ROS or examrunner wrote, unchanged.",
        ) from None
    return _Submitted(name, by_plain_name(tree)).camera(size_px, fisheye=fisheye)


@dataclass(frozen=True, slots=True)
class _Submitted:
    """A submitted file's values by plain name, ready to be asked."""

    name: str
    values: Mapping[str, Tree]

    def camera(
        self, assumed_px: tuple[int, int] | None, *, fisheye: bool
    ) -> CameraModel:
        if any(plain_name(name) in self.values for name in SECOND_CAMERA_NAMES):
            raise self._fail(problem_of("two_cameras"), "Hand in one camera a file.")
        fisheye = self._fisheye(assumed=fisheye)
        return CameraModel(
            matrix=self._matrix(),
            distortion=self._distortion(fisheye=fisheye),
            size_px=self._size_px(assumed_px),
            fisheye=fisheye,
        )

    def _matrix(self) -> Floats:
        numbers = self._numbers(MATRIX_NAMES)
        if numbers.size != 9:
            raise self._fail(
                problem_of("matrix_size", count=int(numbers.size)),
                "A camera matrix has 3 rows of 3 numbers.",
            )
        matrix = numbers.reshape(3, 3)
        focal_ok = matrix[0, 0] > 0 and matrix[1, 1] > 0
        if not focal_ok or matrix[1, 0] or list(matrix[2]) != [0, 0, 1]:
            raise self._fail(
                problem_of("matrix_form"),
                "Check the order of the numbers; focal lengths are positive.",
            )
        return matrix

    def _distortion(self, *, fisheye: bool) -> Floats:
        numbers = self._numbers(DISTORTION_NAMES)
        counts = FISHEYE_COUNTS if fisheye else PINHOLE_COUNTS
        if numbers.size not in counts:
            expected = ", ".join(map(str, counts))
            raise self._fail(
                problem_of("coefficients", count=int(numbers.size)),
                f"This camera model has one of: {expected}.",
            )
        if np.any(numbers[USABLE_PINHOLE_TERMS:]):
            raise self._fail(
                problem_of("prism"),
                "Calibrate with at most 8 coefficients.",
            )
        return numbers[:USABLE_PINHOLE_TERMS]

    def _size_px(self, assumed_px: tuple[int, int] | None) -> tuple[int, int]:
        pair = self._first(("image_size", "size_px", "resolution"))
        width, height = (
            pair
            if isinstance(pair, list) and len(pair) == 2
            else (self._first(WIDTH_NAMES), self._first(HEIGHT_NAMES))
        )
        sides = [side for side in (width, height) if isinstance(side, int | float)]
        if len(sides) == 2:
            if all(0 < s <= LARGEST_SIDE_PX and s == int(s) for s in sides):
                return int(sides[0]), int(sides[1])
            raise self._fail(
                problem_of("impossible_size"), "Give width and height in pixels."
            )
        if assumed_px is None:
            raise self._fail(
                problem_of("no_size"),
                "Add image_width and image_height.",
            )
        return assumed_px

    def _fisheye(self, *, assumed: bool) -> bool:
        flag = self._first(("fisheye_model", "fisheye"))
        if isinstance(flag, int | float):
            return bool(flag)
        word = self._first(("distortion_model", "camera_model", "model"))
        if not isinstance(word, str) or not word:
            return assumed
        if plain_name(word) not in FISHEYE_WORDS | PINHOLE_WORDS:
            raise self._fail(
                problem_of("distortion_model", what=word[:40]),
                "Use plumb_bob, rational_polynomial or equidistant (fisheye).",
            )
        return plain_name(word) in FISHEYE_WORDS

    def _first(self, names: Sequence[str]) -> Tree | None:
        """The value of the first of ``names`` that the file has."""
        return first_of(self.values, names)

    def _numbers(self, names: Sequence[str]) -> Floats:
        value = self._first(names)
        if value is None:
            raise self._fail(
                problem_of("no_entry", what=names[0]), f"Name it {names[0]}."
            )
        flat = flat_numbers(value)
        if flat is None:
            raise self._fail(problem_of("no_numbers", what=names[0]), "")
        numbers = np.array(flat, dtype=np.float64)
        if not np.isfinite(numbers).all():
            raise self._fail(
                problem_of("not_finite", what=names[0]),
                "The calibration has failed: repeat it with better views.",
            )
        return numbers

    def _fail(self, problem: Sentence, remedy: str) -> UnusableFileError:
        return UnusableFileError(
            problem_of("no_calibration", name=self.name, problem=problem),
            where=self.name,
            remedy=remedy or "Hand in what OpenCV, ROS or examrunner wrote, unchanged.",
        )
