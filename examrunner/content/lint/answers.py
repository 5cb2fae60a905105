"""Answers that the form cannot give."""

from collections.abc import Collection, Iterator
from typing import Any

from examrunner.content.criterion_parts import parts, texts
from examrunner.content.lint.task import Asked, Task
from examrunner.content.mistakes import nearest
from examrunner.criteria.answer_choice import AnswerChoice
from examrunner.criteria.answer_table import AnswerTable
from examrunner.criteria.attachment import Attachment
from examrunner.criteria.references import criteria_named
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Field


def impossible_answers(task: Task) -> Iterator[ContentError]:
    """A key is no option, a row is not in the table, a field has another type."""
    fields = {each.id: each for each in task.rubric.form}
    for asked in task.asked:
        for part in parts(asked.criterion):
            form = fields.get(getattr(part, "field", ""))
            if form is not None:
                yield from _of_field(task, asked, part, form)


def _of_field(
    task: Task, asked: Asked, part: Any, form: Field
) -> Iterator[ContentError]:
    if isinstance(part, AnswerChoice):
        if form.type not in {"choice", "multi"}:
            yield _other_type(task, asked, form, "choice or multi")
        for key in ("key", "also", "half"):
            names = texts(getattr(part, key))
            yield from _outside(task, asked, names, form.options, form, "option")
    if isinstance(part, AnswerTable):
        if form.type != "table":
            yield _other_type(task, asked, form, "table")
        rows = [row.row for row in part.rows]
        yield from _outside(task, asked, rows, form.rows, form, "row")
    if isinstance(part, Attachment) and form.type != "file":
        yield _other_type(task, asked, form, "file")


def _other_type(task: Task, asked: Asked, form: Field, wanted: str) -> ContentError:
    problem = f"the field '{form.id}' is of the type {form.type}, not {wanted}."
    remedy = "Change the type of the field, or ask for another one."
    return task.fail(asked, problem, remedy, "field")


def _outside(
    task: Task,
    asked: Asked,
    names: Collection[str],
    valid: Collection[str],
    form: Field,
    what: str,
) -> Iterator[ContentError]:
    for name in names:
        if name not in valid and not name.startswith("$"):
            of_variant = f" of variant '{asked.variants[0]}'"
            secret = of_variant if len(asked.variants) == 1 else ""
            problem = f"'{name}'{secret} is no {what} of the field '{form.id}'."
            yield task.fail(asked, problem, nearest(name, valid), "key")


def variants_without_basis(task: Task) -> Iterator[ContentError]:
    """A criterion leans on another one that its variant does not ask."""
    lines = {line.id: line for line in task.rubric.lines()}
    for line in lines.values():
        mine = set(line.when or task.rubric.variants)
        for other, how in _leans_on(line.criterion, line.gate):
            theirs = lines[other].when if other in lines else ()
            missing = sorted(mine - set(theirs or task.rubric.variants))
            if missing:
                asked = next(each for each in task.asked if each.id == line.id)
                yield task.fail(
                    asked,
                    f"it {how} {other}, which variant '{missing[0]}' does not ask.",
                    "Give both the same 'when'.",
                    "when",
                )


def _leans_on(criterion: Any, gate: Any) -> Iterator[tuple[str, str]]:
    for name in criteria_named(criterion):
        yield name, "refers to"
    if gate is not None:
        yield gate.criterion, "requires"
