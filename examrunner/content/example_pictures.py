"""What a worked example's pictures show, as pydantic types."""

from typing import Annotated

from annotated_types import Gt
from pydantic import Field

from examrunner.content.entries import Entry, Name
from examrunner.content.example_entries import Seconds


class SightingEntry(Entry):
    """Markers from here on, until the next entry.

    Attributes:
        ids: Markers whose place does not matter.
        at_px: Centre (x, y) of others, by id.
        camera: Camera name.
    """

    t_s: Seconds
    ids: tuple[int, ...] = ()
    at_px: dict[int, tuple[float, float]] = Field(default_factory=dict)
    camera: Name = "work_area"


class BodiesEntry(Entry):
    """Where bodies with tags stand, as the measuring camera sees them.

    Four pictures show everything, one a second, once a body has come to rest, and one
    just before a body is moved.

    Attributes:
        reference: Body in whose frame the others stand; always seen.
        sigma_mm: Standard deviation of every position.
        sigma_deg: Standard deviation of every angle.
        stand: (time, x, y, z in mm, yaw, pitch, roll in degrees) by body; from that
            time on it stands there.
    """

    reference: Name
    sigma_mm: Annotated[float, Gt(0)] = 0.5
    sigma_deg: Annotated[float, Gt(0)] = 0.01
    stand: dict[
        Name, tuple[tuple[float, float, float, float, float, float, float], ...]
    ]


class ViewsEntry(Entry):
    """Stills of a calibration board, seen through the reference camera.

    Attributes:
        camera: Camera name.
        reference: Reference intrinsics of the case.
        columns: Squares across.
        rows: Squares down.
        square_mm: Edge of a square.
        noise_px: Standard deviation of the corners, seeded.
        sharpness: Laplacian variance of every still.
        poses: (time, turn about x, y, z in degrees, board centre x, y, z in mm).
    """

    camera: str
    reference: str
    columns: int
    rows: int
    square_mm: float
    noise_px: float = 0.06
    sharpness: float = 1000.0
    poses: tuple[tuple[float, float, float, float, float, float, float], ...]


class BoardEntry(Entry):
    """One still of a calibration board as it was measured.

    Attributes:
        t_s: When it was taken.
        camera: Camera name.
        picture: Name of the picture.
        size_px: (width, height).
        sharpness: Laplacian variance inside the board; left out without a board.
        saturated: Share of saturated pixels inside the board.
        corners: (id, x and y in pixels, x and y on the board in mm).
    """

    t_s: Seconds
    camera: str
    picture: str
    size_px: tuple[int, int]
    sharpness: float | None = None
    saturated: float = 0.0
    corners: tuple[tuple[int, float, float, float, float], ...] = ()


class PoseEntry(Entry):
    """A body as one picture showed it, in the camera's frame.

    Attributes:
        t_s: When the picture was taken.
        camera: Camera name.
        body: Body name.
        turn: Rows of the rotation matrix, one after the other.
        at_mm: Origin of the body.
        covariance: Upper half, row by row, of that of turn (rad) and position (mm).
        tags: How many of its tags the picture shows.
        error_px: Root mean square distance of the corners.
    """

    t_s: Seconds
    camera: str
    body: str
    turn: Annotated[tuple[float, ...], Field(min_length=9, max_length=9)]
    at_mm: tuple[float, float, float]
    covariance: Annotated[tuple[float, ...], Field(min_length=21, max_length=21)]
    tags: int
    error_px: float
