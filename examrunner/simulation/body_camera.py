"""Exact pictures of tagged bodies, as a camera above the bench sees them."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from examrunner.decode.vision.boards import dictionary_named
from examrunner.model.bodies import Body
from examrunner.model.camera import CameraModel, Floats
from examrunner.model.errors import ContentError
from examrunner.model.placement import Placement
from examrunner.model.station import Camera
from examrunner.simulation.bodies import Bodies, Standing
from examrunner.simulation.randomness import Streams

Floats32 = NDArray[np.float32]
Pixels = NDArray[np.uint8]

HUNG_AT: Final = Placement(at_mm=(-2500.0, 0.0, 3300.0), pitch_deg=31.0)
"""The camera in the vehicle's frame: x is its optical axis here."""
OPTICAL: Final = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
"""From x forward, y left, z up to the camera's x right, y down, z forward."""

SUBSAMPLES: Final = 3
"""Samples per pixel and axis."""
CELLS: Final = 8
"""Cells across the black square of a tag; a white one is around it."""
CELL_PX: Final = 12
"""Texture pixels per cell."""
FLOOR, PANEL, WHITE = 96.0, 150.0, 255.0
GAIN, OFFSET = 0.8, 20.0
BLUR_SIGMA_PX: Final = 0.6
MOTION_PX: Final = 5
NOISE_SIGMA: Final = 2.0
MARGIN_PX: Final = 4
WIDEST: Final = 2.0
"""Tangent of the angle from the optical axis beyond which no lens is described."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Card:
    """One tag with its white border, as the picture shows it.

    Attributes:
        area: Rows and columns.
        shade: float32 (rows, columns), grey levels times ``cover``.
        cover: float32 (rows, columns), share of the pixel that it covers.
    """

    area: tuple[slice, slice]
    shade: Floats32
    cover: Floats32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawn:
    """One body as the picture shows it.

    Attributes:
        standing: For which it holds.
        far_mm: Distance from the camera: the farthest is drawn first.
        panel: int32 (n, 1, 2), outline of the plate behind the tags, pixels.
        cards: Its tags.
    """

    standing: Standing
    far_mm: float
    panel: NDArray[np.int32]
    cards: tuple[_Card, ...]


class BodyCamera:
    """Renders the bodies of a rig, and keeps what did not move.

    Args:
        camera: Its size, lens and kind of tags.
        bodies: What stands before it.
        streams: Of the rig.
        hung_at: Where it is in the vehicle's frame; x is its optical axis.

    Attributes:
        model: Its lens.

    Raises:
        ContentError: If the camera's lens is not described.
    """

    def __init__(
        self,
        camera: Camera,
        bodies: Bodies,
        streams: Streams,
        hung_at: Placement = HUNG_AT,
    ) -> None:
        if camera.intrinsics is None:
            raise ContentError(
                f"camera '{camera.name}' has no intrinsics.",
                where="rig.yaml, cameras",
                remedy="Describe its lens: what it sees is drawn through it.",
            )
        self._name = camera.name
        self.hung_at = hung_at
        self.model: CameraModel = camera.intrinsics
        self._dictionary = camera.marker_dictionary
        self._bodies = bodies
        self._streams = streams
        self._drawn: dict[str, _Drawn] = {}

    def still(self, t_ns: int) -> Pixels:
        """Grey levels (height, width): the same whenever that moment is asked for."""
        width, height = self.model.size_px
        canvas = np.full((height, width), FLOOR * GAIN + OFFSET, np.float32)
        shown = [
            self._draw(name, standing)
            for name, standing in sorted(self._bodies.shown(t_ns).items())
        ]
        for body in sorted(shown, key=lambda each: -each.far_mm):
            if len(body.panel):
                cv2.fillConvexPoly(canvas, body.panel, PANEL * GAIN + OFFSET)
            for card in body.cards:
                under = canvas[card.area]
                canvas[card.area] = under * (1 - card.cover) + card.shade
        image: Pixels = (canvas + 0.5).astype(np.uint8)
        noise = self._streams.at(t_ns, "exposure", self._name)
        for body in shown:
            for card in body.cards:
                grain = noise.standard_normal(card.shade.shape, np.float32)
                grainy = canvas[card.area] + NOISE_SIGMA * grain + 0.5
                image[card.area] = np.clip(grainy, 0, 255).astype(np.uint8)
        return image

    def _draw(self, name: str, standing: Standing) -> _Drawn:
        known = self._drawn.get(name)
        if known is None or known.standing != standing:
            body = self._bodies.described[name]
            known = self._drawn[name] = self._rendered(body, standing)
        return known

    def _rendered(self, body: Body, standing: Standing) -> _Drawn:
        placement = standing.placement or Placement()
        outlines = [
            in_camera(
                placement.place(tag.corners_mm(tag.size_mm / CELLS)), self.hung_at
            )
            for tag in body.tags
        ]
        points = np.concatenate(outlines)
        if (WIDEST * points[:, 2] <= np.abs(points[:, :2]).max(axis=1)).any():
            return _beside(standing)
        panel = cv2.convexHull(self.model.project(points).astype(np.float32))
        cards = (
            self._card(_texture(self._dictionary, tag.id), outline, standing.moving)
            for tag, outline in zip(body.tags, outlines, strict=True)
        )
        return _Drawn(
            standing=standing,
            far_mm=float(np.linalg.norm(points.mean(axis=0))),
            panel=np.rint(panel).astype(np.int32),
            cards=tuple(card for card in cards if card is not None),
        )

    def _card(self, texture: Floats32, outline: Floats, moving: bool) -> _Card | None:
        """One tag; None where the camera does not see all of it from its front."""
        pixels = self.model.project(outline)
        width, height = self.model.size_px
        low = np.floor(pixels.min(axis=0)).astype(int) - MARGIN_PX
        high = np.ceil(pixels.max(axis=0)).astype(int) + MARGIN_PX
        right, down = outline[1] - outline[0], outline[3] - outline[0]
        seen_from_front = np.dot(np.cross(right, down), outline[0]) > 0
        inside = (low >= 0).all() and (high <= (width, height)).all()
        if not (seen_from_front and inside):
            return None
        columns, rows = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
        across, along = self._on_plane(rows, columns, outline[0], right, down)
        size = texture.shape[0]
        maps = across * np.float32(size) - 0.5, along * np.float32(size) - 0.5
        size_px = (columns.stop - columns.start, rows.stop - rows.start)
        shade, cover = (
            _blurred(cv2.remap(source, *maps, cv2.INTER_LINEAR), size_px, moving)
            for source in (texture * GAIN + OFFSET, np.ones_like(texture))
        )
        return _Card(area=(rows, columns), shade=shade, cover=cover)

    def _on_plane(
        self, rows: slice, columns: slice, corner: Floats, right: Floats, down: Floats
    ) -> tuple[Floats32, Floats32]:
        """Where the ray of each sample meets the card, 0 to 1 across and down."""
        inside = (np.arange(SUBSAMPLES) + 0.5) / SUBSAMPLES - 0.5
        u = (np.arange(columns.start, columns.stop)[:, None] + inside).ravel()
        v = (np.arange(rows.start, rows.stop)[:, None] + inside).ravel()
        grid = np.stack(np.meshgrid(u, v), axis=-1).reshape(-1, 1, 2)
        rounds = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 30, 1e-9)
        flat = cv2.undistortPoints(
            grid, self.model.matrix, self.model.distortion, criteria=rounds
        )
        rays = np.column_stack([flat.reshape(-1, 2), np.ones(len(grid))])
        plane = rays @ np.linalg.inv(np.column_stack([right, down, corner])).T
        met = (plane[:, :2] / plane[:, 2:]).astype(np.float32)
        shape = (len(v), len(u))
        return met[:, 0].reshape(shape), met[:, 1].reshape(shape)


def _beside(standing: Standing) -> _Drawn:
    """A body that is behind the camera or far beside its picture."""
    return _Drawn(
        standing=standing, far_mm=0.0, panel=np.zeros((0, 1, 2), np.int32), cards=()
    )


def in_camera(points_mm: Floats, hung_at: Placement = HUNG_AT) -> Floats:
    """Points (n, 3) of the vehicle's frame in the frame of the camera's picture."""
    seen: Floats = (points_mm - np.array(hung_at.at_mm)) @ hung_at.turn @ OPTICAL.T
    return seen


def _blurred(fine: Floats32, size_px: tuple[int, int], moving: bool) -> Floats32:
    image = cv2.resize(fine, size_px, interpolation=cv2.INTER_AREA)
    cv2.GaussianBlur(image, (0, 0), BLUR_SIGMA_PX, dst=image)
    if moving:
        cv2.blur(image, (MOTION_PX, 1), dst=image)
    softened: Floats32 = image
    return softened


@cache
def _texture(dictionary: str, number: int) -> Floats32:
    """A tag with its white border of one cell, grey levels."""
    known = dictionary_named(dictionary)
    printed = cv2.aruco.generateImageMarker(known, number, CELLS * CELL_PX)
    around = (CELL_PX,) * 4
    card = cv2.copyMakeBorder(printed, *around, cv2.BORDER_CONSTANT, value=WHITE)
    texture: Floats32 = card.astype(np.float32)
    return texture
