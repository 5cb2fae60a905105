import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from examrunner.content.cases import case_bytes, make_case, parse_case
from examrunner.content.documents import read_document
from examrunner.content.known_signals import known_signals
from examrunner.content.rigs import read_rig
from examrunner.content.rubric_folder import check_folder, inspect_folder
from examrunner.content.rubric_template import write_template
from examrunner.content.rubrics import parse_rubric, read_rubric
from examrunner.content.schemas import schema_of
from examrunner.content.search import SearchPath
from examrunner.criteria.registry import KINDS, class_of
from examrunner.criteria.wording import say
from examrunner.model.errors import ContentError

PATH = SearchPath.of()
TASKS = [found.path for found in PATH.list("rubric")]
C06 = PATH.find("rubric", "C06")


@pytest.mark.parametrize("file", TASKS, ids=lambda file: file.parent.name)
def test_every_rubric_with_its_sheets_and_examples_is_right(file):
    report = inspect_folder(file, PATH)
    said = (*report.errors, *report.warnings)
    assert not said, "\n".join(map(str, said))
    assert len(report.examples) >= 4


@pytest.mark.parametrize("file", TASKS, ids=lambda file: file.parent.name)
def test_every_rubric_fits_the_published_schema(file):
    jsonschema.validate(read_document(file).data, schema_of("rubric"))


@pytest.mark.parametrize("file", TASKS, ids=lambda file: file.parent.name)
def test_every_rule_speaks_both_languages(file):
    rubric = read_rubric(file)
    for line in rubric.lines():
        for language in ("zh", "en"):
            assert say(line.criterion.rule(), language).strip()


@pytest.mark.parametrize("file", TASKS, ids=lambda file: file.parent.name)
def test_exam_and_practice_pools_are_large_enough(file):
    pools = [variant.pool for variant in read_rubric(file).variants.values()]
    assert pools.count("exam") >= 2
    assert pools.count("practice") >= 2


