"""Case files of the criterion kinds: reading, asking, and what is approved."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from memories import KEYS, score_with
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from examrunner.content.examples import ExampleFile
from examrunner.content.known_signals import known_signals
from examrunner.content.rigs import read_rig
from examrunner.content.rubrics import parse_rubric
from examrunner.content.search import SearchPath
from examrunner.criteria.wording import say
from examrunner.model.rubric import Rubric
from examrunner.model.score import CriterionScore

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.yaml"))
EXAMPLE = TypeAdapter(ExampleFile)
OWN = {"ask", "expect", "value", "fraction", "details", "critical"}
ASKED = "A"
SETUP = """
id: K00
revision: 1
title: {zh: 判据, en: Kinds}
limit_s: 3600
post_s: 60
cuts: {pass: 60, fail_cap: 59}
"""


@dataclass(frozen=True)
class Case:
    """One timeline and one question."""

    file: Path
    name: str
    keys: dict[str, Any]

    @property
    def asked(self) -> str:
        return self.keys["ask"]

    def __str__(self) -> str:
        return f"{self.file.stem}: {self.name}"


@cache
def content(file: Path) -> dict[str, Any]:
    return YAML(typ="safe").load(file.read_text("utf-8"))


def cases() -> list[Case]:
    return [
        Case(file, name, keys)
        for file in CASES
        for name, keys in content(file)["cases"].items()
    ]


@cache
def rubric_of(file: Path, asked: str) -> tuple[Rubric, dict]:
    """A rubric with the asked criterion, after those that it refers to."""
    said = content(file)
    beside = [
        {"points": 1, **frame(each["id"]), **each} for each in said.get("beside", [])
    ]
    criterion = {
        "id": ASKED,
        "kind": said["kind"],
        "points": 100 - len(beside),
        **frame(asked),
        **said["criteria"][asked],
    }
    group = {
        "id": "G",
        "title": {"zh": "组", "en": "Group"},
        "points": 100,
        "criteria": [*beside, criterion],
    }
    whole = YAML(typ="safe").load(SETUP) | {
        "rig": said["rig"],
        "variants": said.get("variants", {"only": {"pool": "exam"}}),
        "form": said.get("form", []),
        "defs": said.get("defs", {}),
        "groups": [group],
    }
    out = io.StringIO()
    YAML(typ="safe").dump(whole, out)
    signals = signals_of(said["rig"])
    return parse_rubric(out.getvalue().encode(), file, signals), signals


@cache
def signals_of(rig: str) -> dict:
    return known_signals(read_rig(rig, SearchPath.of()), SearchPath.of())


def frame(name: str) -> dict[str, Any]:
    return {"title": {"zh": name, "en": name}}


def judged(case: Case) -> CriterionScore:
    """How the case comes out."""
    rubric, signals = rubric_of(case.file, case.asked)
    tracks = {key: value for key, value in case.keys.items() if key not in OWN}
    variant = next(iter(rubric.variants))
    settings = {
        "because": case.name,
        "profile": "further",
        "variant": variant,
        "lasting_s": content(case.file).get("lasting_s", 100),
        "reference": content(case.file).get("reference", {}),
        "expect": {},
        "points": [0, 0],
        "verdict": "undecided",
    }
    remembered = {key: tracks.pop(key) for key in KEYS & tracks.keys()}
    example = EXAMPLE.validate_python(settings | tracks)
    score = score_with(rubric, signals, example, remembered)
    return next(each for each in score.criteria if each.id == ASKED)


def explained(file: Path) -> str:
    """Everything that an examiner reads about the cases of one kind."""
    lines = []
    for name in content(file)["criteria"]:
        rubric, _ = rubric_of(file, name)
        rule = next(
            line for line in rubric.lines() if line.id == ASKED
        ).criterion.rule()
        lines += [f"# {name}", f"  {say(rule, 'en')}", f"  {say(rule, 'zh')}", ""]
    for case in cases():
        if case.file == file:
            lines += [f"## {case.name}", *_lines(judged(case)), ""]
    return "\n".join(lines)


def _lines(found: CriterionScore) -> list[str]:
    measured = found.machine.measured
    value = (
        "" if measured is None else f" {measured.value:.6g} {measured.unit}".rstrip()
    )
    fraction = "" if found.fraction is None else f" {found.fraction:.4f}"
    evidence = [
        f"  {e.stream} {e.from_s:g} to {e.to_s:g} s" for e in found.machine.evidence
    ]
    return [
        f"  {found.outcome}{fraction}{value}".rstrip(),
        f"  {say(found.reason, 'en')}",
        f"  {say(found.reason, 'zh')}",
        *evidence,
    ]
