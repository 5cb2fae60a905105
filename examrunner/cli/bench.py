"""Measure this project beside its peers."""

import importlib
from typing import Annotated, Final

import typer

from examrunner.cli.output import NO, clear_errors, print_json
from examrunner.model.errors import ExamRunnerError

app = typer.Typer(rich_markup_mode=None)

BENCHES: Final = ("camera", "decode", "diagnostics", "recording", "score", "simulation")


@app.command(epilog="Example: examrunner bench decode --json")
def bench(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BENCHES)}.")],
    rounds: Annotated[int, typer.Option(min=1, help="Counted rounds.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure this project beside its peers; medians over interleaved rounds."""
    with clear_errors():
        if name not in BENCHES:
            raise ExamRunnerError(
                f"there is no bench called '{name}'.",
                where="command line",
                remedy=f"Use one of: {', '.join(BENCHES)}.",
            )
        from examrunner.bench.harness import run

        cases = importlib.import_module(f"examrunner.bench.{name}").cases()
        outcome = run(name, cases, rounds=rounds)
    if as_json:
        print_json(outcome)
    else:
        _print_table(outcome)
    if not all(case["reached"] for case in outcome["cases"]):
        raise typer.Exit(NO)


def _print_table(outcome: dict[str, list[dict[str, object]]]) -> None:
    for case in outcome["cases"]:
        mark = "ok" if case["reached"] else "SHORT"
        typer.echo(f"{mark:5} {case['case']}: {case['ours']:,.4g} {case['unit']}")
        peers, ratios = case["peers"], case["ratio"]
        if isinstance(peers, dict) and isinstance(ratios, dict):
            for peer, figure in peers.items():
                typer.echo(f"        {peer}: {figure:,.4g} (x {ratios[peer]:.1f})")
