"""The doctor's report as a page of the station."""

from pathlib import Path
from string import Formatter

import pytest
from console_seats import a_house

from examrunner.agent.console.doctor_page import doctor_page, named
from examrunner.agent.doctor import sentences
from examrunner.agent.doctor.findings import (
    fail,
    keep_report,
    kept_report,
    ok,
    warn,
)
from examrunner.agent.doctor.sentences import CATALOGUE, say

FOUND = [
    ok("CAN CH1 bit rate", say("bit_rate.right", wanted=500_000)),
    warn("clock", say("clock.ahead", off_s=9), say("clock.set")),
    fail(
        "fault box relays",
        say("relays.other", result="a <relay> sticks"),
        say("relays.replace"),
    ),
]
AT = "2026-11-23T09:30:00+08:00"


def test_every_finding_is_on_the_page_with_its_remedy(tmp_path: Path) -> None:
    keep_report(tmp_path, "hall-a-03", AT, FOUND)
    page = doctor_page("hall-a-03", kept_report(tmp_path), "en")
    assert "Not ready" in page
    assert "checked at 2026-11-23 09:30:00" in page
    assert "next: Let a technician replace the relay" in page
    assert "a &lt;relay&gt; sticks" in page
    assert page.count("<li") == 3


def test_a_healthy_station_says_so_in_chinese(tmp_path: Path) -> None:
    keep_report(tmp_path, "hall-a-03", AT, FOUND[:2])
    page = doctor_page("hall-a-03", kept_report(tmp_path), "zh")
    assert "已就绪" in page
    assert "CAN CH1 波特率" in page
    assert "500000 bit/s，已回读。" in page
    assert "处理: 请校准本机时钟" in page
    assert 'lang="zh"' in page


@pytest.mark.parametrize("content", [None, "", "{", "[]"])
def test_no_report_or_a_torn_one_says_that_nobody_has_checked(
    tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "doctor.json").write_text(content)
    assert "Nobody has checked yet" in doctor_page("x", kept_report(tmp_path), "en")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("camera front", "摄像头 front"),
        ("camera front board", "摄像头 front 标定板"),
        ("CAN HS1", "CAN HS1"),
        ("fault box relays", "故障箱 继电器"),
        ("exam pack", "考试包"),
    ],
)
def test_checks_have_chinese_names(what: str, words: str) -> None:
    assert named(what, "zh") == words
    assert named(what, "en") == what


def test_the_page_is_one_of_the_stations_own_screens(tmp_path: Path) -> None:
    with a_house(tmp_path) as house:
        assert house.screen().get("/doctor?lang=en").status_code == 200
        assert "Nobody has checked" in house.screen().get("/doctor?lang=en").text
        assert house.screen().get("/doctor?lang=fr").status_code == 422


def test_every_sentence_of_the_doctor_has_the_same_fields_in_both_languages() -> None:
    def fields(words: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(words) if name}

    assert {
        key for key, text in CATALOGUE.items() if fields(text.zh) != fields(text.en)
    } == set()
    assert {key for key, text in CATALOGUE.items() if text.zh.isascii()} <= {
        "version.this"
    }


def test_every_sentence_of_the_doctor_is_said_somewhere() -> None:
    checks = Path(sentences.__file__).parents[1].glob("*.py")
    code = "".join(path.read_text() for path in checks)
    assert [key for key in CATALOGUE if f'"{key}"' not in code] == []
