"""An attempt of a scripted candidate, played straight and judged."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from examrunner.cli.score import app as score_app
from examrunner.content.search import SearchPath
from examrunner.simulation.attempt_files import write_attempt_files
from examrunner.simulation.recorded import record
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import plan_of


def judged(
    task: str, rig: str, profile: str, folder: Path, variant: str, seed: int = 1
) -> dict[str, Any]:
    """The score of one attempt as ``examrunner score --json`` prints it."""
    plan = plan_of(
        rig,
        SearchPath.of(),
        seed=seed,
        cache=folder / "tables",
        part=Part(task=task, profile=profile),
        variant=variant,
    )
    record(plan, folder / "rec")
    write_attempt_files(plan, folder)
    case = ["--case", str(folder / "case.json")]
    decisions = ["--decisions", str(folder / "decisions.json")]
    result = CliRunner().invoke(
        score_app, [str(folder / "rec"), *case, *decisions, "--json"]
    )
    assert result.exit_code == 0, result.output
    score: dict[str, Any] = json.loads(result.stdout)
    return score


def fractions(score: dict[str, Any]) -> dict[str, float | None]:
    """What every criterion earned, by its id."""
    return {each["id"]: each["fraction"] for each in score["criteria"]}


def raw_points(score: dict[str, Any]) -> float:
    """The sum of all criteria, before a critical limit caps it."""
    return sum(float(each["points"]["low"]) for each in score["criteria"])
