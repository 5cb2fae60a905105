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
from examrunner.model.camera import CameraModel, Floats
from examrunner.model.errors import ContentError

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


def parse_calibration(
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
        ContentError: If the bytes are no such file, or describe no usable camera.
    """
    if len(content) > LARGEST_BYTES:
        raise ContentError(
            f"{name} has {len(content)} bytes; a calibration has some thousand.",
            where=name,
            remedy="Hand in the calibration only, without pictures or points.",
        )
    try:
        tree = read_tree(content)
    except SyntaxProblem as problem:
        raise ContentError(
            f"{name} cannot be read: {problem.problem}.",
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
            raise self._fail("it describes two cameras", "Hand in one camera a file.")
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
                f"its camera matrix has {numbers.size} numbers",
                "A camera matrix has 3 rows of 3 numbers.",
            )
        matrix = numbers.reshape(3, 3)
        focal_ok = matrix[0, 0] > 0 and matrix[1, 1] > 0
        if not focal_ok or matrix[1, 0] or list(matrix[2]) != [0, 0, 1]:
            raise self._fail(
                "its camera matrix has not the form fx 0 cx, 0 fy cy, 0 0 1",
                "Check the order of the numbers; focal lengths are positive.",
            )
        return matrix

    def _distortion(self, *, fisheye: bool) -> Floats:
        numbers = self._numbers(DISTORTION_NAMES)
        counts = FISHEYE_COUNTS if fisheye else PINHOLE_COUNTS
        if numbers.size not in counts:
            expected = ", ".join(map(str, counts))
            raise self._fail(
                f"it has {numbers.size} distortion coefficients",
                f"This camera model has one of: {expected}.",
            )
        if np.any(numbers[USABLE_PINHOLE_TERMS:]):
            raise self._fail(
                "it uses thin-prism or tilt terms, which no task asks for",
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
                "its image size is impossible", "Give width and height in pixels."
            )
        if assumed_px is None:
            raise self._fail(
                "it does not say which image size it holds for",
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
                f"its distortion model '{word[:40]}' is not known here",
                "Use plumb_bob, rational_polynomial or equidistant (fisheye).",
            )
        return plain_name(word) in FISHEYE_WORDS

    def _first(self, names: Sequence[str]) -> Tree | None:
        """The value of the first of ``names`` that the file has."""
        return first_of(self.values, names)

    def _numbers(self, names: Sequence[str]) -> Floats:
        value = self._first(names)
        if value is None:
            raise self._fail(f"it has no {names[0]}", f"Name it {names[0]}.")
        flat = flat_numbers(value)
        if flat is None:
            raise self._fail(f"its {names[0]} holds something else than numbers", "")
        numbers = np.array(flat, dtype=np.float64)
        if not np.isfinite(numbers).all():
            raise self._fail(
                f"its {names[0]} holds numbers that are not finite",
                "The calibration has failed: repeat it with better views.",
            )
        return numbers

    def _fail(self, problem: str, remedy: str) -> ContentError:
        return ContentError(
            f"{self.name} is no usable calibration: {problem}.",
            where=self.name,
            remedy=remedy or "Hand in what OpenCV, ROS or examrunner wrote, unchanged.",
        )
