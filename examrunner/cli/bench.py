"""Measure this project beside its peers, and play its golden table."""

import importlib
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.cli.progress import progress
from examrunner.model.errors import ExamRunnerError

app = typer.Typer(rich_markup_mode=None)

BENCHES: Final = (
    "camera",
    "capture",
    "decode",
    "diagnostics",
    "golden",
    "judging",
    "recording",
    "score",
    "simulation",
)
EXAMPLE: Final = "Example: examrunner bench golden --seeds 1 --tasks C06 --json"


@app.command(epilog=EXAMPLE)
def bench(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BENCHES)}.")],
    rounds: Annotated[int, typer.Option(min=1, help="Counted rounds.")] = 5,
    seeds: Annotated[int, typer.Option(min=1, help="golden: seeds 1 to this.")] = 5,
    tasks: Annotated[
        str, typer.Option(metavar="C06,F13", help="golden: tasks; all without.")
    ] = "",
    profiles: Annotated[
        str, typer.Option(metavar="A,B", help="golden: candidates; all without.")
    ] = "",
    cache: Annotated[
        Path | None, typer.Option(help="golden: folder for tables that take long.")
    ] = None,
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure this project beside its peers; medians over interleaved rounds.

    ``golden`` plays scripted candidates instead and says whether each scored what it
    must.
    """
    with clear_errors():
        if name not in BENCHES:
            raise ExamRunnerError(
                f"there is no bench called '{name}'.",
                where="command line",
                remedy=f"Use one of: {', '.join(BENCHES)}.",
            )
        if name == "golden":
            from examrunner.bench.golden import golden

            outcome = golden(
                seeds=seeds,
                tasks=_listed(tasks),
                profiles=_listed(profiles),
                search=search_path(content),
                cache=cache or Path.home() / ".cache" / "examrunner",
                progress=progress("attempts"),
            )
        else:
            from examrunner.bench.harness import run

            cases = importlib.import_module(f"examrunner.bench.{name}").cases()
            outcome = run(name, cases, rounds=rounds)
    if as_json:
        print_json(outcome)
    elif name == "golden":
        _print_rows(outcome["rows"])
    else:
        _print_table(outcome)
    if not _holds(outcome):
        raise typer.Exit(NO)


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


def _holds(outcome: dict[str, Any]) -> bool:
    if "rows" in outcome:
        return all(row["in_band"] for row in outcome["rows"])
    return all(case["reached"] for case in outcome["cases"])


def _print_rows(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        mark = "ok" if row["in_band"] else "OUT"
        ends = row["expected"]
        band = f"{ends[0]:g} to {ends[1]:g}" if ends else "no band"
        flags = ", ".join(row["flags"])
        typer.echo(
            f"{mark:4} {row['task']} {row['profile']:10} {row['seed']:3} "
            f"{row['variant']:16} {row['low']:5g} to {row['high']:5g} ({band}) "
            f"{row['verdict']:9} {flags}"
        )


def _print_table(outcome: dict[str, list[dict[str, object]]]) -> None:
    for case in outcome["cases"]:
        mark = "ok" if case["reached"] else "SHORT"
        typer.echo(f"{mark:5} {case['case']}: {case['ours']:,.4g} {case['unit']}")
        peers, ratios = case["peers"], case["ratio"]
        if isinstance(peers, dict) and isinstance(ratios, dict):
            for peer, figure in peers.items():
                typer.echo(f"        {peer}: {figure:,.4g} (x {ratios[peer]:.1f})")
