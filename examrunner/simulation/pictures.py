"""Every camera of a rig as something that takes encoded pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.work_area import WorkArea
from examrunner.simulation.work_area_camera import WorkAreaCamera

Pixels = NDArray[np.uint8]
FAST_COMPRESSION: Final = 1
THUMBNAIL_WIDTH_PX: Final = 640
NOISY: Final = 27
"""Of 256 pixels of the work-area camera, so many are a grey level too dark and as many
too bright: the noise of a good sensor, sigma 0.46."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One encoded picture.

    Attributes:
        t_ns: Rig time.
        media_type: ``image/png``.
        data: The encoded bytes.
    """

    t_ns: int
    media_type: str
    data: bytes


class Lens(Protocol):
    """A camera that shows what is before it at any moment of rig time."""

    def still(self, t_ns: int) -> Pixels:
        """The full picture, grey levels (height, width)."""


Lenses = Mapping[str, Lens]
"""The cameras of a rig by name."""


class WorkAreaLens:
    """The work-area camera.

    Args:
        camera: Draws scenes.
        work_area: Who is before it.
        base: The rig, which has a display there.
    """

    def __init__(
        self, camera: WorkAreaCamera, work_area: WorkArea, base: SimulatedRig
    ) -> None:
        self._camera = camera
        self._work_area = work_area
        self._base = base

    def still(self, t_ns: int) -> Pixels:
        scene = self._work_area.scene.at(t_ns)
        image = self._camera.picture(scene, self._base.bench.display(t_ns))
        noise = self._base.streams.at(t_ns, "exposure").bytes(image.size)
        drawn = np.frombuffer(noise, np.uint8).reshape(image.shape)
        darker = cv2.compare(drawn, NOISY, cv2.CMP_LT) & 1
        brighter = cv2.compare(drawn, 255 - NOISY, cv2.CMP_GT) & 1
        grainy: Pixels = cv2.subtract(cv2.add(image, brighter), darker)
        return grainy


def shoot(lens: Lens, t_ns: int, purpose: str) -> Shot:
    """A picture for a purpose, ``still`` or ``thumbnail``.

    Stills are lossless and of full size; so are thumbnails, because the simulated
    work area is drawn with little noise and compresses well.
    """
    image = lens.still(t_ns)
    if purpose == "thumbnail" and image.shape[1] > THUMBNAIL_WIDTH_PX:
        scale = THUMBNAIL_WIDTH_PX / image.shape[1]
        image = cv2.resize(
            image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
        )
    done, encoded = cv2.imencode(
        ".png", image, [cv2.IMWRITE_PNG_COMPRESSION, FAST_COMPRESSION]
    )
    if not done:
        raise RuntimeError("the picture could not be encoded")
    return Shot(t_ns=t_ns, media_type="image/png", data=encoded.tobytes())
