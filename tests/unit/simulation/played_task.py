"""Plays a scripted candidate straight into a recording and judges it."""

import json
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from examrunner.cli.score import app as score_app
from examrunner.content.search import SearchPath
from examrunner.simulation.attempt_files import write_attempt_files
from examrunner.simulation.recorded import record
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import plan_of


@dataclass(frozen=True)
class Played:
    """What came out."""

    verdict: str
    points: tuple[float, float]
    fractions: dict[str, float | None]


def play(task: str, rig: str, profile: str, variant: str, folder: Path) -> Played:
    """One attempt with seed 1."""
    folder.mkdir(parents=True)
    plan = plan_of(
        rig,
        SearchPath.of(),
        seed=1,
        cache=folder / "cache",
        part=Part(task=task, profile=profile),
        variant=variant,
    )
    record(plan, folder / "rec")
    write_attempt_files(plan, folder)
    files = [f"--{name}={folder / name}.json" for name in ("case", "decisions")]
    result = CliRunner().invoke(score_app, [str(folder / "rec"), *files, "--json"])
    assert result.exit_code == 0, result.output
    score = json.loads(result.stdout)
    return Played(
        verdict=score["verdict"],
        points=(float(score["points"]["low"]), float(score["points"]["high"])),
        fractions={line["id"]: line["fraction"] for line in score["criteria"]},
    )
