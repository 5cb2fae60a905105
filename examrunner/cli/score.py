"""examrunner score."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json

if TYPE_CHECKING:
    from examrunner.archive.reading import Recording
    from examrunner.content.search import SearchPath
    from examrunner.model.case import Case
    from examrunner.model.rubric import Rubric
    from examrunner.model.score import Score
    from examrunner.model.station import Rig
    from examrunner.model.traces import Earlier

EXAMPLE = "Example: examrunner score a17 --rubric C06 --case case.json --json"

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog=EXAMPLE)
def score(
    recording: Annotated[Path, typer.Argument(help="Its folder or packed file.")],
    rubric: Annotated[
        str | None,
        typer.Option(help="Rubric file, folder or name; the recording's own without."),
    ] = None,
    case: Annotated[
        Path | None, typer.Option(help="The attempt's secrets, a JSON file.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="What examiners decided, a JSON file.")
    ] = None,
    dbc: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[CHANNEL=]FILE",
            help="Database instead of the recording's; may be given several times.",
        ),
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="REC",
            help="Earlier recording that this one must not repeat; may be given "
            "several times.",
        ),
    ] = None,
    lang: Annotated[
        Literal["zh", "en"], typer.Option(help="Language of the reasons.")
    ] = "en",
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score a recording against a rubric and explain every mark."""
    with clear_errors():
        from examrunner.archive.reading import open_recording

        path = search_path(content)
        found = open_recording(recording)
        asked = _rubric(rubric, found, path)
        databases = _databases(dbc)
        remembered = [_remembered(each, asked, path) for each in earlier or ()]
        result = _scored(
            found, asked, _case(case, asked), decisions, databases, remembered, path
        )
    if as_json:
        print_json(_document(found, asked, result, lang))
    else:
        _print(asked, result, lang)


def _rubric(name: str | None, recording: "Recording", path: "SearchPath") -> "Rubric":
    from examrunner.content.rubrics import parse_rubric, read_rubric
    from examrunner.model.errors import ContentError

    if name is None:
        attached = recording.attachments().get("rubric.yaml")
        if attached is None:
            raise ContentError(
                "the recording carries no rubric.",
                where=str(recording.path),
                remedy="Name one with --rubric.",
            )
        return parse_rubric(attached, recording.path / "rubric.yaml")
    if Path(name).exists():
        return read_rubric(Path(name))
    return read_rubric(path.find("rubric", name))


def _case(file: Path | None, rubric: "Rubric") -> "Case":
    from examrunner.content.cases import read_case
    from examrunner.model.case import Case

    return Case(task=rubric.id) if file is None else read_case(file)


def _databases(files: list[str] | None) -> dict[str, bytes] | None:
    """Databases by channel or name, each loaded in a limited child first."""
    from examrunner.decode.database_files import checked_content

    found: dict[str, bytes] = {}
    for each in files or ():
        channel, _, name = each.rpartition("=")
        found[channel or Path(name).name] = checked_content(Path(name))
    return found or None


def _scored(
    recording: "Recording",
    rubric: "Rubric",
    case: "Case",
    decisions: Path | None,
    databases: dict[str, bytes] | None,
    earlier: "list[Earlier]",
    path: "SearchPath",
) -> "Score":
    from examrunner.content.attempt_files import read_decisions
    from examrunner.decode.timeline import build_timeline
    from examrunner.model.digests import digest_of
    from examrunner.model.score import Digests
    from examrunner.scoring import judge, settle
    from examrunner.scoring.software import deciding_software

    attached = recording.attachments()
    timeline = build_timeline(recording, _rig(recording, rubric, path), databases)
    used = databases or {
        name.removeprefix("dbc/"): bytes(data)
        for name, data in attached.items()
        if name.startswith("dbc/")
    }
    digests = Digests(
        recording=recording.digest,
        rubric=rubric.digest,
        case=case.digest,
        databases={name: digest_of(data) for name, data in used.items()},
    )
    return settle(
        rubric,
        judge(timeline, rubric, case, earlier=earlier),
        read_decisions(decisions) if decisions else (),
        digests=digests,
        software=deciding_software(),
    )


def _rig(recording: "Recording", rubric: "Rubric", path: "SearchPath") -> "Rig":
    from examrunner.content.rigs import attached_rig, read_rig

    attached = attached_rig(recording.attachments(), recording.path)
    return attached or read_rig(rubric.rig, path)


def _remembered(file: Path, rubric: "Rubric", path: "SearchPath") -> "Earlier":
    from examrunner.archive.reading import open_recording
    from examrunner.decode.timeline import build_timeline
    from examrunner.scoring.remembering import remembered

    recording = open_recording(file)
    timeline = build_timeline(recording, _rig(recording, rubric, path))
    return remembered(recording.digest, timeline)


def _document(
    recording: "Recording", rubric: "Rubric", result: "Score", language: str
) -> dict[str, Any]:
    from examrunner.scoring.score_json import score_json

    return {
        "recording": {
            "digest": recording.digest,
            "duration_s": recording.duration_ns / 1e9,
            "ending": recording.ending.value if recording.ending else None,
        },
        "rubric": {
            "id": rubric.id,
            "revision": rubric.revision,
            "digest": rubric.digest,
        },
        **score_json(result, language),
    }


def _print(rubric: "Rubric", result: "Score", language: str) -> None:
    from examrunner.criteria.wording import say
    from examrunner.scoring.score_json import points_json

    typer.echo(f"{rubric.id} {rubric.title.in_language(language)}")
    for line in result.criteria:
        points = points_json(line.points)
        earned = points["low"]
        if points["high"] != earned:
            earned = f"{earned}-{points['high']}"
        typer.echo(f"{line.id:>4} {earned:>9} / {points['max']:<4} {line.outcome}")
        typer.echo(f"     {say(line.reason, language)}")
    for flag in result.flags:
        typer.echo(f"flag {say(flag.text, language)}")
    points = points_json(result.points)
    typer.echo(
        f"{points['low']} to {points['high']} of {points['max']}: {result.verdict}"
    )
