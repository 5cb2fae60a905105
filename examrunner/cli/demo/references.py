"""What a technician measures on a rig before an exam; here on simulated cameras."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from examrunner.content.search import SearchPath
from examrunner.simulation.attempt_files import reference_of
from examrunner.simulation.workshop import plan_of

MEASURED: Final = "_sharpness"
"""Intrinsics differ between variants, so the service takes those from the rubric."""


def sharpness(station: str, seed: int) -> Mapping[str, object]:
    """How sharp a good still of each calibrated camera is, by reference name."""
    cache = Path.home() / ".cache" / "examrunner"
    plan = plan_of(station, SearchPath.of(), seed=seed, cache=cache)
    found = reference_of(plan)
    return {name: value for name, value in found.items() if name.endswith(MEASURED)}
