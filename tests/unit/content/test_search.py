"""Where content lies, and which file wins."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from examrunner.content.search import PATTERNS, SearchPath, built_in
from examrunner.model.errors import ContentError


def put(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x: 1\n")
    return root


def test_the_first_folder_wins_with_the_whole_file_and_says_what_it_hides(tmp_path):
    college = put(tmp_path / "college", "stations/body_net/rig.yaml")
    found = SearchPath.of([college]).lookup("rig", "body_net")

    assert found.path == college / "stations/body_net/rig.yaml"
    assert found.hides == (built_in() / "stations/body_net/rig.yaml",)


def test_what_a_folder_does_not_have_is_taken_from_behind(tmp_path):
    college = put(tmp_path / "college", "stations/body_net/rig.yaml")
    path = SearchPath.of([college])

    assert path.find("ecus", "body_net").is_relative_to(built_in())
    assert path.find("dbc", "body_hs1.dbc").is_relative_to(built_in())


def test_earlier_folders_win_over_later_ones(tmp_path):
    first = put(tmp_path / "a", "dbc/own.dbc")
    second = put(tmp_path / "b", "dbc/own.dbc", "dbc/other.dbc")
    path = SearchPath.of([first, second])

    assert path.lookup("dbc", "own.dbc").hides == (second / "dbc/own.dbc",)
    assert path.find("dbc", "other.dbc") == second / "dbc/other.dbc"


def test_short_names_are_enough_while_they_are_unique(tmp_path):
    root = put(
        tmp_path / "c",
        "rubrics/one/X01/rubric.yaml",
        "rubrics/one/X02/rubric.yaml",
        "rubrics/two/X02/rubric.yaml",
        "rubrics/one/X01/sheet.zh.md",
        "stations/body_net/profiles/hall-z-09.yaml",
    )
    path = SearchPath.of([root])

    assert path.find("rubric", "X01") == path.find("rubric", "one/X01")
    assert path.find("sheet", "X01.zh").name == "sheet.zh.md"
    assert path.lookup("station", "hall-z-09").name == "body_net/hall-z-09"
    with pytest.raises(ContentError, match="more than one rubric 'X02'") as caught:
        path.find("rubric", "X02")
    assert "one/X02, two/X02" in caught.value.remedy


def test_a_wrong_name_is_answered_with_the_nearest_one():
    with pytest.raises(ContentError) as caught:
        SearchPath.of().find("rig", "body_nett")
    assert "Did you mean 'body_net'?" in caught.value.remedy

    with pytest.raises(ContentError) as caught:
        SearchPath.of().list("rigs")
    assert "Did you mean 'rig'?" in caught.value.remedy


def test_a_folder_without_content_is_refused(tmp_path):
    with pytest.raises(ContentError, match="holds none of stations, rubrics, dbc"):
        SearchPath.of([tmp_path])


def test_installed_content_stands_between_given_and_built_in(tmp_path, monkeypatch):
    put(tmp_path / "college_content", "__init__.py", "dbc/own.dbc")
    put(tmp_path / "given", "dbc/given.dbc")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        "importlib.metadata.entry_points",
        lambda group: [EntryPoint("college", "college_content", group)],
    )
    roots = SearchPath.of([tmp_path / "given"]).roots

    assert roots == (tmp_path / "given", tmp_path / "college_content", built_in())
    assert "college_content" not in sys.modules


def test_an_installed_package_that_is_gone_is_named(monkeypatch):
    monkeypatch.setattr(
        "importlib.metadata.entry_points",
        lambda group: [EntryPoint("college", "no_such_package", group)],
    )
    with pytest.raises(ContentError, match="'college' is no package"):
        SearchPath.of()


@pytest.mark.parametrize("kind", [k for k in PATTERNS if k not in {"rubric", "sheet"}])
def test_every_kind_is_shipped(kind):
    assert SearchPath.of().list(kind)
