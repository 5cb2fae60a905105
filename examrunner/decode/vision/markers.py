"""ArUco and AprilTag markers, with corners to a fraction of a pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.boards import dictionary_named
from examrunner.decode.vision.pictures import Gray, read_gray
from examrunner.decode.vision.tag_edges import corners_from_edges
from examrunner.model.camera import Floats
from examrunner.model.recording import Picture
from examrunner.model.timeline import Sighting


def sighting(picture: Picture, dictionary: str, *, by_edges: bool = False) -> Sighting:
    """The markers that a recorded picture shows.

    Args:
        picture: Encoded.
        dictionary: OpenCV dictionary name.
        by_edges: Whether corners are measured by the edges between them.

    Raises:
        ContentError: If the picture cannot be used, or the dictionary is unknown.
    """
    gray = read_gray(picture.data, f"{picture.stream}/{picture.name}")
    return markers_in(gray, picture, dictionary, by_edges=by_edges)


def markers_in(
    gray: Gray, picture: Picture, dictionary: str, *, by_edges: bool = False
) -> Sighting:
    """The markers that the decoded ``picture`` shows; arguments as of ``sighting``.

    Raises:
        ContentError: If the dictionary is unknown.
    """
    ids, corners = find_markers(gray, dictionary)
    if by_edges:
        corners = corners_from_edges(gray, corners)
    return Sighting(
        camera=picture.stream, t_ns=picture.t_ns, ids=ids, corners_px=corners
    )


def find_markers(gray: Gray, dictionary: str) -> tuple[NDArray[np.int32], Floats]:
    """Marker ids (m,) and corners (m, 4, 2), by id, then from left to right.

    Corners go round as OpenCV defines them: the marker's own top left first.

    Raises:
        ContentError: If the dictionary is unknown.
    """
    detector = cv2.aruco.ArucoDetector(dictionary_named(dictionary), parameters())
    found, numbers, _ = detector.detectMarkers(gray)
    if numbers is None or not len(numbers):
        return np.empty(0, dtype=np.int32), np.empty((0, 4, 2))
    corners = np.asarray(found, dtype=np.float64).reshape(-1, 4, 2)
    ids = np.asarray(numbers, dtype=np.int32).ravel()
    order = np.lexsort((corners[:, 0, 0], ids))
    return ids[order], corners[order]


def parameters() -> cv2.aruco.DetectorParameters:
    """How markers are searched: refined as saddle points.

    Without refinement corners are a pixel off; the AprilTag refinement is biased by
    half a pixel and 80 times slower.
    """
    cv2.setNumThreads(1)
    chosen = cv2.aruco.DetectorParameters()
    chosen.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    return chosen
