"""Failures that a named person can act on."""

from typing import ClassVar


class ExamRunnerError(Exception):
    """A failure that somebody can do something about.

    Every subclass names that person, so that the console, the API and the log show
    the same three sentences to the same reader. A bug is not an ExamRunnerError: it
    stays a plain exception and keeps its traceback.

    Args:
        problem: What happened, with the values that were seen.
        where: The file and line, channel or address at which it happened.
        remedy: What the reader should do next, as an instruction.
    """

    audience: ClassVar[str] = "administrator"

    def __init__(self, problem: str, *, where: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}\n  where: {self.where}\n  next:  {self.remedy}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.problem, self.where, self.remedy)


def _rebuild(
    kind: type[ExamRunnerError], problem: str, where: str, remedy: str
) -> ExamRunnerError:
    return kind(problem, where=where, remedy=remedy)


class ContentError(ExamRunnerError):
    """A rubric, station, database or submitted file is wrong: a teacher mends it."""

    audience: ClassVar[str] = "teacher"


class RigError(ExamRunnerError):
    """A rig, adapter or camera misbehaves: a technician mends it."""

    audience: ClassVar[str] = "technician"


class RecordingError(ExamRunnerError):
    """A recording or a log file cannot be read, or does not verify."""

    audience: ClassVar[str] = "administrator"


class DeliveryError(ExamRunnerError):
    """A station and the service cannot exchange messages."""

    audience: ClassVar[str] = "administrator"


class MissingError(LookupError):
    """Something was asked of a timeline that it does not hold.

    Absence is never a default: only ``scoring`` turns this into ``not_measured``.

    The sentence catalogue says in each language what is missing (``missing.signal``).

    Args:
        what: What is missing, for example ``signal``.
        values: What its words name, for example the signal's ``name``.
    """

    def __init__(self, what: str, **values: object) -> None:
        named = " ".join(str(value) for value in values.values())
        super().__init__(f"{what.replace('_', ' ')} {named}".rstrip())
        self.what = what
        self.values = values
