"""A whole task folder: rubric, sheets and worked examples, checked together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from examrunner.content.cases import make_case
from examrunner.content.documents import read_document
from examrunner.content.example_timeline import timeline_of
from examrunner.content.examples import ExampleFile, example_files, read_example
from examrunner.content.known_signals import known_signals
from examrunner.content.lint.linter import lint, lint_examples
from examrunner.content.lint.task import Task, Worked
from examrunner.content.mistakes import nearest
from examrunner.content.rigs import read_rig
from examrunner.content.rubric_signals import KnownSignal
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.criteria.wording import say
from examrunner.model.decision import Decision
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests, Score
from examrunner.scoring import judge, settle

PROFILES: Final = ("competent", "sloppy", "cheating", "missing_evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is wrong with a task folder.

    Attributes:
        errors: What has to be mended before the task can be used.
        warnings: What a careful author looks at.
        rubric: What was read; None if it could not be.
        examples: Names of the worked examples that were scored.
    """

    errors: tuple[ContentError, ...]
    warnings: tuple[ContentError, ...] = ()
    rubric: Rubric | None = None
    examples: tuple[str, ...] = ()


def check_folder(file: Path, path: SearchPath) -> Sequence[str]:
    """Check a task folder; the names of the examples, which all came out right.

    Args:
        file: ``rubric.yaml``, or its folder.
        path: Where rigs and databases are found.

    Raises:
        ContentError: About the first thing that is wrong.
    """
    report = inspect_folder(file, path)
    for error in report.errors:
        raise error
    return report.examples


def inspect_folder(file: Path, path: SearchPath) -> Report:
    """Everything that is wrong with a task folder.

    What cannot be read hides what it says, so rubric, pages and examples are looked at
    in that order, and each only after the last is without errors.

    Args:
        file: ``rubric.yaml``, or its folder.
        path: Where rigs and databases are found.
    """
    try:
        task = _read_task(file, path)
    except ContentError as error:
        return Report(errors=(error,))
    plain = lint(task)
    found = Report(errors=plain.errors, warnings=plain.warnings, rubric=task.rubric)
    if found.errors:
        return found
    try:
        worked = _worked(task)
    except ContentError as error:
        return replace(found, errors=(error,))
    wrong = tuple(filter(None, map(mismatch, worked)))
    shown = lint_examples(task, worked)
    return replace(
        found,
        errors=(*wrong, *shown.errors),
        warnings=(*plain.warnings, *shown.warnings),
        examples=tuple(each.path.stem for each in worked),
    )


def _read_task(file: Path, path: SearchPath) -> Task:
    folder = file if file.is_dir() else file.parent
    rig = read_rig(read_rubric(file).rig, path)
    signals = known_signals(rig, path)
    rubric = read_rubric(file, signals)
    document = read_document(file / "rubric.yaml" if file.is_dir() else file)
    return Task.of(folder, rubric, document, rig, signals)


def _worked(task: Task) -> tuple[Worked, ...]:
    """The examples of a task with their scores."""
    files = example_files(task.folder)
    read = [read_example(file) for file in files]
    _check_profiles([example for example, _ in read], task.folder)
    _check_exercised(task.rubric, [example for example, _ in read], task.folder)
    return tuple(
        Worked(
            path=file,
            example=example,
            document=document,
            score=score_example(task.rubric, task.signals, example),
        )
        for file, (example, document) in zip(files, read, strict=True)
    )


def score_example(
    rubric: Rubric, signals: Mapping[str, KnownSignal], example: ExampleFile
) -> Score:
    """The score of a worked example.

    Raises:
        ContentError: If it names a signal or value that the rig lacks.
    """
    case = make_case(rubric, example.variant, example.reference, "")
    timeline = timeline_of(example, case, signals)
    decisions = [Decision(at="", **entry.model_dump()) for entry in example.decisions]
    digests = Digests(recording="", rubric=rubric.digest, case=case.digest)
    judgements = judge(timeline, rubric, case)
    return settle(rubric, judgements, decisions, digests=digests, software={})


def mismatch(worked: Worked) -> ContentError | None:
    """How an example came out otherwise than it expects; None if it did not."""
    score, example, document = worked.score, worked.example, worked.document
    because = f"Because: {example.because}"
    found = {each.id: each for each in score.criteria}
    for id_, outcome in example.expect.items():
        if id_ not in found:
            return document.fail(
                f"the example expects '{id_}', which its score does not have.",
                nearest(id_, found),
                ("expect", id_),
            )
        if found[id_].outcome != outcome:
            return document.fail(
                f"{id_} came out as {found[id_].outcome}, expected was {outcome}: "
                f"{say(found[id_].reason, 'en')}",
                because,
                ("expect", id_),
            )
    low, high = float(score.points.low), float(score.points.high)
    if (low, high) != example.points:
        return document.fail(
            f"the points are {low:g} to {high:g}, expected were "
            f"{example.points[0]:g} to {example.points[1]:g}.",
            because,
            ("points",),
        )
    if score.verdict != example.verdict:
        return document.fail(
            f"the verdict is {score.verdict}, expected was {example.verdict}.",
            because,
            ("verdict",),
        )
    return None


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
