"""The child of ``sandbox``: limits itself, calls, and writes one answer."""

import importlib
import json
import math
import sys
from pathlib import Path
from typing import Any, Final

from examrunner.model.errors import ExamRunnerError

ADDRESSES_PER_DATA: Final = 8


def main() -> None:
    """Read the order from standard input, carry it out, write the answer."""
    order = json.load(sys.stdin)
    _limit(order["memory_mib"], order["cpu_s"])
    module, name = order["target"].split(":")
    call = getattr(importlib.import_module(module), name)
    try:
        answer: dict[str, Any] = {"value": call(**order["arguments"])}
    except ExamRunnerError as error:
        answer = {
            "error": {
                "kind": type(error).__name__,
                "problem": error.problem,
                "where": error.where,
                "remedy": error.remedy,
            }
        }
    Path(order["answer"]).write_text(json.dumps(answer))


def _limit(memory_mib: int, cpu_s: float) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit; the parent's clock still holds.
    seconds = math.ceil(cpu_s)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    # Data is what is written to; libraries reserve far more addresses than that.
    for kind, mib in (
        (resource.RLIMIT_DATA, memory_mib),
        (resource.RLIMIT_AS, ADDRESSES_PER_DATA * memory_mib),
    ):
        resource.setrlimit(kind, (mib << 20, mib << 20))


if __name__ == "__main__":
    main()
