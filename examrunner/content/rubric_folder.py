"""A whole task folder: rubric, sheets and worked examples, checked together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from examrunner.content.cases import make_case
from examrunner.content.documents import Document
from examrunner.content.example_timeline import timeline_of
from examrunner.content.examples import ExampleFile, example_files, read_example
from examrunner.content.known_signals import known_signals
from examrunner.content.mistakes import nearest
from examrunner.content.rigs import read_rig
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.criteria.wording import say
from examrunner.model.decision import Decision
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests, Score
from examrunner.model.station import Rig
from examrunner.scoring import judge, settle

PROFILES: Final = ("competent", "sloppy", "cheating", "missing_evidence")
SHEETS: Final = ("sheet.zh.md", "sheet.en.md")


def check_folder(file: Path, path: SearchPath) -> Sequence[str]:
    """Check a task folder; the names of the examples, which all came out right.

    Args:
        file: ``rubric.yaml``, or its folder.
        path: Where rigs and databases are found.

    Raises:
        ContentError: About the first thing that is wrong.
    """
    folder = file if file.is_dir() else file.parent
    rig = read_rig(read_rubric(file).rig, path)
    rubric = read_rubric(file, known_signals(rig, path))
    _check_sheets(folder)
    examples = example_files(folder)
    read = [read_example(example) for example in examples]
    _check_profiles([example for example, _ in read], folder)
    _check_exercised(rubric, [example for example, _ in read], folder)
    for example, document in read:
        run_example(rubric, rig, path, example, document)
    return [example.stem for example in examples]


def run_example(
    rubric: Rubric,
    rig: Rig,
    path: SearchPath,
    example: ExampleFile,
    document: Document,
) -> Score:
    """Score an example and compare it with what it expects.

    Raises:
        ContentError: If it comes out otherwise.
    """
    case = make_case(rubric, example.variant, example.reference, "")
    timeline = timeline_of(example, case, known_signals(rig, path))
    decisions = [
        Decision(by="example", at="", **entry.model_dump())
        for entry in example.decisions
    ]
    digests = Digests(recording="", rubric=rubric.digest, case=case.digest)
    judgements = judge(timeline, rubric, case)
    score = settle(rubric, judgements, decisions, digests=digests, software={})
    _compare(score, example, document)
    return score


def _compare(score: Score, example: ExampleFile, document: Document) -> None:
    found = {each.id: each for each in score.criteria}
    for id_, outcome in example.expect.items():
        if id_ not in found:
            raise document.fail(
                f"the example expects '{id_}', which its score does not have.",
                nearest(id_, found),
                ("expect", id_),
            )
        if found[id_].outcome != outcome:
            raise document.fail(
                f"{id_} came out as {found[id_].outcome}, expected was {outcome}: "
                f"{say(found[id_].reason, 'en')}",
                f"Because: {example.because}",
                ("expect", id_),
            )
    low, high = float(score.points.low), float(score.points.high)
    if (low, high) != example.points:
        raise document.fail(
            f"the points are {low:g} to {high:g}, expected were "
            f"{example.points[0]:g} to {example.points[1]:g}.",
            f"Because: {example.because}",
            ("points",),
        )
    if score.verdict != example.verdict:
        raise document.fail(
            f"the verdict is {score.verdict}, expected was {example.verdict}.",
            f"Because: {example.because}",
            ("verdict",),
        )


def _check_sheets(folder: Path) -> None:
    for name in SHEETS:
        sheet = folder / name
        if not sheet.is_file() or not sheet.read_text(encoding="utf-8").strip():
            raise ContentError(
                f"the task sheet {name} is missing or empty.",
                where=str(folder),
                remedy="Write what is given, to do, to hand in, and safety.",
            )


def _check_profiles(examples: Sequence[ExampleFile], folder: Path) -> None:
    for profile in PROFILES:
        if not any(example.profile == profile for example in examples):
            raise ContentError(
                f"no example has the profile '{profile}'.",
                where=str(folder / "examples"),
                remedy="Write one; each rubric needs all four.",
            )


def _check_exercised(
    rubric: Rubric, examples: Sequence[ExampleFile], folder: Path
) -> None:
    expected = {id_ for example in examples for id_ in example.expect}
    for line in rubric.lines():
        if line.id not in expected:
            raise ContentError(
                f"no example says how {line.id} should come out.",
                where=str(folder / "examples"),
                remedy="Add it to the 'expect' of an example.",
            )
