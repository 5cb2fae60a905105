"""Lists of candidates as colleges export them: CSV from Excel in any of its moods."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from examrunner.model.errors import ContentError

LARGEST_ROSTER_BYTES: Final = 1 << 22
MOST_SHOWN: Final = 5
NUMBER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,39}")
LONGEST_NAME: Final = 80

HEADINGS: Final = {
    "student_number": (
        "学号", "学籍号", "考生号", "准考证号", "studentnumber", "studentno",
        "studentid", "number", "no", "id",
    ),
    "name": ("姓名", "学生姓名", "考生姓名", "name", "fullname", "studentname"),
    "group": (
        "班级", "行政班", "专业班级", "class", "classname", "group", "cohort",
    ),
    "course": ("课程", "课程号", "课程代码", "course", "coursecode", "courseid"),
}  # fmt: skip
"""Field to the headings that mean it, without spaces, dashes and capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntry:
    """One candidate of a roster.

    Attributes:
        student_number: As written; leading zeros count.
        name: As written.
        group: Class; empty if the roster has no such column.
        course: Course code; empty if the roster has no such column.
        line: Line of the file, counted from 1.
    """

    student_number: str
    name: str
    group: str
    course: str
    line: int


def read_roster(path: Path) -> tuple[RosterEntry, ...]:
    """The candidates of a file, in its order.

    Raises:
        ContentError: If it cannot be read, or a row is wrong: all wrong rows are
            named and none is taken.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContentError(
            f"the roster cannot be read ({error.strerror}).",
            where=str(path),
            remedy="Check the name and the permissions of the file.",
        ) from error
    return parse_roster(content, str(path))


def parse_roster(content: bytes, where: str) -> tuple[RosterEntry, ...]:
    """The candidates of a file's content.

    Args:
        content: UTF-8, GB 18030 or UTF-16 text; comma, semicolon or tab between
            cells; a row of headings in Chinese or English first.
        where: What errors call the file.

    Raises:
        ContentError: See ``read_roster``.
    """
    rows = list(_rows(_text(content, where), where))
    if len(rows) < 2:
        raise ContentError(
            "the roster lists nobody.",
            where=where,
            remedy="It needs a row of headings and one row per candidate.",
        )
    columns = _columns(rows[0][1], where)
    entries, problems = _entries(rows[1:], columns)
    if problems:
        raise _wrong_rows(problems, where)
    return tuple(entries)


def _text(content: bytes, where: str) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise ContentError(
            "this is an Excel workbook and no CSV file.",
            where=where,
            remedy="In Excel choose Save as, CSV UTF-8.",
        )
    if len(content) > LARGEST_ROSTER_BYTES:
        raise ContentError(
            f"the roster has {len(content):,} bytes; {LARGEST_ROSTER_BYTES:,} are "
            "allowed.",
            where=where,
            remedy="Import one cohort at a time.",
        )
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ContentError(
        "the roster is neither UTF-8 nor GB 18030 text.",
        where=where,
        remedy="In Excel choose Save as, CSV UTF-8.",
    )


def _rows(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for row in reader:
            line, before = before + 1, reader.line_num
            cells = [_cell(cell) for cell in row]
            if any(cells):
                yield line, cells
    except csv.Error:
        raise ContentError(
            "a row cannot be split into cells; a quote is not closed.",
            where=f"{where}:{before + 1}",
            remedy="Correct the quotes of that row.",
        ) from None


def _cell(cell: str) -> str:
    plain = cell.strip().strip("\ufeff\u200b")
    # Excel's own ways to keep a number as text: ="00123" and a leading apostrophe.
    if plain.startswith('="') and plain.endswith('"') and len(plain) > 2:
        plain = plain[2:-1]
    return plain.removeprefix("'").strip()


def _columns(headings: Sequence[str], where: str) -> Mapping[str, int]:
    columns: dict[str, int] = {}
    for number, heading in enumerate(headings):
        field = _field(heading)
        if field in columns:
            raise ContentError(
                f"two columns mean the same: '{headings[columns[field]]}' and "
                f"'{heading}'.",
                where=where,
                remedy="Remove one of them.",
            )
        if field:
            columns[field] = number
    for field in ("student_number", "name"):
        if field not in columns:
            raise ContentError(
                f"no column holds the {field.replace('_', ' ')}; the headings are "
                f"{', '.join(headings)}.",
                where=where,
                remedy=f"Call it {HEADINGS[field][0]} or {field}.",
            )
    return columns


def _field(heading: str) -> str:
    plain = re.sub(r"[\s_.\-()（）]", "", heading).lower()
    return next((field for field, names in HEADINGS.items() if plain in names), "")


def _entries(
    rows: Sequence[tuple[int, list[str]]], columns: Mapping[str, int]
) -> tuple[list[RosterEntry], list[tuple[int, str]]]:
    entries: list[RosterEntry] = []
    problems: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        values = {
            field: cells[column] if column < len(cells) else ""
            for field, column in columns.items()
        }
        entry = RosterEntry(
            student_number=values["student_number"],
            name=values["name"],
            group=values.get("group", ""),
            course=values.get("course", ""),
            line=line,
        )
        problem = _problem(entry, seen)
        seen.setdefault(entry.student_number, line)
        if problem:
            problems.append((line, problem))
        entries.append(entry)
    return entries, problems


def _problem(entry: RosterEntry, seen: Mapping[str, int]) -> str:
    number = entry.student_number
    if not number:
        return "the student number is empty"
    if re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d+", number):
        return f"'{number}' was rounded by Excel; format the column as text"
    if not NUMBER.fullmatch(number):
        return f"'{number}' is no student number"
    if number in seen:
        return f"{number} stands in line {seen[number]} already"
    if not entry.name:
        return f"{number} has no name"
    if len(entry.name) > LONGEST_NAME or not entry.name.isprintable():
        return f"the name of {number} is too long or holds control characters"
    return ""


def _wrong_rows(problems: Sequence[tuple[int, str]], where: str) -> ContentError:
    shown = "; ".join(f"line {line}: {text}" for line, text in problems[:MOST_SHOWN])
    more = len(problems) - MOST_SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    return ContentError(
        f"{len(problems)} row{'s' if len(problems) > 1 else ''} cannot be used: "
        f"{shown}{rest}.",
        where=f"{where}:{problems[0][0]}",
        remedy="Correct the rows and import the roster again; nothing was imported.",
    )
