"""examrunner recording import."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json
from examrunner.cli.recording.options import Json
from examrunner.model.errors import RecordingError

if TYPE_CHECKING:
    from examrunner.archive.importing import Sources
    from examrunner.model.recording import Header
    from examrunner.model.station import Rig


def import_recording(
    rec: Annotated[
        Path, typer.Argument(metavar="REC", help="The recording's folder to make.")
    ],
    station: Annotated[
        str | None,
        typer.Option(help="Station or rig type: its databases come along."),
    ] = None,
    can: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHANNEL=FILE",
            help="A log file; FILE#2 takes only the file's channel 2.",
        ),
    ] = None,
    camera: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=DIR|FILE", help="Pictures or a video."),
    ] = None,
    answers: Annotated[Path | None, typer.Option(help="Answers as JSON.")] = None,
    events: Annotated[Path | None, typer.Option(help="Operations as JSON.")] = None,
    format_: Annotated[
        str, typer.Option("--format", help="Of the logs. Default: found out.")
    ] = "",
    every_s: Annotated[
        float, typer.Option(min=0.001, help="Seconds between pictures.")
    ] = 1.0,
    content: ContentRoots = None,
    as_json: Json = False,
) -> None:
    """Make a recording of log files, pictures, answers and operations.

    Every frame that a log holds is kept, in its order; the originals stay as they are.
    """
    with clear_errors():
        from examrunner.archive import importing
        from examrunner.cli.recording import import_sources

        path = search_path(content)
        name, rig, attached = import_sources.rig_of(station, path)
        logs = import_sources.logs_of(can or (), format_)
        sources = import_sources.complete(
            importing.Sources(
                logs=logs,
                pictures=import_sources.pictures_of(camera or (), every_s),
                attachments=attached,
            ),
            answers,
            events,
        )
        _check(rec, sources, rig)
        header = _header(name, rig, importing.begun_at(logs))
        digest = importing.import_recording(rec, header, sources)
        frames = sum(map(len, logs.values()))
        notes = [note for log in logs.values() for note in log.notes]
    if as_json:
        told = {"digest": digest, "folder": str(rec), "frames": frames, "notes": notes}
        print_json(told)
        return
    for note in notes:
        typer.echo(note, err=True)
    typer.echo(f"{rec}: {frames:,} frames\n{digest}")


def _header(name: str, rig: "Rig | None", opened_at: str) -> "Header":
    from importlib.metadata import version

    from examrunner.model.recording import Header

    return Header(
        station=name,
        rig=rig.name if rig else "",
        opened_at=opened_at,
        software={"examrunner": version("examrunner")},
    )


def _check(rec: Path, sources: "Sources", rig: "Rig | None") -> None:
    if not sources.logs and not sources.pictures:
        raise RecordingError(
            "there is nothing to import.",
            where=str(rec),
            remedy="Name a log with --can CHANNEL=FILE or pictures with --camera.",
        )
    if rig is not None:
        from examrunner.archive.importing import named_channels
        from examrunner.cli.recording.import_sources import check_names

        check_names("channel", named_channels(sources.logs), rig.channels, rig.name)
        check_names("camera", sources.pictures, rig.cameras, rig.name)
