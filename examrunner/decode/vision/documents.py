"""Results as the plain documents that commands and the API hand out."""

import math
from collections.abc import Sequence
from typing import Any

import cv2

from examrunner.decode.vision.calibration import Calibration, ViewReport
from examrunner.decode.vision.extrinsics import PoseReport
from examrunner.decode.vision.judging import Ruling
from examrunner.decode.vision.stereo import StereoCalibration
from examrunner.model.camera import CameraModel

Document = dict[str, Any]


def intrinsics_document(
    found: Calibration, cleaned: Calibration | None, *, board: str, fisheye: bool
) -> Document:
    """One camera; readable again by ``parse_calibration``."""
    return {
        "model": "fisheye" if fisheye else "pinhole",
        "board": board,
        **_camera(found.model),
        **_quality(found),
        "views": _views(found.views),
        "outliers": list(found.outliers),
        "without_outliers": cleaned and {**_camera(cleaned.model), **_quality(cleaned)},
        "opencv_version": cv2.__version__,
    }


def stereo_document(found: StereoCalibration, *, board: str) -> Document:
    """Two cameras and their mounting."""
    rig = found.rig
    return {
        "board": board,
        "baseline_mm": rig and rig.baseline_mm,
        "rotation": rig and rig.mounting.turn.tolist(),
        "translation_mm": rig and rig.mounting.at_mm.tolist(),
        "rms_px": rig and rig.rms_px,
        "left": {
            **_camera(None if rig is None else rig.left),
            "alone": _alone(found.left),
        },
        "right": {
            **_camera(None if rig is None else rig.right),
            "alone": _alone(found.right),
        },
        "views": _views(found.views),
        "trust": found.trust.value,
        "problems": list(found.problems),
        "opencv_version": cv2.__version__,
    }


def extrinsics_document(
    reports: Sequence[PoseReport], *, board: str, problems: Sequence[str]
) -> Document:
    """The board's pose in each picture; lengths in millimetres."""
    return {
        "board": board,
        "views": [_pose(report) for report in reports],
        "problems": list(problems),
        "opencv_version": cv2.__version__,
    }


def ruling_document(ruling: Ruling) -> Document:
    """What is said about a submitted calibration."""
    return {
        "accepted": ruling.accepted,
        "reasons": list(ruling.reasons),
        "discrepancy_px": _number(ruling.discrepancy_px),
        "limit_px": _number(ruling.limit_px),
        "compared_with": ruling.compared_with,
        "rms_px": _number(ruling.rms_px),
        "trust": ruling.trust.value,
        "opencv_version": cv2.__version__,
    }


def _camera(model: CameraModel | None) -> Document:
    if model is None:
        return {"image_size": None, "camera_matrix": None, "distortion": None}
    return {
        "image_size": list(model.size_px),
        "camera_matrix": [[_number(x) for x in row] for row in model.matrix.tolist()],
        "distortion": [_number(x) for x in model.distortion.tolist()],
    }


def _quality(found: Calibration) -> Document:
    spread = found.uncertainty
    deviations = spread and {
        name: _number(value) for name, value in spread.deviations.items()
    }
    return {
        "rms_px": _number(found.rms_px),
        "standard_deviations": deviations,
        "uncertainty_px": _number(None if spread is None else spread.picture_px),
        "coverage": found.coverage,
        "trust": found.trust.value,
        "problems": list(found.problems),
    }


def _alone(found: Calibration) -> Document:
    return {**_camera(found.model), **_quality(found)}


def _views(reports: Sequence[ViewReport]) -> list[Document]:
    return [
        {
            "image": report.image,
            "used": report.used,
            "error_px": _number(report.error_px),
            "reason": report.reason or None,
        }
        for report in reports
    ]


def _pose(report: PoseReport) -> Document:
    pose = report.pose
    return {
        "image": report.image,
        "used": pose is not None,
        "error_px": _number(report.error_px),
        "reason": report.reason or None,
        "rotation": pose and pose.turn.tolist(),
        "translation_mm": pose and pose.at_mm.tolist(),
        "tilt_deg": pose and pose.tilt_deg,
    }


def _number(value: float | None) -> float | None:
    """JSON has no infinity and no NaN: both mean that there is no number."""
    return value if value is not None and math.isfinite(value) else None
