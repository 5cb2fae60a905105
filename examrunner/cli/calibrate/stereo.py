"""``examrunner calibrate stereo``."""

from typing import Annotated

import typer

from examrunner.cli.calibrate.options import BoardLabel, Json, print_views
from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.progress import progress


def stereo(
    left: Annotated[str, typer.Argument(help="Folder or pattern of the left camera.")],
    right: Annotated[str, typer.Argument(help="The same of the right camera.")],
    board: BoardLabel,
    as_json: Json = False,
) -> None:
    """Calibrate two cameras and how they are mounted, from pairs of pictures.

    Pictures belong together by the last number in their names.
    """
    with clear_errors():
        from examrunner.decode.vision.boards import board_label, parse_board
        from examrunner.decode.vision.documents import stereo_document
        from examrunner.decode.vision.picture_paths import find_pictures
        from examrunner.decode.vision.shots import read_shots
        from examrunner.decode.vision.stereo import calibrate_stereo, pairs_of

        label = parse_board(board)
        pairs, single = pairs_of(find_pictures([left]), find_pictures([right]))
        found = calibrate_stereo(
            read_shots([one for one, _ in pairs], label, progress("pictures")),
            read_shots([other for _, other in pairs], label, progress("pictures")),
        )
        document = stereo_document(found, board=board_label(label))
        document["problems"] += [f"{path.name} has no partner." for path in single]
    if as_json:
        print_json(document)
    else:
        _print(document)
    if document["trust"] == "refused":
        raise typer.Exit(NO)


def _print(document: dict[str, object]) -> None:
    baseline, rms = document["baseline_mm"], document["rms_px"]
    if isinstance(baseline, float) and isinstance(rms, float):
        typer.echo(f"baseline {baseline:.2f} mm, error {rms:.3f} px")
    typer.echo(f"trust: {document['trust']}")
    problems, views = document["problems"], document["views"]
    for problem in problems if isinstance(problems, list) else []:
        typer.echo(f"  {problem}")
    print_views(views if isinstance(views, list) else [])
