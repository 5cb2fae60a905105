"""The results of the day: a table for people, a document for programs."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import IO, Any, Final

from rich.console import Console
from rich.table import Table

from examrunner.cli.demo.day import Results

NOTHING: Final = "Nothing was lost."


def as_document(results: Results) -> dict[str, Any]:
    """The shape that cli scripts rely on."""
    return {
        "address": results.address,
        "seconds": results.seconds,
        "attempts": list(_attempts(results)),
        "grades": [
            {
                "candidate": grade["candidate"],
                "course": grade["course"],
                "grade": grade["course_grade"],
                "scheme": grade["scheme"],
            }
            for grade in results.grades
        ],
    }


def print_table(results: Results, file: IO[str]) -> None:
    """Points, verdict and the reason that cost most; then the grades."""
    console = Console(file=file)
    table = Table("task", "candidate", "points", "verdict", "what cost most")
    for attempt in _attempts(results):
        table.add_row(
            attempt["task"],
            f"{attempt['candidate']} ({attempt['profile']})",
            _points(attempt["points"]),
            attempt["verdict"],
            attempt["costliest"],
        )
    console.print(table)
    grades = Table("candidate", "course", "grade", "scheme")
    for grade in results.grades:
        shown = grade["course_grade"] or "open"
        grades.add_row(grade["candidate"], grade["course"], shown, grade["scheme"])
    console.print(grades)
    console.print(f"{results.seconds:g} s. Recordings: {results.folder / 'recordings'}")


def costliest(score: Mapping[str, Any]) -> str:
    """The sentence that explains the largest loss; a veto takes everything.

    >>> costliest({"criteria": []})
    'Nothing was lost.'
    """
    lines = score["criteria"]
    for line in lines:
        if line["kind"] == "veto" and line["outcome"] != "met":
            return f"{line['id']}: {line['machine']['reason']['en']}"
    worst = max(lines, key=_lost, default=None)
    if worst is None or _lost(worst) <= 0:
        return NOTHING
    return f"{worst['id']}: {worst['reason']['en']}"


def _attempts(results: Results) -> Iterator[dict[str, Any]]:
    for detail in results.attempts:
        attempt = detail["attempt"]
        scores = detail["scores"]
        score = scores[-1]["score"] if scores else None
        yield {
            "candidate": attempt["candidate"],
            "profile": results.players[attempt["candidate"]].profile,
            "task": attempt["task"],
            "points": score["points"] if score else None,
            "verdict": score["verdict"] if score else "undecided",
            "costliest": costliest(score) if score else detail["trouble"],
        }


def _lost(line: Mapping[str, Any]) -> Decimal:
    points = line["points"]
    if line["outcome"] == "not_applicable":
        return Decimal(0)
    return Decimal(points["max"]) - Decimal(points["high"])


def _points(points: Mapping[str, str] | None) -> str:
    if points is None:
        return "none"
    if points["low"] == points["high"]:
        return f"{points['low']} of {points['max']}"
    return f"{points['low']} to {points['high']} of {points['max']}"
