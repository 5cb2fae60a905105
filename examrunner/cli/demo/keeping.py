"""The day's recordings under plain names, ready for a teacher's draft rubric."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from examrunner.cli.demo.cast import Player
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.model.digests import canonical_json
from examrunner.service.exam_planning import simulated_cameras


def keep_recordings(
    folder: Path,
    attempts: Iterable[Mapping[str, Any]],
    players: Mapping[str, Player],
    references: Mapping[str, Mapping[str, object]],
) -> None:
    """Makes ``recordings/C06-competent`` and ``recordings/C06-competent.case.json``.

    Args:
        folder: Of the day.
        attempts: Details as the service tells them.
        players: Scripted candidates by code.
        references: What was measured on each station's rig.

    Raises:
        ContentError: If a rubric has gone.
    """
    target = folder / "recordings"
    target.mkdir()
    content = SearchPath.of()
    for detail in attempts:
        attempt = detail["attempt"]
        name = f"{attempt['task']}-{players[attempt['candidate']].profile}"
        station = folder / "stations" / attempt["station"]
        _link(station / "attempts" / attempt["id"] / "recording", target / name)
        measured = references[attempt["station"]]
        case = _case(content, attempt, detail["variant"], measured)
        (target / f"{name}.case.json").write_bytes(case)


def _link(recording: Path, name: Path) -> None:
    try:
        name.symlink_to(recording, target_is_directory=True)
    except OSError:  # Windows without the right to make links
        shutil.copytree(recording, name)


def _case(
    content: SearchPath,
    attempt: Mapping[str, Any],
    variant: str,
    measured: Mapping[str, object],
) -> bytes:
    task, station = attempt["task"], read_station(attempt["station"], content)
    chosen = read_rubric(content.find("rubric", task)).variants[variant]
    reference = {**simulated_cameras(chosen, station.rig), **measured}
    secrets = {"truth": dict(chosen.truth), "reference": reference}
    return canonical_json({"task": task, "variant": variant, **secrets})
