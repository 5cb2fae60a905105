"""Grades as a course system takes them: rows, and a table that Excel opens."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from examrunner.model.grade import Grade, Scheme
from examrunner.model.text import Text

FORMULA_STARTS: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula, or drops before one."""

COLUMNS: Final = {
    "student_number": Text(zh="学号", en="Student number"),
    "name": Text(zh="姓名", en="Name"),
    "course": Text(zh="课程", en="Course"),
    "course_grade": Text(zh="课程成绩", en="Course grade"),
    "scheme": Text(zh="证书", en="Certificate"),
    "points": Text(zh="证书得分", en="Certificate points"),
    "passed": Text(zh="是否合格", en="Passed"),
    "level": Text(zh="等级", en="Level"),
    "reasons": Text(zh="说明", en="Reasons"),
}
"""Columns of the table in order, with their headings."""

PASSED: Final = {
    True: Text(zh="合格", en="yes"),
    False: Text(zh="不合格", en="no"),
    None: Text(zh="待定", en="open"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One candidate's grade with the person it belongs to.

    Attributes:
        student_number: As the roster has it; leading zeros count.
        name: As the roster has it.
        course: Course id.
        course_grade: None while the grade is open.
        scheme: Scheme id, without digest.
        points: None while the grade is open.
        passed: None while the grade is open.
        level: Title of the level reached; None without one.
        reasons: One sentence per component and one about the whole.
    """

    student_number: str
    name: str
    course: str
    course_grade: Decimal | None
    scheme: str
    points: Decimal | None
    passed: bool | None
    level: Text | None
    reasons: tuple[Text, ...] = ()


def feed_row(
    grade: Grade, scheme: Scheme, *, student_number: str, name: str
) -> FeedRow:
    """A grade with its person and the title of its level."""
    titles = {level.id: level.title for level in scheme.levels}
    return FeedRow(
        student_number=student_number,
        name=name,
        course=grade.course,
        course_grade=grade.course_grade,
        scheme=scheme.id,
        points=grade.points,
        passed=grade.passed,
        level=titles.get(grade.level),
        reasons=grade.reasons,
    )


def grades_csv(rows: Iterable[FeedRow], language: str = "zh") -> bytes:
    """A table for Excel: UTF-8 with BOM, CRLF, headings in that language.

    A student number begins with a tab, so that Excel keeps its leading zeros and its
    sixteenth digit; other text that a spreadsheet would compute begins with ``'``.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(title.in_language(language) for title in COLUMNS.values())
    for row in rows:
        cells = _cells(row, language)
        writer.writerow(cells[column] for column in COLUMNS)
    return b"\xef\xbb\xbf" + table.getvalue().encode()


def _cells(row: FeedRow, language: str) -> Mapping[str, str]:
    reasons = " ".join(reason.in_language(language) for reason in row.reasons)
    return {
        "student_number": _number_cell(row.student_number),
        "name": text_cell(row.name),
        "course": text_cell(row.course),
        "course_grade": _points_cell(row.course_grade),
        "scheme": text_cell(row.scheme),
        "points": _points_cell(row.points),
        "passed": PASSED[row.passed].in_language(language),
        "level": text_cell(row.level.in_language(language)) if row.level else "",
        "reasons": text_cell(reasons),
    }


def text_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> text_cell("=1+2"), text_cell("Wang Fang")
    ("'=1+2", 'Wang Fang')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _number_cell(number: str) -> str:
    safe = text_cell(number)
    return f"\t{number}" if safe == number else safe


def _points_cell(points: Decimal | None) -> str:
    return "" if points is None else f"{points:f}"
