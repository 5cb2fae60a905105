"""Arguments that several of these commands share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from examrunner.model.camera import CameraModel
from examrunner.model.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CameraKind = Literal["pinhole", "fisheye"]

Images = Annotated[
    list[str], typer.Argument(help="Pictures, folders of pictures or patterns.")
]
BoardLabel = Annotated[
    str,
    typer.Option(
        "--board",
        help="chessboard:9x6:25mm (inner corners) or "
        "charuco:5x7:40mm:20mm:DICT_6X6_250[:legacy] (squares).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def read_model(
    path: Path, *, size_px: tuple[int, int] | None = None, fisheye: bool = False
) -> CameraModel:
    """A camera from a calibration file.

    Raises:
        ContentError: If it cannot be read, or describes no usable camera.
    """
    from examrunner.criteria.calibration_files import LARGEST_BYTES
    from examrunner.criteria.submitted_files import parse_calibration

    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ContentError(
            f"the calibration cannot be read ({error.strerror}).",
            where=str(path),
            remedy="Check the path.",
        ) from None
    return parse_calibration(path.name, content, size_px=size_px, fisheye=fisheye)


def print_views(views: "Iterable[Mapping[str, object]]") -> None:
    """One line a picture: its error, or why it was not used."""
    for view in views:
        error = view["error_px"]
        figure = f"{error:7.3f} px" if isinstance(error, float) else "         -"
        typer.echo(f"  {figure}  {view['image']}  {view['reason'] or ''}".rstrip())
