"""The command tree. A noun's module is imported when the noun is used."""

import importlib
import sys
from typing import Final

import typer
from typer.core import TyperCommand, TyperGroup

NOUNS: Final = {
    "bench": "Measure this project beside its peers.",
    "calibrate": "Calibrate cameras from pictures and judge calibrations.",
    "content": "Find, list and check stations, rubrics and databases.",
    "demo": "Run a whole exam day with simulated stations.",
    "grades": "Export grades.",
    "recording": "Import, show, verify, decode and export recordings.",
    "rig": "Simulate a rig.",
    "rubric": "Check, explain and write rubrics.",
    "score": "Score a recording against a rubric.",
    "service": "Run the exam service.",
    "station": "Run a station.",
}
"""Noun to its help; ``examrunner.cli.<noun>`` holds ``app``, a Typer application."""


class LazyNouns(TyperGroup):
    """Lists every noun without importing any."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        # Typer's base class names its private context; the public one is the same.
        return sorted(NOUNS)

    def get_command(  # type: ignore[override]  # likewise
        self, ctx: typer.Context, cmd_name: str
    ) -> object:
        if cmd_name not in NOUNS:
            return None
        if cmd_name not in sys.argv[1:2]:
            return TyperCommand(cmd_name, help=NOUNS[cmd_name])
        module = importlib.import_module(f"examrunner.cli.{cmd_name}")
        return typer.main.get_command(module.app)


app = typer.Typer(
    cls=LazyNouns,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def examrunner() -> None:
    """Record practical exams on vehicle training rigs and score them."""
