"""Extrinsics from the answer form, and those that the case knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

import numpy as np

from examrunner.criteria.answers import answer_to
from examrunner.criteria.geometry import turn_between_deg
from examrunner.criteria.pose_files import parse_pose
from examrunner.criteria.poses import Pose
from examrunner.criteria.submitted_models import NothingSubmittedError
from examrunner.criteria.typed_numbers import read_number
from examrunner.criteria.unusable_files import UnusableFileError, problem_of
from examrunner.criteria.uploads import upload_of
from examrunner.model.camera import Floats, rotation, rotation_vector
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing

POSE_NUMBERS: Final = ("rx", "ry", "rz", "tx", "ty", "tz")
"""Names of the numbers of a pose: rotation vector in rad, translation in mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseSource:
    """Where a candidate states a pose; a file, or six typed numbers.

    Attributes:
        attachment: File field with the pose.
        unit: Of the file's translation where it states none.
        translation: Three fields, read in mm.
        roll_pitch_yaw: Three fields, read in degrees: ``Rz(yaw) Ry(pitch) Rx(roll)``
            turns the sensor's forward, left and up into those of the vehicle.
        rotation_vector: Three fields instead, read in rad.
    """

    attachment: str = ""
    unit: Literal["mm", "m"] = "mm"
    translation: tuple[str, ...] = ()
    roll_pitch_yaw: tuple[str, ...] = ()
    rotation_vector: tuple[str, ...] = ()

    @property
    def requires_fields(self) -> tuple[str, ...]:
        """Every typed field."""
        return self.translation + self.roll_pitch_yaw + self.rotation_vector

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that it takes."""
        return (self.attachment,) if self.attachment else self.requires_fields

    @property
    def name(self) -> str:
        """Its fields, for messages."""
        return ", ".join(self.fields)

    def problem(self) -> str:
        """What is wrong with it as its author wrote it; empty if nothing is."""
        typed = bool(self.requires_fields)
        if bool(self.attachment) == typed:
            return "a pose names either an 'attachment' or typed fields"
        turns = [f for f in (self.roll_pitch_yaw, self.rotation_vector) if f]
        if typed and (len(turns) != 1 or len(turns[0]) != 3):
            return "a typed pose needs three fields of one kind of rotation"
        if typed and len(self.translation) != 3:
            return "a typed pose needs three fields of translation"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubmittedPose:
    """A pose as the candidate handed it in.

    Attributes:
        pose: The pose.
        t_ns: When its file, or the last of its numbers, was saved.
    """

    pose: Pose
    t_ns: int

    def number(self, name: str) -> float:
        """One of ``POSE_NUMBERS``.

        Raises:
            MissingError: If a pose has no such number.
        """
        if name not in POSE_NUMBERS:
            raise MissingError("pose_number", name=name)
        turn = rotation_vector(self.pose.turn)
        return float(np.concatenate([turn, self.pose.at_mm])[POSE_NUMBERS.index(name)])


def submitted_pose(
    hearing: Hearing, source: PoseSource, near: Pose | None = None
) -> SubmittedPose:
    """The pose that is in the form at the stop.

    Args:
        hearing: The attempt.
        source: Where it stands.
        near: Which pose is meant where a typed ``1,234`` can be read in two ways: the
            one nearest to this. Without it the comma groups digits.

    Raises:
        NothingSubmittedError: If there is none, or it cannot be read.
    """
    if source.attachment:
        return _from_file(hearing, source)
    readings, times = [], []
    units = ["mm"] * 3 + ["deg" if source.roll_pitch_yaw else "rad"] * 3
    fields = source.translation + source.roll_pitch_yaw + source.rotation_vector
    for field, unit in zip(fields, units, strict=True):
        edit = answer_to(hearing, field)
        values = () if edit is None else read_number(edit.value, unit).values
        if edit is None or not values:
            raise NothingSubmittedError(problem_of("no_number", what=field))
        readings.append(values)
        times.append(edit.t_ns)
    poses = [_typed(source, numbers) for numbers in product(*readings)]
    pose = poses[0]
    if near is not None and len(poses) > 1:
        pose = min(poses, key=lambda each: _distance(each, near))
    return SubmittedPose(pose=pose, t_ns=max(times))


def _typed(source: PoseSource, numbers: Sequence[float]) -> Pose:
    angles = np.array(numbers[3:])
    turn = turn_of_angles(angles) if source.roll_pitch_yaw else rotation(angles)
    return Pose(turn=turn, at_mm=np.array(numbers[:3]))


def _distance(one: Pose, other: Pose) -> float:
    """Degrees and millimetres together: two readings of a number lie far apart."""
    apart = float(np.linalg.norm(one.at_mm - other.at_mm))
    return turn_between_deg(one.turn, other.turn) + apart


def _from_file(hearing: Hearing, source: PoseSource) -> SubmittedPose:
    edit = answer_to(hearing, source.attachment)
    upload = None if edit is None else upload_of(edit)
    if upload is None:
        raise NothingSubmittedError
    if upload.content is None:
        raise NothingSubmittedError(problem_of("damaged"))
    try:
        pose = parse_pose(upload.name, upload.content, unit=source.unit)
    except UnusableFileError as error:
        raise NothingSubmittedError(error.said) from None
    return SubmittedPose(pose=pose, t_ns=upload.t_ns)


def reference_pose(case: Case, name: str) -> Pose:
    """A pose that the case holds.

    It says ``translation_mm`` and one of ``rotation_vector`` (rad),
    ``roll_pitch_yaw_deg`` and ``rotation_matrix``.

    Raises:
        MissingError: If the case does not hold it.
    """
    found = case.reference.get(name)
    if not isinstance(found, Mapping):
        raise MissingError("reference", name=name)
    try:
        shift = np.array(found["translation_mm"], np.float64).reshape(3)
        turn = _reference_turn(found)
    except (KeyError, TypeError, ValueError):
        raise MissingError("usable_reference", name=name) from None
    if not (np.isfinite(shift).all() and np.isfinite(turn).all()):
        raise MissingError("usable_reference", name=name)
    return Pose(turn=turn, at_mm=shift)


def _reference_turn(found: Mapping[str, object]) -> Floats:
    def numbers(key: str) -> Floats:
        return np.array(found[key], np.float64)

    if "rotation_vector" in found:
        return rotation(numbers("rotation_vector").reshape(3))
    if "roll_pitch_yaw_deg" in found:
        return turn_of_angles(numbers("roll_pitch_yaw_deg").reshape(3))
    return numbers("rotation_matrix").reshape(3, 3)


def turn_of_angles(degrees: Floats) -> Floats:
    """``Rz(yaw) Ry(pitch) Rx(roll)`` of roll, pitch and yaw."""
    roll, pitch, yaw = np.radians(degrees)
    about_x = rotation(np.array([roll, 0.0, 0.0]))
    about_y = rotation(np.array([0.0, pitch, 0.0]))
    turn: Floats = rotation(np.array([0.0, 0.0, yaw])) @ about_y @ about_x
    return turn
