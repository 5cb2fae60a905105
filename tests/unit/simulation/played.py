"""A scripted candidate played straight into a recording and judged."""

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


def played(
    rig: str,
    task: str,
    profile: str,
    folder: Path,
    *,
    seed: int = 1,
    variant: str | None = None,
) -> dict[str, Any]:
    """The score of one attempt, as ``examrunner score --json`` prints it."""
    plan = plan_of(
        rig,
        SearchPath.of(),
        seed=seed,
        cache=folder / "cache",
        part=Part(task=task, profile=profile),
        variant=variant,
    )
    record(plan, folder / "rec")
    write_attempt_files(plan, folder)
    arguments = ["--case", str(folder / "case.json"), "--json"]
    decisions = ["--decisions", str(folder / "decisions.json")]
    result = CliRunner().invoke(
        score_app, [str(folder / "rec"), *arguments, *decisions]
    )
    assert result.exit_code == 0, result.output
    score: dict[str, Any] = json.loads(result.stdout)
    return score


def fractions(score: dict[str, Any]) -> dict[str, float]:
    """Share of the points by criterion."""
    return {each["id"]: each["fraction"] for each in score["criteria"]}
