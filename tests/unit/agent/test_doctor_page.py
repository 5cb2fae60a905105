"""The doctor's report as a page of the station."""

from pathlib import Path

import pytest
from console_seats import a_house

from examrunner.agent.console.doctor_page import doctor_page, named
from examrunner.agent.doctor.findings import (
    fail,
    keep_report,
    kept_report,
    ok,
    warn,
)

FOUND = [
    ok("CAN CH1 bit rate", "500000 bit/s, read back."),
    warn("clock", "9 s ahead of the service.", "Set this PC's clock."),
    fail("fault box relays", "a <relay> sticks.", "Replace the relay."),
]
AT = "2026-11-23T09:30:00+08:00"


def test_every_finding_is_on_the_page_with_its_remedy(tmp_path: Path) -> None:
    keep_report(tmp_path, "hall-a-03", AT, FOUND)
    page = doctor_page("hall-a-03", kept_report(tmp_path), "en")
    assert "Not ready" in page
    assert "checked at 2026-11-23 09:30:00" in page
    assert "next: Replace the relay." in page
    assert "a &lt;relay&gt; sticks." in page
    assert page.count("<li") == 3


def test_a_healthy_station_says_so_in_chinese(tmp_path: Path) -> None:
    keep_report(tmp_path, "hall-a-03", AT, FOUND[:2])
    page = doctor_page("hall-a-03", kept_report(tmp_path), "zh")
    assert "已就绪" in page
    assert "CAN CH1 波特率" in page
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
