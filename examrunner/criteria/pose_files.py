"""Extrinsics as candidates hand them in as a file, read without trusting them.

Understood in YAML, XML or JSON, OpenCV's dialects included: a rotation vector or a
rotation matrix with a translation, or one 3 x 4 or 4 x 4 matrix with both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from examrunner.criteria.calibration_syntax import read_tree
from examrunner.criteria.flow_yaml import SyntaxProblem, Tree
from examrunner.criteria.named_values import by_plain_name, first_of, flat_numbers
from examrunner.criteria.poses import Pose
from examrunner.criteria.unusable_files import UnusableFileError, problem_of
from examrunner.model.camera import Floats, rotation

LARGEST_BYTES: Final = 1 << 20
WHOLE_NAMES: Final = ("T_cam_lidar", "transform", "extrinsics", "extrinsic_matrix", "T")
VECTOR_NAMES: Final = ("rotation_vector", "rvec")
MATRIX_NAMES: Final = ("rotation_matrix", "rotation", "R")
TRANSLATION_NAMES: Final = ("translation", "translation_vector", "tvec", "t")
UNIT_NAMES: Final = ("unit", "units", "length_unit")
MM_IN: Final = {"mm": 1.0, "m": 1000.0}
MOST_SKEW: Final = 1e-2
"""A rotation matrix may miss orthonormality by so much: typed with few digits."""


def parse_pose(name: str, content: bytes, *, unit: str = "mm") -> Pose:
    """The pose that a submitted file describes.

    Args:
        name: File name, for messages only.
        content: The bytes as submitted.
        unit: ``mm`` or ``m``, to assume if the file states none.

    Raises:
        UnusableFileError: If the bytes are no such file, or describe no pose.
    """
    if len(content) > LARGEST_BYTES:
        raise UnusableFileError(
            problem_of("large_pose", name=name, bytes=len(content)),
            where=name,
            remedy="Hand in the result only, without pictures or points.",
        )
    try:
        tree = read_tree(content)
    except SyntaxProblem as problem:
        raise UnusableFileError(
            problem_of("unreadable", name=name, problem=problem.said),
            where=f"{name}:{problem.line}",
            remedy="Hand in what the bench tool wrote, unchanged.",
        ) from None
    return _Submitted(name, by_plain_name(tree)).pose(unit)


@dataclass(frozen=True, slots=True)
class _Submitted:
    """A submitted file's values by plain name, ready to be asked."""

    name: str
    values: Mapping[str, Tree]

    def pose(self, assumed_unit: str) -> Pose:
        scale = self._scale(assumed_unit)
        whole = self._numbers(WHOLE_NAMES)
        if whole is not None and whole.size in {12, 16}:
            return self._from_whole(whole.reshape(-1, 4), scale)
        shift = self._numbers(TRANSLATION_NAMES)
        if shift is None or shift.size != 3:
            raise self._fail("translation")
        return Pose(turn=self._turn(), at_mm=shift * scale)

    def _from_whole(self, whole: Floats, scale: float) -> Pose:
        if len(whole) == 4 and not np.allclose(whole[3], [0, 0, 0, 1]):
            raise self._fail("last_row")
        return Pose(turn=self._rigid(whole[:3, :3]), at_mm=whole[:3, 3] * scale)

    def _turn(self) -> Floats:
        vector = self._numbers(VECTOR_NAMES)
        if vector is not None:
            if vector.size != 3:
                raise self._fail("vector_size", count=int(vector.size))
            return rotation(vector)
        matrix = self._numbers(MATRIX_NAMES)
        if matrix is None:
            raise self._fail("no_rotation")
        if matrix.size == 3:
            return rotation(matrix)
        if matrix.size != 9:
            raise self._fail("rotation_size", count=int(matrix.size))
        return self._rigid(matrix.reshape(3, 3))

    def _rigid(self, matrix: Floats) -> Floats:
        """The nearest rotation, if the matrix is one up to rounding."""
        off = float(np.abs(matrix @ matrix.T - np.eye(3)).max())
        if off > MOST_SKEW or np.linalg.det(matrix) < 0:
            raise self._fail("no_rotation_matrix")
        u, _, vt = np.linalg.svd(matrix)
        turn: Floats = u @ vt
        return turn

    def _scale(self, assumed: str) -> float:
        stated = first_of(self.values, UNIT_NAMES)
        unit = assumed if stated is None else str(stated).strip().lower()
        if unit not in MM_IN:
            raise self._fail("unit", what=unit[:20])
        return MM_IN[unit]

    def _numbers(self, names: Sequence[str]) -> Floats | None:
        value = first_of(self.values, names)
        if value is None:
            return None
        flat = flat_numbers(value)
        numbers = np.array(flat if flat is not None else [np.nan], dtype=np.float64)
        if not np.isfinite(numbers).all():
            raise self._fail("no_numbers", what=names[0])
        return numbers

    def _fail(self, key: str, **values: object) -> UnusableFileError:
        problem = problem_of(key, **values)
        return UnusableFileError(
            problem_of("no_pose", name=self.name, problem=problem),
            where=self.name,
            remedy="Give rotation_vector (rad) and translation (mm), 3 numbers each.",
        )
