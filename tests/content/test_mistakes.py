"""What a teacher reads after one of ten usual mistakes."""

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from examrunner.content.rubric_folder import inspect_folder
from examrunner.content.search import SearchPath

MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))
PATH = SearchPath.of()


def made(mistake, tmp_path):
    """The task folder with the mistake in it."""
    shipped = PATH.find("rubric", mistake["task"]).parent
    folder = tmp_path / mistake["task"]
    shutil.copytree(shipped, folder)
    file = folder / mistake["file"]
    if "old" in mistake:
        text = file.read_text()
        assert text.count(mistake["old"]) >= 1
        file.write_text(text.replace(mistake["old"], mistake["new"], 1))
    else:
        file.write_text(mistake["new"])
    return folder


def line_with(page, words):
    lines = page.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize("file", MISTAKES, ids=lambda file: file.stem)
def test_a_mistake_is_answered_by_one_sentence_with_file_line_and_remedy(
    file, tmp_path
):
    mistake = YAML(typ="safe").load(file)
    folder = made(mistake, tmp_path)
    report = inspect_folder(folder, PATH)
    said = [*report.errors, *report.warnings]
    assert len(said) == 1, "\n".join(map(str, said))
    assert said[0].problem == mistake["problem"]
    assert mistake["remedy"] in said[0].remedy
    page = folder / mistake.get("page", mistake["file"])
    assert said[0].where == f"{page}:{line_with(page, mistake['line'])}"


def test_there_are_ten_of_them():
    assert len(MISTAKES) == 10
