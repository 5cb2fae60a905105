"""``examrunner calibrate extrinsics``."""

from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.calibrate.options import (
    BoardLabel,
    Images,
    Json,
    print_views,
    read_model,
)
from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.progress import progress

AMBIGUOUS = (
    "This chessboard looks the same upside down: each pose may be turned by 180 "
    "degrees. Use a board with one odd and one even number of corners, or ChArUco."
)


def extrinsics(
    images: Images,
    intrinsics: Annotated[
        Path, typer.Option(help="Calibration of the camera: JSON, YAML or XML.")
    ],
    board: BoardLabel,
    as_json: Json = False,
) -> None:
    """Where a board is in each picture: rotation and translation in millimetres."""
    with clear_errors():
        from examrunner.decode.vision.boards import (
            board_label,
            is_ambiguous,
            parse_board,
        )
        from examrunner.decode.vision.documents import extrinsics_document
        from examrunner.decode.vision.extrinsics import solve_poses
        from examrunner.decode.vision.picture_paths import find_pictures
        from examrunner.decode.vision.shots import read_shots, usable

        label = parse_board(board)
        shots = read_shots(find_pictures(images), label, progress("pictures"))
        size_px = next((shot.size_px for shot in usable(shots)), None)
        reports = solve_poses(shots, read_model(intrinsics, size_px=size_px))
        document = extrinsics_document(
            reports,
            board=board_label(label),
            problems=[AMBIGUOUS] if is_ambiguous(label) else [],
        )
    if as_json:
        print_json(document)
    else:
        print_views(document["views"])
    if not any(view["used"] for view in document["views"]):
        raise typer.Exit(NO)
