"""Mutation testing of what decides marks; README.md beside it says how to use it."""

import argparse
import json
import os
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from mutants import ROOT, Mutant, files, learn_living_functions, mutants_of
from reach import Reach
from report import as_json, as_text, equivalents
from trial import Trial, tried

TESTS = ("unit/criteria", "unit/scoring", "kinds", "unit/content/test_rubric_files.py")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
REACH = ROOT / ".pytest_cache" / "mutation-reach.json"


class Mutation:
    """pytest plugin: instead of running the tests once, runs them against mutants."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.trials: list[Trial] = []
        self._asked = asked

    def pytest_sessionstart(self) -> None:
        """The same examples every time, none remembered, no search for smaller ones."""
        from hypothesis import Phase, settings  # pytest rewrites it while it loads it

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile(
            "mutation", deadline=None, derandomize=True, database=None, phases=phases
        )
        settings.load_profile("mutation")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Say what is wrong with the tests; nothing else would."""
        if report.failed:
            sys.stderr.write(f"{report.longreprtext}\n")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        items = {item.nodeid: item for item in session.items}
        reach = Reach(REACH, keep=self._asked.keep_reach)
        reach.learn(session.items)
        learn_living_functions()
        noticing: dict[tuple[str, str], str] = {}
        for mutant in asked_for(self._asked):
            place = (mutant.file, mutant.function)
            order = reach.tests_of(mutant)
            if noticing.get(place) in order:
                order.remove(noticing[place])
                order.insert(0, noticing[place])
            lasting_s = {test: reach.lasted_s(test) for test in order}
            chosen = within(lasting_s, self._asked.most_s)
            trial = tried(mutant, [items[test] for test in chosen], chosen)
            if trial.test:
                noticing[place] = trial.test
            self.trials.append(trial)
            self._progress(trial)
        return True

    def _progress(self, trial: Trial) -> None:
        if self._asked.verbose:
            sys.stderr.write(f"{trial.fate}: {trial.mutant}\n")


def within(lasting_s: Mapping[str, float], most_s: float) -> dict[str, float]:
    """Tests, in their order, that together last no longer than this; always one."""
    chosen: dict[str, float] = {}
    for test, lasts_s in lasting_s.items():
        if not chosen or sum(chosen.values()) + lasts_s <= most_s:
            chosen[test] = lasts_s
    return chosen


def asked_for(asked: argparse.Namespace) -> list[Mutant]:
    """The mutants that the command line asks for, equivalent ones left out."""
    aside = equivalents()
    named = [
        file
        for file in files()
        if not asked.files or any(Path(each) in below(file) for each in asked.files)
    ]
    found = [m for file in named for m in mutants_of(file) if m.key not in aside]
    if asked.only:
        found = [m for m in found if asked.only in m.function]
    if asked.sample is None or asked.sample >= len(found):
        return found
    chosen = random.Random(asked.seed).sample(range(len(found)), asked.sample)
    return [found[at] for at in sorted(chosen)]


def below(file: str) -> list[Path]:
    """A file and the folders that it lies in."""
    return [Path(file), *Path(file).parents]


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="files or folders; default: all")
    parser.add_argument("--sample", type=int, help="so many, drawn over all files")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--only", help="part of a function's name")
    parser.add_argument("--most-s", type=float, default=6, help="tests per mutant")
    parser.add_argument("--keep-reach", action="store_true", help="trust the old map")
    parser.add_argument("--json", action="store_true", help="one document")
    parser.add_argument("--verbose", action="store_true", help="every mutant's fate")
    return parser.parse_args(words)


def main() -> None:
    """Try the mutants and say which live."""
    asked = arguments(sys.argv[1:])
    if not ONE_THREAD.items() <= os.environ.items():
        # A forked process has no other thread, and numpy asks when it is loaded.
        os.execve(
            sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD}
        )
    os.chdir(ROOT)
    REACH.parent.mkdir(exist_ok=True)
    plugin = Mutation(asked)
    options = ["-n0", "-p", "no:terminal", "-s", "--timeout=0", "-o", "addopts="]
    ended = pytest.main(
        [*options, "-m", "not slow", "-k", "not published_schema"]
        + [f"tests/{each}" for each in TESTS],
        plugins=[plugin],
    )
    if not plugin.trials:
        raise SystemExit(f"no mutant was tried (pytest ended with {ended}).")
    if asked.json:
        sys.stdout.write(json.dumps(as_json(plugin.trials), indent=1) + "\n")
    else:
        sys.stdout.write(as_text(plugin.trials))


if __name__ == "__main__":
    main()
