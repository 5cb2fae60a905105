"""Times this project beside its peers in one run, in interleaved rounds."""

import gc
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

Measure = Callable[[], float]
"""One round: does the work once and returns its figure in the case's unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that is measured.

    Attributes:
        case: What is done, on which input.
        unit: Of every figure, for example ``frames/s``.
        better: Whether a higher or a lower figure is better.
        ours: One round of this project.
        peers: One round of each peer by name.
        limit: Figure that ours must reach, in ``unit``.
        limit_ratio: How many times better than a peer ours must be, by peer.
    """

    case: str
    unit: str
    better: Literal["higher", "lower"]
    ours: Measure
    peers: Mapping[str, Measure] = field(default_factory=dict)
    limit: float | None = None
    limit_ratio: Mapping[str, float] = field(default_factory=dict)


def timed(work: Callable[[], object], count: float = 1.0) -> Measure:
    """A round that runs ``work`` and gives ``count`` per second."""

    def measure() -> float:
        gc.collect()
        start_s = time.perf_counter()
        work()
        return count / (time.perf_counter() - start_s)

    return measure


def took_ms(work: Callable[[], object]) -> Measure:
    """A round that runs ``work`` and gives its milliseconds."""
    per_second = timed(work)
    return lambda: 1e3 / per_second()


def run(name: str, cases: Iterable[Case], *, rounds: int = 5) -> dict[str, Any]:
    """All cases, in the shape that ``bench NAME --json`` prints.

    One round is run beforehand and not counted. Within a round ours and every peer
    take turns, so that a machine whose speed drifts treats them alike.
    """
    return {
        "bench": name,
        "software": software(),
        "rounds": rounds,
        "cases": [_run_case(case, rounds) for case in cases],
    }


def _run_case(case: Case, rounds: int) -> dict[str, Any]:
    runners = {"ours": case.ours, **case.peers}
    figures: dict[str, list[float]] = {name: [] for name in runners}
    for round_number in range(rounds + 1):
        for name, measure in runners.items():
            figure = measure()
            if round_number:
                figures[name].append(figure)
    medians = {name: statistics.median(values) for name, values in figures.items()}
    ours = medians.pop("ours")
    ratios = {
        peer: ours / theirs if case.better == "higher" else theirs / ours
        for peer, theirs in medians.items()
    }
    return {
        "case": case.case,
        "unit": case.unit,
        "better": case.better,
        "ours": ours,
        "peers": medians,
        "ratio": ratios,
        "limit": case.limit,
        "limit_ratio": dict(case.limit_ratio),
        "reached": _is_reached(case, ours, ratios),
    }


def _is_reached(case: Case, ours: float, ratios: Mapping[str, float]) -> bool:
    if case.limit is not None:
        short = ours < case.limit if case.better == "higher" else ours > case.limit
        if short:
            return False
    return all(ratios[peer] >= least for peer, least in case.limit_ratio.items())


def software() -> dict[str, str]:
    """Names and versions of what was measured."""
    names = ("numpy", "cantools", "python-can", "asammdf", "opencv-python", "scapy")
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
