"""``examrunner calibrate intrinsics``."""

from typing import Annotated

import typer

from examrunner.cli.calibrate.options import (
    BoardLabel,
    CameraKind,
    Images,
    Json,
    print_views,
)
from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.progress import progress


def intrinsics(
    images: Images,
    board: BoardLabel,
    model: Annotated[CameraKind, typer.Option(help="pinhole or fisheye.")] = "pinhole",
    hold_k3: Annotated[
        bool, typer.Option("--hold-k3", help="Keep k3 at zero (pinhole).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Calibrate one camera from pictures of a board, and say how far to trust it."""
    with clear_errors():
        from examrunner.decode.vision.boards import board_label, parse_board
        from examrunner.decode.vision.documents import intrinsics_document
        from examrunner.decode.vision.intrinsics import calibrate, without_outliers
        from examrunner.decode.vision.picture_paths import find_pictures
        from examrunner.decode.vision.shots import read_shots

        fisheye = model == "fisheye"
        label = parse_board(board)
        shots = read_shots(find_pictures(images), label, progress("pictures"))
        found = calibrate(shots, fisheye=fisheye, hold_k3=hold_k3)
        cleaned = without_outliers(found, shots, fisheye=fisheye, hold_k3=hold_k3)
        document = intrinsics_document(
            found, cleaned, board=board_label(label), fisheye=fisheye
        )
    if as_json:
        print_json(document)
    else:
        _print(document)
    if document["trust"] == "refused":
        raise typer.Exit(NO)


def _print(document: dict[str, object]) -> None:
    matrix, rms = document["camera_matrix"], document["rms_px"]
    if isinstance(matrix, list) and isinstance(rms, float):
        (fx, _, cx), (_, fy, cy), _ = matrix
        typer.echo(f"fx {fx:.2f}  fy {fy:.2f}  cx {cx:.2f}  cy {cy:.2f}")
        typer.echo(f"distortion {document['distortion']}")
        typer.echo(f"error {rms:.3f} px")
    typer.echo(f"trust: {document['trust']}")
    problems, views = document["problems"], document["views"]
    for problem in problems if isinstance(problems, list) else []:
        typer.echo(f"  {problem}")
    print_views(views if isinstance(views, list) else [])
