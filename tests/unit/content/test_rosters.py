"""Rosters as colleges export them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.content.rosters import parse_roster, read_roster
from examrunner.model.errors import ContentError

CHINESE = "学号,姓名,班级\n0012,王芳,智能网联2301\n0013,李强,智能网联2301\n"


def brief(entries):
    return [(e.student_number, e.name, e.group, e.line) for e in entries]


EXPECTED = [("0012", "王芳", "智能网联2301", 2), ("0013", "李强", "智能网联2301", 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_line_end_gives_the_same(encoding, delimiter, end):
    text = CHINESE.replace(",", delimiter).replace("\n", end)
    assert brief(parse_roster(text.encode(encoding), "r.csv")) == EXPECTED


def test_english_headings_in_any_order_and_further_columns_are_fine():
    text = "Name, Student Number ,Phone,Course\nWang Fang,0012,555,ICV-301\n"
    (entry,) = parse_roster(text.encode(), "r.csv")

    assert (entry.student_number, entry.name) == ("0012", "Wang Fang")
    assert (entry.course, entry.group) == ("ICV-301", "")


def test_what_excel_does_to_keep_zeros_is_undone():
    text = '学号,姓名\n"=""0012""",王芳\n\'0013,李强\n\t0014,赵敏\n'
    numbers = [e.student_number for e in parse_roster(text.encode(), "r.csv")]

    assert numbers == ["0012", "0013", "0014"]


def test_empty_rows_are_skipped_and_lines_stay_right():
    text = "学号,姓名\n\n,\n0012,王芳\n"
    assert [e.line for e in parse_roster(text.encode(), "r.csv")] == [4]


def test_all_wrong_rows_are_named_with_their_lines():
    text = "学号,姓名\n0012,王芳\n0012,李强\n,赵敏\n0015,\n2.02E+11,孙丽\n=1,周杰\n"
    with pytest.raises(ContentError) as caught:
        parse_roster(text.encode(), "r.csv")

    problem = caught.value.problem
    assert problem.startswith("5 rows cannot be used")
    assert "line 3: 0012 stands in line 2 already" in problem
    assert "line 4: the student number is empty" in problem
    assert "line 5: 0015 has no name" in problem
    assert "line 6: '2.02E+11' was rounded by Excel" in problem
    assert caught.value.where == "r.csv:3"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"", "lists nobody"),
        ("学号,姓名\n".encode(), "lists nobody"),
        ("学号,班级\n1,A\n".encode(), "no column holds the name"),
        ("学号,姓名,考生号\n1,A,2\n".encode(), "two columns mean the same"),
        ('学号,姓名\n1,"A\n'.encode(), "a quote is not closed"),
        (b"\xff\xff\xff\x00\x80", "neither UTF-8 nor GB 18030"),
        (b"x" * (1 << 23), "bytes"),
    ],
)
def test_a_file_that_is_no_roster_says_what_is_wrong(content, says):
    with pytest.raises(ContentError, match=says):
        parse_roster(content, "r.csv")


def test_a_roster_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ContentError, match="cannot be read"):
        read_roster(tmp_path / "none.csv")


@given(content=st.binary(max_size=300))
def test_any_bytes_give_a_roster_or_a_clear_error(content):
    with contextlib.suppress(ContentError):
        assert parse_roster(content, "r.csv")