@pytest.mark.parametrize("file", TASKS, ids=lambda file: file.parent.name)
def test_both_sheets_state_the_same_numbers(file):
    import re

    found = [
        sorted(re.findall(r"\d+(?:\.\d+)?", (file.parent / name).read_text()))
        for name in ("sheet.zh.md", "sheet.en.md")
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_a_frozen_dataclass_that_explains_its_fields(kind):
    found = class_of(kind)
    assert found.__dataclass_params__.frozen
    for name in found.__dataclass_fields__:
        assert f"{name}:" in found.__doc__, name


def broken(tmp_path, old, new, count=1):
    text = C06.read_text()
    assert old in text
    file = tmp_path / "rubric.yaml"
    file.write_text(text.replace(old, new, count))
    return file


def line_of(file, text):
    lines = file.read_text().splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "problem", "remedy"),
    [
        ("kind: guard", "kind: gaurd", "no criterion kind called 'gaurd'", "'guard'"),
        ("nominal_ms: 20", "nominl_ms: 20", "no key called 'nominl_ms'", "nominal_ms"),
        ("window: $enabled", "window: $enabeld", "nothing called 'enabeld'", "enabled"),
        ("nominal_ms: 20", "nominal_ms: twenty", "'nominal_ms'", ""),
        ("tol: 0.5}", "tl: 0.5}", "no key called 'tl'", "tol"),
        ("points: 5\n", "points: 6\n", "add up to 27 points", ""),
        ("field: kp", "field: pk", "asks for the field 'pk'", "kp"),
        ("{criterion: C3}", "{criterion: C9}", "refers to C9", "C3"),
        ("{ops: stop, where", "{ops: stop, form: x, where", "names 2 sources", ""),
        ("full: 0.100, zero: 0.200", "full: 0.1", "both 'full' and 'zero'", ""),
        ("id: A2", "id: A1", "is the id of 2", ""),
        ("metric: settle", "metric: rise", "never_settles", ""),
        ("combine: min", "combine: k_of_n\n        k: 9", "'k' is 9, but there", ""),
        ("when_event_absent: fail\n", "\n", "'when_event_absent' is missing", "Add it"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_nearest_name(
    tmp_path, old, new, problem, remedy
):
    file = broken(tmp_path, old, new)
    with pytest.raises(ContentError) as told:
        read_rubric(file)
    assert problem in told.value.problem
    assert remedy in told.value.remedy
    assert str(file) in told.value.where


def test_the_line_is_that_of_the_mistake(tmp_path):
    file = broken(tmp_path, "nominal_ms: 20", "nominl_ms: 20")
    with pytest.raises(ContentError) as told:
        read_rubric(file)
    assert told.value.where == f"{file}:{line_of(file, 'nominl_ms')}"


def test_every_mistake_of_a_library_is_worded_by_us(tmp_path):
    for old, new in [("nominal_ms: 20", "nominal_ms: [1]"), ("id: EPS", "id: 3")]:
        if old not in C06.read_text():
            continue
        with pytest.raises(ContentError) as told:
            read_rubric(broken(tmp_path, old, new))
        assert "pydantic" not in str(told.value)


SIGNALS = known_signals(read_rig("chassis_bywire", PATH), PATH)


@pytest.mark.parametrize(
    ("old", "new", "problem", "remedy"),
    [
        ("RIG_Status.RIG_Wheels", "RIG_Status.RIG_Weels", "RIG_Weels", "RIG_Wheels"),
        ("[RPT_Steer,", "[RPT_Stear,", "message RPT_Stear", "RPT_Steer"),
        ('"BLOCKED_OR_LIFTED"', '"BLOCKED"', "no value 'BLOCKED'", "BLOCKED_OR"),
    ],
)
def test_names_that_no_database_of_the_rig_has_are_refused(
    tmp_path, old, new, problem, remedy
):
    file = broken(tmp_path, old, new)
    with pytest.raises(ContentError) as told:
        read_rubric(file, SIGNALS)
    assert problem in told.value.problem
    assert remedy in told.value.remedy


def test_a_variant_that_lacks_an_answer_is_refused(tmp_path):
    text = PATH.find("rubric", "F13").read_text()
    file = tmp_path / "rubric.yaml"
    file.write_text(text.replace("trigger_half: vibration", "x: 1", 1))
    with pytest.raises(ContentError, match="does not say 'trigger_half'"):
        read_rubric(file)


def test_an_example_that_comes_out_otherwise_says_why(tmp_path):
    folder = tmp_path / "C06"
    shutil.copytree(C06.parent, folder)
    sloppy = folder / "examples" / "sloppy.yaml"
    sloppy.write_text(sloppy.read_text().replace("A3: not_met", "A3: met"))
    with pytest.raises(ContentError) as told:
        check_folder(folder, PATH)
    assert "A3 came out as not_met" in told.value.problem
    assert "Because: No e-stop test" in told.value.remedy
    for example in (folder / "examples").glob("*.yaml"):
        if "profile: cheating" in example.read_text():
            example.unlink()
    with pytest.raises(ContentError, match="'cheating'"):
        check_folder(folder, PATH)


def test_the_digest_does_not_change_when_the_keys_are_taken_out():
    from examrunner.agent.tasks import without_keys

    for file in TASKS:
        rubric = read_rubric(file)
        pools = {name: variant.pool for name, variant in rubric.variants.items()}
        bare = without_keys(file.read_text(), pools)
        assert "inject" not in bare
        again = parse_rubric(bare.encode(), Path("rubric.yaml"))
        assert again.digest == rubric.digest


def test_a_case_survives_its_file_and_is_named_by_its_content():
    rubric = read_rubric(PATH.find("rubric", "F13"))
    case = make_case(rubric, "esc_supply", {"x": [1, 2.5]}, "c0ffee")
    again = parse_case(case_bytes(case), Path("case.json"))
    assert again == case
    assert json.loads(case_bytes(case))["truth"]["node"] == "ESC"
    other = make_case(rubric, "esc_supply", {"x": [1, 2.6]}, "c0ffee")
    assert other.digest != case.digest
    with pytest.raises(ContentError, match="no variant"):
        make_case(rubric, "esc_suply", {}, "")


def test_the_template_of_a_new_task_passes_its_check(tmp_path):
    folder = tmp_path / "T01"
    write_template(folder, read_rig("adas_bench", PATH))
    assert len(check_folder(folder, PATH)) == 4
    with pytest.raises(ContentError, match="not empty"):
        write_template(folder, read_rig("adas_bench", PATH))
    with pytest.raises(ContentError, match="no task id"):
        write_template(tmp_path / "my task", read_rig("adas_bench", PATH))
