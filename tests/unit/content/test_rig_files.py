"""Mistakes in rigs, ECUs, stations and schemes."""

import shutil
from pathlib import Path

import pytest

from examrunner.content.rigs import parse_rig, read_rig
from examrunner.content.schemes import read_scheme
from examrunner.content.search import SearchPath, built_in
from examrunner.content.stations import read_station
from examrunner.model.errors import ContentError

RIG = built_in() / "stations" / "chassis_bywire"
RIG_TEXT = (RIG / "rig.yaml").read_text()
ECUS_TEXT = (RIG / "ecus.yaml").read_text()
SCHEME = "icv-testing-calibration"
SCHEME_TEXT = (built_in() / "rubrics" / SCHEME / "scheme.yaml").read_text()


@pytest.fixture
def college(tmp_path):
    shutil.copytree(RIG, tmp_path / "stations" / "chassis_bywire")
    (tmp_path / "rubrics" / SCHEME).mkdir(parents=True)
    return tmp_path


def changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def test_a_rig_is_read_from_the_bytes_of_a_recording_as_from_its_files():
    read = parse_rig(RIG_TEXT.encode(), ECUS_TEXT.encode(), Path("recording"))
    assert read == read_rig("chassis_bywire", SearchPath.of())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("bitrate_bps: 500000", "bitrate_bps: 500000, fd: true", "but not both"),
        ("marker_dictionary: DICT_4X4_1000\n", "\n", "markers and marker_dictionary"),
        ("id: chassis_bywire", "id: chassis", "calls itself 'chassis'"),
        ("node.power", "node.powr", "cannot be 'node.powr'"),
        ("  CH1:", "  CH2:", "the rig has no channel 'CH1'"),
        ("watch:", "wacth:", "no key called 'wacth'"),
    ],
)
def test_a_mistake_in_a_rig_is_found(college, old, new, says):
    folder = college / "stations" / "chassis_bywire"
    (folder / "rig.yaml").write_text(changed(RIG_TEXT, old, new))
    with pytest.raises(ContentError, match=says):
        read_rig("chassis_bywire", SearchPath.of([college]))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("u16 mV", "u17 mV", "the format of 0x0803 cannot be read"),
        (
            "response: 0x738",
            "response: 0x739",
            "has 0x739 twice, first in EPS.response",
        ),
        ("code: C0545-64", "code: C0546-64", "0x454564 is C0545-64, not C0546-64"),
        ("0x0210:", "0x210:", "'0x210' must look like"),
        ("write: extended", "write: extnded", "cannot be 'extnded'"),
        ("padding: 0xCC", "padding: 256", "must be at most 255"),
    ],
)
def test_a_mistake_in_the_servers_is_found(old, new, says):
    text = changed(ECUS_TEXT, old, new)
    with pytest.raises(ContentError, match=says) as caught:
        parse_rig(RIG_TEXT.encode(), text.encode(), Path("here"))
    assert caught.value.where.startswith("here/ecus.yaml:")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  CH1:", "  CH2:", "the rig has no 'CH2' under can"),
        ("  work_area:", "  front:", "the rig has no 'front' under cameras"),
        ("rig: chassis_bywire", "rig: chassis", "no rig 'chassis'"),
        ("driver: can_bus, ", "", "'driver' is missing"),
    ],
)
def test_a_mistake_in_a_station_is_found(college, old, new, says):
    profile = college / "stations" / "chassis_bywire" / "profiles" / "hall-a-01.yaml"
    profile.write_text(changed(profile.read_text(), old, new))
    with pytest.raises(ContentError, match=says):
        read_station("hall-a-01", SearchPath.of([college]))


def test_screens_are_open_to_the_hall_only_where_the_profile_says_so(college):
    search = SearchPath.of([college])
    assert read_station("hall-a-01", search).console_host == "127.0.0.1"
    profile = college / "stations" / "chassis_bywire" / "profiles" / "hall-a-01.yaml"
    text = profile.read_text()
    profile.write_text(f"{text}console: {{host: 192.168.1.20}}\n")
    assert read_station("hall-a-01", search).console_host == "192.168.1.20"
    profile.write_text(f"{text}console: {{host: everywhere}}\n")
    with pytest.raises(ContentError):
        read_station("hall-a-01", search)


def test_a_camera_that_nobody_reaches_is_named(college):
    profile = college / "stations" / "chassis_bywire" / "profiles" / "hall-a-01.yaml"
    kept = [
        line for line in profile.read_text().splitlines() if "work_area" not in line
    ]
    profile.write_text("\n".join(kept).replace("cameras:", "cameras: {}"))
    with pytest.raises(ContentError, match="how to reach work_area"):
        read_station("hall-a-01", SearchPath.of([college]))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: icv-testing-calibration", "id: icv", "calls itself 'icv'"),
        ("task: C06", "task: C01", "'C01' stands twice under components"),
        ("id: junior", "id: advanced", "'advanced' stands twice under levels"),
        ("from: 70", "from: 90", "'intermediate' is not below 'advanced'"),
        ("[[0, 0], [100, 100]]", "[[0, 50], [50, 40], [100, 100]]", "falls"),
        ("[[0, 0], [100, 100]]", "[[0, 0], [90, 100]]", "from 0 to 100"),
        ('"2.1.1"', '"2.2.1"', "skill '2.2.1' stands below '2.1'"),
        ("attempts: best", "attempts: bset", "cannot be 'bset'"),
        ("minimum: 40", "minimum: 140", "must be at most 100"),
        ("weight: 35", "weight: 0", "must be above 0"),
    ],
)
def test_a_mistake_in_a_scheme_is_found_at_its_line(college, old, new, says):
    text = changed(SCHEME_TEXT, old, new)
    (college / "rubrics" / SCHEME / "scheme.yaml").write_text(text)
    with pytest.raises(ContentError, match=says) as caught:
        read_scheme(SCHEME, SearchPath.of([college]))
    assert caught.value.where.endswith(f":{line_of(SCHEME_TEXT, old)}")


def test_the_shipped_scheme_names_its_skills_in_both_languages():
    scheme = read_scheme(SCHEME, SearchPath.of())

    assert {c.task for c in scheme.components} == {"C01", "C06", "F13"}
    assert all(c.minimum >= 40 for c in scheme.components)
    assert [level.id for level in scheme.levels] == [
        "advanced",
        "intermediate",
        "junior",
    ]
    for key, text in scheme.skills.items():
        assert text.zh
        assert text.en
        assert "." not in key or key.rsplit(".", 1)[0] in scheme.skills
