"""examrunner recording export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.recording.options import Json, Rec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from examrunner.archive.reading import Recording


def export(
    rec: Rec,
    target: Annotated[Path, typer.Argument(help="The file to make.")],
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help="blf, asc, candump, mf4 or parquet. Default: by the ending.",
        ),
    ] = "",
    channel: Annotated[
        list[str] | None, typer.Option(help="Only this CAN channel; repeatable.")
    ] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="Also write the pictures below this folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the frames of a recording in the format of another tool.

    What the format cannot keep is said.
    """
    with clear_errors():
        from examrunner.archive.exporting import export as export_frames
        from examrunner.archive.exporting import format_for
        from examrunner.archive.importing import epoch_ns
        from examrunner.archive.reading import open_recording

        recording = open_recording(rec)
        chosen = format_ or format_for(target)
        frames = {
            name: recording.frames(name) for name in channel or recording.channels
        }
        losses = export_frames(
            frames, target, chosen, epoch_ns(recording.header.opened_at)
        )
        written = _pictures(recording, pictures) if pictures else []
    if as_json:
        told = {"file": str(target), "format": chosen, "losses": losses}
        print_json({**told, "pictures": [str(path) for path in written]})
        return
    for loss in losses:
        typer.echo(loss, err=True)
    typer.echo(str(target))


def _pictures(recording: "Recording", folder: Path) -> "Sequence[Path]":
    from examrunner.archive.formats.picture_folder import write_pictures

    return [
        path
        for camera in recording.cameras
        for path in write_pictures(recording.pictures(camera), folder / camera)
    ]
