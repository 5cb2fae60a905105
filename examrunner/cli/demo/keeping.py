"""The day's recordings under plain names, ready for a teacher's draft rubric."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from examrunner.cli.demo.cast import Player
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.model.digests import canonical_json


def keep_recordings(
    folder: Path, attempts: Iterable[Mapping[str, Any]], players: Mapping[str, Player]
) -> None:
    """Makes ``recordings/C06-competent`` and ``recordings/C06-competent.case.json``.

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
        case = _case(content, attempt["task"], detail["variant"])
        (target / f"{name}.case.json").write_bytes(case)


def _link(recording: Path, name: Path) -> None:
    try:
        name.symlink_to(recording, target_is_directory=True)
    except OSError:  # Windows without the right to make links
        shutil.copytree(recording, name)


def _case(content: SearchPath, task: str, variant: str) -> bytes:
    rubric = read_rubric(content.find("rubric", task))
    truth = dict(rubric.variants[variant].truth)
    reference = truth.pop("reference", {})
    return canonical_json(
        {"task": task, "variant": variant, "truth": truth, "reference": reference}
    )
