"""Calibrations from files, for whoever reads errors instead of judgements."""

from examrunner.criteria.calibration_files import read_calibration
from examrunner.criteria.unusable_files import UnusableFileError
from examrunner.criteria.wording import say
from examrunner.model.camera import CameraModel
from examrunner.model.errors import ContentError


def parse_calibration(
    name: str,
    content: bytes,
    *,
    size_px: tuple[int, int] | None = None,
    fisheye: bool = False,
) -> CameraModel:
    """As ``read_calibration``.

    Raises:
        ContentError: If the bytes are no such file, or describe no usable camera.
    """
    try:
        return read_calibration(name, content, size_px=size_px, fisheye=fisheye)
    except UnusableFileError as error:
        raise ContentError(
            f"{say(error.said, 'en')}.", where=error.where, remedy=error.remedy
        ) from None
