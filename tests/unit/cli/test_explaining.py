import pytest

from examrunner.cli.rubric.explaining import explained
from examrunner.content.rubrics import parse_rubric
from examrunner.content.search import SearchPath

PATH = SearchPath.of()
TASKS = [found.path for found in PATH.list("rubric")]


def explain(*changes, language="en"):
    file = PATH.find("rubric", "F13")
    text = file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return "\n".join(explained(parse_rubric(text.encode(), file), language))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rig: body_net\n", "rig: body_net\n", "30 minutes, 100 points; pass 60, good"),
        (
            "\ndefs:\n",
            "\ngroup_minima: {A: 0.6}\n\ndefs:\n",
            "Less than 60 % of group A fails the task",
        ),
        (
            "critical: f_is_zero",
            "critical: f_is_zero",
            "critical: nothing earned fails",
        ),
        (
            "attempts: $three_tries, critical: f_is_zero",
            "attempts: $three_tries, "
            "requires: {criterion: B3, min_fraction: 0.5, else_factor: 0.25}",
            "needs 50 % of B3, else times 0.25",
        ),
        ("title: {zh: 用时", "on_missing: na, title: {zh: 用时", "does not count"),
        ("title: {zh: 用时", "on_missing: pass, title: {zh: 用时", "earns everything"),
        ("title: {zh: 用时", "on_missing: fail, title: {zh: 用时", "earns nothing"),
        (
            "critical: f_is_zero",
            "critical: {value_below: 1}",
            "critical: below 1 fails",
        ),
        ("rig: body_net\n", "rig: body_net\n", "a veto from number 2 on"),
        ("rig: body_net\n", "rig: body_net\n", "only variants sas_wiggle, esc_wiggle"),
        ("rig: body_net\n", "rig: body_net\n", "Cycle of the variant's messages"),
    ],
)
def test_every_mechanism_is_read_out(old, new, words):
    assert words in explain((old, new))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file", TASKS, ids=lambda file: file.parent.name)
def test_every_shipped_task_is_explained(file, language):
    text = "\n".join(explained(parse_rubric(file.read_bytes(), file), language))
    assert "$" not in text
    assert "{" not in text
