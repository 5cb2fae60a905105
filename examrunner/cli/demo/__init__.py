"""examrunner demo: a whole exam day on this machine, without a rig."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from examrunner.cli.output import clear_errors, print_json

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog="Example: examrunner demo --no-browser --json")
def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open a page.")
    ] = False,
    data: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path(
        "examrunner-demo"
    ),
    seed: Annotated[int, typer.Option(min=0, help="Of all chance.")] = 1,
) -> None:
    """Run nine attempts of three scripted candidates on three simulated stations.

    With --json and --no-browser it ends after the table; else the page stays up.
    """
    with clear_errors():
        from examrunner.cli.demo.day import ExamDay, next_folder
        from examrunner.cli.demo.showing import as_document, print_table
        from examrunner.cli.demo.staying import stay_up
        from examrunner.cli.demo.stopping import ends_on_signals

        tell = (lambda line: None) if as_json else typer.echo
        folder = next_folder(data)
        with ends_on_signals(), ExamDay(folder, seed=seed, tell=tell) as day:
            results = day.run()
            if as_json:
                print_json(as_document(results))
            else:
                print_table(results, sys.stdout)
            if not (as_json and no_browser):
                stay_up(day, open_browser=not no_browser)
