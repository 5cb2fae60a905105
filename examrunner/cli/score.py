"""examrunner score."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json

if TYPE_CHECKING:
    from examrunner.archive.reading import Recording
    from examrunner.content.search import SearchPath
    from examrunner.model.rubric import Rubric
    from examrunner.model.score import Score
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
        from examrunner.cli.attempts import Attempt, scored, timeline_of
        from examrunner.content.attempt_files import read_decisions
        from examrunner.content.cases import read_case
        from examrunner.model.case import Case

        path = search_path(content)
        found = open_recording(recording)
        asked = _rubric(rubric, found, path)
        databases = _databases(dbc)
        attempt = Attempt(
            recording=found,
            case=read_case(case) if case else Case(task=asked.id),
            decisions=read_decisions(decisions) if decisions else (),
        )
        timeline = timeline_of(found, asked, path, databases)
        remembered = [_remembered(each, asked, path) for each in earlier or ()]
        result = scored(timeline, asked, attempt, databases, remembered)
    if as_json:
        print_json(_document(found, asked, result, lang))
    else:
        _print(asked, result, lang)


def _rubric(name: str | None, recording: "Recording", path: "SearchPath") -> "Rubric":
    from examrunner.cli.attempts import attached_rubric
    from examrunner.content.rubrics import read_rubric

    if name is None:
        return attached_rubric(recording)
    if Path(name).exists():
        return read_rubric(Path(name))
    return read_rubric(path.find("rubric", name))


def _databases(files: list[str] | None) -> dict[str, bytes] | None:
    """Databases by channel or name, each loaded in a limited child first."""
    from examrunner.decode.database_files import checked_content

    found: dict[str, bytes] = {}
    for each in files or ():
        channel, _, name = each.rpartition("=")
        found[channel or Path(name).name] = checked_content(Path(name))
    return found or None


def _remembered(file: Path, rubric: "Rubric", path: "SearchPath") -> "Earlier":
    from examrunner.archive.reading import open_recording
    from examrunner.cli.attempts import timeline_of
    from examrunner.scoring.remembering import remembered

    recording = open_recording(file)
    return remembered(recording.digest, timeline_of(recording, rubric, path))


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
