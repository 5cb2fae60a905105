"""One mutant in a process of its own: do the tests notice it?"""

import os
import resource
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pytest
from _pytest.runner import runtestprotocol
from mutants import Mutant, make

KILLED, SURVIVED = 1, 0
MEMORY_BYTES = 4 << 30


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNREACHED = "unreached"


@dataclass(frozen=True)
class Trial:
    """A mutant's fate, and the test that noticed it (None: none, or not known)."""

    mutant: Mutant
    fate: Fate
    test: str | None = None

    @property
    def is_noticed(self) -> bool:
        return self.fate in {Fate.KILLED, Fate.TIMEOUT}


def tried(
    mutant: Mutant, tests: Sequence[pytest.Item], lasting_s: Mapping[str, float]
) -> Trial:
    """Run tests against a mutant in a forked process until one fails.

    Args:
        mutant: What is changed.
        tests: In this order.
        lasting_s: Processor time that each test takes without the mutant; ten times
            that and two seconds more end the trial.
    """
    if not tests:
        return Trial(mutant, Fate.UNREACHED)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_child(mutant, tests, lasting_s, writing))
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    test = said.splitlines()[-1] if said else None
    if os.WIFSIGNALED(status):
        late = os.WTERMSIG(status) == signal.SIGVTALRM
        return Trial(mutant, Fate.TIMEOUT if late else Fate.KILLED, test)
    if os.WEXITSTATUS(status) == SURVIVED:
        return Trial(mutant, Fate.SURVIVED)
    return Trial(mutant, Fate.KILLED, test)


def _child(
    mutant: Mutant,
    tests: Sequence[pytest.Item],
    lasting_s: Mapping[str, float],
    writing: int,
) -> int:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    try:
        make(mutant)
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            os.write(writing, f"{test.nodeid}\n".encode())
            signal.setitimer(signal.ITIMER_VIRTUAL, 2 + 10 * lasting_s[test.nodeid])
            reports = runtestprotocol(test, log=False, nextitem=following)
            if any(report.failed for report in reports):
                return KILLED
    except BaseException:  # noqa: BLE001 - the child must end here, whatever happens
        return KILLED
    return SURVIVED
