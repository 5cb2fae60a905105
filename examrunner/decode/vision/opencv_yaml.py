"""A calibration as the YAML that OpenCV and most tools read."""

import cv2

from examrunner.model.camera import CameraModel


def opencv_yaml(model: CameraModel, rms_px: float) -> str:
    """The file that a calibration program saves."""
    storage = cv2.FileStorage(
        "calibration.yaml", cv2.FILE_STORAGE_WRITE | cv2.FILE_STORAGE_MEMORY
    )
    storage.write("image_width", model.size_px[0])
    storage.write("image_height", model.size_px[1])
    storage.write("camera_matrix", model.matrix)
    storage.write("distortion_coefficients", model.distortion.reshape(1, -1))
    storage.write("avg_reprojection_error", rms_px)
    text: str = storage.releaseAndGetString()
    return text
