"""Pictures of the work area: a rig, and a person with labels on the clothes."""

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.model.station import Camera
from examrunner.simulation.work_area import Scene

Pixels = NDArray[np.uint8]

QUIET_CELLS: Final = 2
MARKER_CELLS: Final = 6
CELL_PX: Final = 6
DISPLAY_TOP: Final = 12
"""Row where the rig's display begins, in the right corner that nobody hides."""
FLOOR, WALL, BENCH, SKIN = 150, 196, 96, 170
CLOTHES: Final = {"coat": 66, "gloves": 40, "helmet": 225}
PLAIN: Final = 118


class WorkAreaCamera:
    """Draws the scene as the camera above the work place sees it.

    Args:
        camera: Size, marker dictionary and what each marker means.
    """

    def __init__(self, camera: Camera) -> None:
        self._size_px = camera.size_px
        self._dictionary = camera.marker_dictionary
        self._labels: dict[str, list[int]] = {}
        for number, meaning in sorted(camera.markers.items()):
            self._labels.setdefault(meaning, []).append(number)

    def picture(self, scene: Scene, display: int | None = None) -> Pixels:
        """Grey levels (height, width).

        Args:
            scene: Who is there.
            display: Number that the rig's display shows; None while it is dark.
        """
        width, height = self._size_px
        image = _room(width, height).copy()
        if display is not None and self._dictionary:
            label = _marker(self._dictionary, display)
            size = len(label)
            image[DISPLAY_TOP : DISPLAY_TOP + size, width - size :] = label
        if scene.present:
            self._person(image, scene)
        return image

    def _person(self, image: Pixels, scene: Scene) -> None:
        height, width = image.shape
        centre = width * (0.25 + 0.5 * scene.across)
        unit = height / 18.0
        for part, across, down, wide, high in _BODY:
            worn = part in scene.wearing
            shade = CLOTHES[part] if worn else _BARE.get(part, PLAIN)
            corner = (round(centre + (across - wide / 2) * unit), round(down * unit))
            opposite = (
                round(centre + (across + wide / 2) * unit),
                round((down + high) * unit),
            )
            cv2.rectangle(image, corner, opposite, shade, cv2.FILLED)
        for meaning, numbers in self._labels.items():
            if meaning == "person" or meaning in scene.wearing:
                for number, (across, down) in zip(
                    numbers, _PLACES[meaning], strict=False
                ):
                    place = (centre + across * unit, down * unit)
                    self._label(image, number, place, scene.lean_deg)

    def _label(
        self, image: Pixels, number: int, centre: tuple[float, float], turned_deg: float
    ) -> None:
        label = _marker(self._dictionary, number)
        size = label.shape[0]
        turn = cv2.getRotationMatrix2D((size / 2, size / 2), turned_deg, 1.0)
        turn[:, 2] += np.array(centre) - size / 2
        dsize = (image.shape[1], image.shape[0])
        patch = cv2.warpAffine(label, turn, dsize, flags=cv2.INTER_LINEAR)
        covered = cv2.warpAffine(np.full_like(label, 255), turn, dsize)
        np.copyto(image, patch, where=covered > 127)


_BODY: Final = (
    ("helmet", 0.0, 0.6, 2.6, 1.4),
    ("head", 0.0, 1.9, 2.2, 2.1),
    ("coat", 0.0, 4.0, 6.4, 8.6),
    ("gloves", -5.2, 8.2, 3.8, 3.8),
    ("gloves", 5.2, 8.2, 3.8, 3.8),
    ("legs", 0.0, 12.6, 4.6, 5.4),
)
"""Part, centre across, top, width and height, in eighteenths of the picture."""
_BARE: Final = {"head": SKIN, "gloves": SKIN, "helmet": WALL, "legs": 70}
_PLACES: Final = {
    "helmet": ((0.0, 1.5),),
    "coat": ((0.0, 6.2),),
    "gloves": ((-5.2, 10.1), (5.2, 10.1)),
    "person": ((0.0, 14.8),),
}


@cache
def _room(width: int, height: int) -> Pixels:
    ramp = np.linspace(-14.0, 14.0, width)
    image = np.tile((WALL + ramp).astype(np.uint8), (height, 1))
    image[height * 3 // 5 :] = (FLOOR + ramp).astype(np.uint8)
    bench = ((width // 12, height * 7 // 12), (width // 4, height - 1))
    cv2.rectangle(image, *bench, BENCH, cv2.FILLED)
    return image


@cache
def _marker(dictionary: str, number: int) -> Pixels:
    """A label with its white border."""
    known = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, dictionary))
    cells = cv2.aruco.generateImageMarker(known, number, MARKER_CELLS * CELL_PX)
    border = QUIET_CELLS * CELL_PX
    label: Pixels = cv2.copyMakeBorder(
        cells, border, border, border, border, cv2.BORDER_CONSTANT, value=255
    )
    return label
