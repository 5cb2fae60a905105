"""``examrunner calibrate judge``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.calibrate.options import BoardLabel, Images, Json, read_model
from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.progress import progress
from examrunner.model.camera import CameraModel
from examrunner.model.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Iterator


def judge(
    submitted: Annotated[Path, typer.Argument(help="The calibration handed in.")],
    images: Images,
    board: BoardLabel,
    reference: Annotated[
        Path | None, typer.Option(help="A calibration that is known to be right.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Is a submitted calibration right? Outcome and reasons; status 1 if it is not."""
    with clear_errors():
        from examrunner.decode.vision.boards import parse_board
        from examrunner.decode.vision.documents import ruling_document
        from examrunner.decode.vision.judging import judge as rule
        from examrunner.decode.vision.picture_paths import find_pictures
        from examrunner.decode.vision.shots import read_shots, usable

        shots = read_shots(
            find_pictures(images), parse_board(board), progress("pictures")
        )
        size_px = next((shot.size_px for shot in usable(shots)), None)
        known = None if reference is None else read_model(reference, size_px=size_px)
        rulings = [rule(model, shots, known) for model in _readings(submitted, size_px)]
        best = min(rulings, key=lambda one: (not one.accepted, one.rms_px or 0.0))
        document = ruling_document(best)
    if as_json:
        print_json(document)
    else:
        typer.echo("accepted" if best.accepted else "refused")
        for reason in best.reasons:
            typer.echo(f"  {reason}")
    if not best.accepted:
        raise typer.Exit(NO)


def _readings(path: Path, size_px: tuple[int, int] | None) -> "Iterator[CameraModel]":
    """The file's camera; both cameras if four coefficients may mean either model."""
    pinhole = read_model(path, size_px=size_px)
    yield pinhole
    if pinhole.fisheye or len(pinhole.distortion) != 4:
        return
    try:
        other = read_model(path, size_px=size_px, fisheye=True)
    except ContentError:
        return
    if other.fisheye:
        yield other
