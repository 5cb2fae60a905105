"""The table that a course system and Excel take."""

import csv
import io
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from examrunner.content.rosters import NUMBER, parse_roster
from examrunner.grading.feed import COLUMNS, FORMULA_STARTS, FeedRow, grades_csv
from examrunner.model.text import Text


def a_row(number="0012345", name="王芳", reasons=()):
    return FeedRow(
        student_number=number,
        name=name,
        course="ICV-301",
        course_grade=Decimal("83.5"),
        scheme="icv-testing-calibration",
        points=Decimal("83.5"),
        passed=True,
        level=Text(zh="中级", en="Intermediate"),
        reasons=reasons,
    )


def table_of(rows, language="zh"):
    text = grades_csv(rows, language).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_table_begins_with_a_byte_order_mark_and_ends_lines_as_excel_does():
    content = grades_csv([a_row()])

    assert content.startswith(b"\xef\xbb\xbf\xe5\xad\xa6")  # 学
    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_headings_and_words_follow_the_language():
    assert table_of([a_row()])[0][:2] == ["学号", "姓名"]
    row = dict(zip(*table_of([a_row()], "en"), strict=True))
    assert row["Level"] == "Intermediate"
    assert row["Passed"] == "yes"


def test_leading_zeros_and_long_numbers_stay_text():
    for number in ("0012345", "202611230000000017", "12E5", "1-2"):
        assert table_of([a_row(number)])[1][0] == f"\t{number}"


def test_an_open_grade_has_empty_cells_and_no_zero():
    row = FeedRow(
        student_number="1",
        name="N",
        course="C",
        course_grade=None,
        scheme="s",
        points=None,
        passed=None,
        level=None,
    )
    cells = dict(zip(COLUMNS, table_of([row])[1], strict=True))

    assert cells["points"] == cells["course_grade"] == cells["level"] == ""
    assert cells["passed"] == "待定"


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_no_cell_begins_a_formula(text):
    row = a_row(name=text, reasons=(Text(zh=text, en=text),))
    content = grades_csv([row]).decode("utf-8-sig")
    cells = next(iter(list(csv.reader(io.StringIO(content, newline="")))[1:]))

    for cell in cells[1:]:
        assert not cell.startswith(FORMULA_STARTS)


@given(
    numbers=st.lists(
        st.from_regex(NUMBER, fullmatch=True).filter(
            lambda n: (
                not n.replace("E", "e").replace("e", "").replace(".", "").isdigit()
                or "e" not in n.lower()
            )
        ),
        min_size=1,
        max_size=5,
        unique=True,
    )
)
def test_the_roster_reader_takes_back_the_numbers_that_the_feed_wrote(numbers):
    entries = parse_roster(grades_csv([a_row(n) for n in numbers]), "feed.csv")

    assert [entry.student_number for entry in entries] == numbers
