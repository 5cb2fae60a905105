"""Runs what cannot be trusted in a child process with a limit on time and memory.

A library that loops for ever on a damaged file, or unfolds it without bound, takes
its child down and nothing else.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from examrunner.model.errors import ExamRunnerError, RecordingError

START_S: Final = 9.0
START_MIB: Final = 900
"""What a child gets for a small file, imports included."""
WALL_PER_CPU: Final = 6 if sys.platform != "win32" else 1
"""A child that sleeps is killed after this many times its processor time; on Windows,
which cannot limit that time, the clock has to do."""
MEMORY_PER_BYTE: Final = 8
LAST_WORDS_BYTES: Final = 4096
OUT_OF_TIME: Final = -24
"""Exit status of a child that used up its processor time (SIGXCPU)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a child may use.

    Attributes:
        cpu_s: Seconds of processor time. A loop uses them up at once; an honest
            reader on a busy machine does not.
        memory_mib: Memory that it may write to.
    """

    cpu_s: float = START_S
    memory_mib: int = START_MIB

    @classmethod
    def for_bytes(cls, count: int, bytes_per_s: float) -> Self:
        """Enough for an honest file of that size, read slowly on a busy machine."""
        return cls(
            cpu_s=START_S + count / bytes_per_s,
            memory_mib=START_MIB + (MEMORY_PER_BYTE * count >> 20),
        )


def run_limited(
    target: str,
    arguments: dict[str, Any],
    *,
    about: Path,
    limits: Limits | None = None,
) -> Any:
    """Call ``module:function`` with keyword arguments in a child.

    Args:
        target: What to call; it takes and returns JSON values.
        arguments: Its keyword arguments.
        about: The file that it works on, for the error.
        limits: What it may use.

    Raises:
        ExamRunnerError: What the function raised, with its own words.
        RecordingError: If the child ran into a limit or died.
    """
    allowed = limits or Limits()
    with tempfile.TemporaryDirectory() as folder:
        answer, words = Path(folder) / "answer.json", Path(folder) / "words"
        order = {
            "target": target,
            "arguments": arguments,
            "cpu_s": allowed.cpu_s,
            "memory_mib": allowed.memory_mib,
            "answer": str(answer),
        }
        status = _run(order, words, about, allowed)
        if not answer.exists():
            raise _died(about, status, _last_words(words), allowed)
        return _unwrapped(json.loads(answer.read_bytes()))


def _run(order: dict[str, Any], words: Path, about: Path, allowed: Limits) -> int:
    """The child's exit status; what it says goes to a file, however much it is."""
    with words.open("wb") as said:
        try:
            return subprocess.run(
                [sys.executable, "-m", "examrunner.archive.sandbox_child"],
                input=json.dumps(order).encode(),
                stdout=subprocess.DEVNULL,
                stderr=said,
                timeout=allowed.cpu_s * WALL_PER_CPU,
                check=False,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            ).returncode
        except subprocess.TimeoutExpired:
            raise _exhausted(about, _after(allowed)) from None


def _last_words(words: Path) -> str:
    with words.open("rb") as said:
        said.seek(max(words.stat().st_size - LAST_WORDS_BYTES, 0))
        return said.read().decode(errors="replace")


def _unwrapped(answer: dict[str, Any]) -> Any:
    if "error" in answer:
        error = answer["error"]
        raise _KINDS.get(error["kind"], RecordingError)(
            error["problem"], where=error["where"], remedy=error["remedy"]
        )
    return answer["value"]


def _kinds() -> dict[str, type[ExamRunnerError]]:
    return {kind.__name__: kind for kind in ExamRunnerError.__subclasses__()}


_KINDS: Final = _kinds()


def _died(about: Path, status: int, words: str, limits: Limits) -> RecordingError:
    if status == OUT_OF_TIME:
        return _exhausted(about, _after(limits))
    if status == -9 or "MemoryError" in words or "alloc" in words.lower():
        return _exhausted(about, f"at {limits.memory_mib} MiB of memory")
    return RecordingError(
        "the file cannot be read: its reader gave up on it.",
        where=str(about),
        remedy="Check that the file is complete; the original was left as it is.",
    )


def _after(limits: Limits) -> str:
    return f"after {limits.cpu_s:.0f} s"


def _exhausted(about: Path, at: str) -> RecordingError:
    return RecordingError(
        f"reading the file was stopped {at}: it is damaged or made to exhaust us.",
        where=str(about),
        remedy="Export it again from its source; the original was left as it is.",
    )
