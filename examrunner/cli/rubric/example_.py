"""examrunner rubric example."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import NO, clear_errors, print_json

if TYPE_CHECKING:
    from examrunner.content.search import SearchPath
    from examrunner.content.thinning.making import Made

Profile = Literal["competent", "sloppy", "cheating", "missing_evidence", "further"]


def example(
    recording: Annotated[Path, typer.Argument(help="Its folder or packed file.")],
    out: Annotated[Path, typer.Option(help="File to write.")],
    because: Annotated[str, typer.Option(help="Why it has to come out so.")],
    rubric: Annotated[
        str | None,
        typer.Option(help="Rubric file, folder or name; the recording's task without."),
    ] = None,
    profile: Annotated[Profile, typer.Option(help="Its profile.")] = "further",
    case: Annotated[
        Path | None, typer.Option(help="Case file, instead of the one beside.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Decisions file, instead of the one beside.")
    ] = None,
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a worked example from a recording, thinned to what the rubric looks at.

    It is only written if it comes out as its recording does, outcome by outcome and
    to 0.1 points. Exit status 1: it does not, and here is what differs.
    """
    with clear_errors():
        made = _made(
            recording, rubric, case, decisions, because, profile, search_path(content)
        )
        if not made.differences:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(made.text, encoding="utf-8")
    if as_json:
        size = len(made.text.encode())
        written = None if made.differences else str(out)
        differences = list(made.differences)
        print_json({"written": written, "bytes": size, "differences": differences})
    elif made.differences:
        typer.echo("\n".join(made.differences))
    else:
        typer.echo(str(out))
    if made.differences:
        raise typer.Exit(NO)


def _made(
    recording: Path,
    rubric: str | None,
    case: Path | None,
    decisions: Path | None,
    because: str,
    profile: str,
    path: "SearchPath",
) -> "Made":
    from examrunner.cli.attempts import attached_rubric, attempt_at, timeline_of
    from examrunner.content.known_signals import known_signals
    from examrunner.content.rigs import read_rig
    from examrunner.content.rubrics import read_rubric
    from examrunner.content.thinning.making import Told, make_example

    attempt = attempt_at(recording, case, decisions)
    name = rubric or attached_rubric(attempt.recording).id
    file = Path(name) if Path(name).exists() else path.find("rubric", name)
    asked = read_rubric(file)
    return make_example(
        Told(
            timeline=timeline_of(attempt.recording, asked, path),
            rubric=asked,
            case=attempt.case,
            decisions=attempt.decisions,
            signals=known_signals(read_rig(asked.rig, path), path),
            because=because,
            profile=profile,
        )
    )
