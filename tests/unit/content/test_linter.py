"""What the linter finds, one rule at a time, on shipped tasks with one change."""

import shutil

import pytest

from examrunner.content.rubric_folder import inspect_folder
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.model.errors import ContentError

PATH = SearchPath.of()


def changed(tmp_path, task, file, old, new, count=1):
    folder = tmp_path / task
    if not folder.exists():
        shutil.copytree(PATH.find("rubric", task).parent, folder)
    page = folder / file
    assert old in page.read_text()
    page.write_text(page.read_text().replace(old, new, count))
    return folder


def errors_of(folder):
    return [error.problem for error in inspect_folder(folder, PATH).errors]


RULES = [
    (
        "an unknown ECU",
        "C01", "ecu: FCAM", "ecu: FCAMM",
        "A3: the rig adas_bench has no ECU 'FCAMM'.",
    ),
    (
        "an unknown camera",
        "F13", "camera: work_area", "camera: workarea",
        "A2: the rig body_net has no camera 'workarea'.",
    ),
    (
        "a marker that no clothes carry",
        "F13", "coat: [901]", "coat: [911]",
        "A2: marker 911 of 'coat' is not on the rig's list for the camera work_area.",
    ),
    (
        "a fault that the box lacks",
        "F13", "[{op: node.power, node: ESC, on: false}]",
        "[{op: sensor.swap, node: ESC}]",
        "variant 'esc_supply' injects 'sensor.swap', which the fault box of body_net "
        "cannot do.",
    ),
    (
        "a watched signal that is not there",
        "F13", "PED_Sts.PED_Pct]", "PED_Sts.PED_Percent]",
        "no database of body_net has the signal 'PED_Sts.PED_Percent'.",
    ),
    (
        "an empty band",
        "F13", "{signal: ESC_Sts.ESC_VehSpd, min: 1.0}",
        "{signal: ESC_Sts.ESC_VehSpd, min: 5, max: -5}",
        "V2: no value is at least 5 and at most -5.",
    ),
    (
        "a critical limit that is no number",
        "C01", "critical: {value_above: 8.0}", "critical: {value_above: eight}",
        "'value_above' is 'eight' but must be a number.",
    ),
    (
        "a body that the rig lacks",
        "C04", "        body: reflector\n", "        body: refletor\n",
        "B1: the rig adas_bench has no body 'refletor'.",
    ),
    (
        "a message of a secret that the rig lacks",
        "F13", "messages: [SAS_Sts, NM_SAS]", "messages: [SAS_Sts, NM_SASS]",
        "C4: the rig body_net has no message 'NM_SASS'.",
    ),
    (
        "a fault at a node that the rig lacks",
        "F12", "{op: node.bitrate, node: SAS, kbit: 250}",
        "{op: node.bitrate, node: SAM, kbit: 250}",
        "variant 'sas_250k' names the node 'SAM', which body_net lacks.",
    ),
    (
        "a value beyond the database",
        "F13", "{signal: ESC_Sts.ESC_VehSpd, min: 1.0}",
        "{signal: ESC_Sts.ESC_VehSpd, min: 1000}",
        "V2: ESC_Sts.ESC_VehSpd goes up to",
    ),
    (
        "a share above one",
        "C06", "window: $enabled, share: {full: 0.999, zero: 0.95}",
        "window: $enabled, share: {full: 99.9, zero: 95}",
        "B2: no share is above 1; 99.9 earns full points.",
    ),
    (
        "more ECUs than the rig has",
        "F13", "distinct_ecus: {full: 4,", "distinct_ecus: {full: 40,",
        "A3: 40 ECUs are wanted for full points, the rig body_net has",
    ),
    (
        "time that runs backwards",
        "C06", "full_s: 1920, zero_s: 2400", "full_s: 2400, zero_s: 1920",
        "D3: full points at 2400 s come after none at 1920 s.",
    ),
    (
        "a critical limit that full marks break",
        "C01", "critical: {value_above: 8.0}", "critical: {value_above: 0.5}",
        "C2: 1 earns every point and 5 none, yet above 0.5 the task is failed.",
    ),
    (
        "a critical limit on the wrong side",
        "C01", "critical: {value_above: 8", "critical: {value_below: 8",
        "C2: 1 earns every point and 5 none, yet below 8 the task is failed.",
    ),
    (
        "a window from the end",
        "C06", "window: {from: exam.start, to: $first_enable}",
        "window: {from: exam.end, to: $first_enable}",
        "A3: the window opens when the exam ends.",
    ),
    (
        "a dwell longer than the exam",
        "F13", "score: {full: 120, zero: 120", "score: {full: 3600, zero: 3600",
        "B4: it takes 3600 s, the exam ends after 1800 s.",
    ),
    (
        "too few values before a step",
        "C06", "y0_s: 0.3", "y0_s: 0.02",
        "C1: RPT_Steer.RPT_StrAngAct comes every 0.01 s, so 0.02 s before a step hold "
        "fewer than 3 values.",
    ),
    (
        "more frames than the window can hold",
        "F13", "offset_s: 2, for_s: 60}, missing_ratio_max: 0.02, min_frames: 50}",
        "offset_s: 2, for_s: 60}, missing_ratio_max: 0.02, min_frames: 5000}",
        "C4: ESC_Wheel comes every",
    ),
    (
        "a choice of a field of numbers",
        "F13", "field: trigger, key: $variant.trigger,",
        "field: dropouts, key: $variant.trigger,",
        "D1: the field 'dropouts' is of the type number, not choice or multi.",
    ),
    (
        "a value that the variant does not measure",
        "F13", "when: [sas_wiggle, esc_wiggle, ped_wiggle]}\n",
        "when: [sas_wiggle, esc_wiggle]}\n",
        "C3: it refers to B6, which variant 'ped_wiggle' does not ask.",
    ),
    (
        "an operation that nobody does",
        "C06", "{ops: stop, where: {reason: safety}}",
        "{ops: stopp, where: {reason: safety}}",
        "V1: there is no operation 'stopp'.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("task", "old", "new", "problem"),
    [rule[1:] for rule in RULES],
    ids=[rule[0] for rule in RULES],
)
def test_what_no_task_can_mean_is_an_error(tmp_path, task, old, new, problem):
    folder = changed(tmp_path, task, "rubric.yaml", old, new)
    found = errors_of(folder)
    assert len(found) >= 1
    assert found[0].startswith(problem)


@pytest.mark.parametrize(
    ("kind", "keys", "problem"),
    [
        ("dtc_status", "ecu: EPS, dtc: U0121-87", "needs 'equals' or 'bits'"),
        (
            "signal_at",
            "all: [{uds_state: {ecu: EPS}}]",
            "a uds_state needs 'session' or 'security'",
        ),
        (
            "obd_service",
            "mode: 0x01, pids: [5, 12], value: {bytes: 1}",
            "a 'value' is read from one parameter, 'pids' names 2",
        ),
    ],
)
def test_a_kind_that_asks_nothing_is_refused(tmp_path, kind, keys, problem):
    text = PATH.find("rubric", "C06").read_text()
    old = (
        "- {id: D3, kind: time_used, points: 3, title: {zh: 用时, en: Time used}, "
        "full_s: 1920, zero_s: 2400}"
    )
    assert old in text
    new = f"- {{id: D3, kind: {kind}, points: 3, title: {{zh: 题, en: x}}, {keys}}}"
    (tmp_path / "rubric.yaml").write_text(text.replace(old, new))
    with pytest.raises(ContentError) as told:
        read_rubric(tmp_path / "rubric.yaml")
    assert problem in told.value.problem


def test_routes_are_between_signals_of_the_rig(tmp_path):
    old = "- {id: B5, kind: time_used"
    new = (
        "- {id: B7, kind: gateway_route, points: 0, title: {zh: 题, en: x}, "
        "source: ESC_Sts.ESC_VehSpd, target: GW_PwtToBody.GW_VehSpdd, "
        f"latency_max_s: 0.1}}\n      {old}"
    )
    folder = changed(tmp_path, "F13", "rubric.yaml", old, new)
    assert errors_of(folder) == [
        "no database of body_net has a signal GW_PwtToBody.GW_VehSpdd."
    ]


def test_tables_are_asked_by_their_own_rows(tmp_path):
    folder = changed(
        tmp_path,
        "C06",
        "rubric.yaml",
        "  - {id: report,",
        "  - {id: gains, type: table, label: {zh: 增益, en: Gains}, mandatory: false, "
        "rows: {kp: {zh: Kp, en: Kp}}}\n  - {id: report,",
    )
    changed(
        tmp_path,
        "C06",
        "rubric.yaml",
        "      - {id: D3,",
        "      - {id: D5, kind: answer_table, points: 0, title: {zh: 题, en: x}, "
        "field: gains, rows: [{row: kd, ref: {value: 1}}]}\n      - {id: D3,",
    )
    assert errors_of(folder) == ["D5: 'kd' is no row of the field 'gains'."]


def test_a_veto_asks_for_fields_of_the_form_too(tmp_path):
    folder = changed(
        tmp_path, "F13", "rubric.yaml", "broken_by: [{uds: {}}, {ops: plug}, {form: no",
        "broken_by: [{uds: {}}, {ops: plug}, {form: ano",
    )  # fmt: skip
    assert errors_of(folder) == ["B4 asks for the field 'anode', which the form lacks."]


def test_a_cheating_example_that_only_waits_for_marks_could_pass(tmp_path):
    folder = changed(
        tmp_path, "C06", "examples/cheating.yaml",
        "messages:\n  RPT_Steer: {extra: [[29, 52]]}\n", "decisions: []\n",
    )  # fmt: skip
    changed(
        tmp_path, "C06", "examples/cheating.yaml",
        "V9: needs_review", "D4: needs_review",
    )  # fmt: skip
    changed(
        tmp_path, "C06", "examples/competent.yaml", "  D4: met\n", "",
    )  # fmt: skip
    example = folder / "examples" / "cheating.yaml"
    example.write_text(
        example.read_text()
        .replace("[0, 100]", "[97, 100]")
        .replace("verdict: undecided", "verdict: pass")
    )
    assert "this cheating example passes with 97 to 100 points." in errors_of(folder)


def test_points_that_nobody_earns_are_named(tmp_path):
    source = PATH.find("rubric", "C06").parent
    target = tmp_path / "C06"
    shutil.copytree(source, target)
    for example in (target / "examples").glob("*.yaml"):
        text = example.read_text()
        text = text.replace("criterion: D4, level: 3", "criterion: D4, level: 0")
        example.write_text(
            text.replace("criterion: D4, level: 1", "criterion: D4, level: 0")
        )
    assert "D4: no example earns any of its 3 points." in errors_of(target)


def test_vetoes_and_critical_limits_without_an_example_are_warned_about(tmp_path):
    source = PATH.find("rubric", "F13").parent
    target = tmp_path / "F13"
    shutil.copytree(source, target)
    for name in ("stopped-for-danger", "guessed"):
        (target / "examples" / f"{name}.yaml").unlink()
    report = inspect_folder(target, PATH)
    assert report.errors == ()
    assert [warning.problem for warning in report.warnings] == [
        "V1: no example raises it.",
        "V2: no example raises it.",
        "V8: no example raises it.",
        "C1: no example breaks the critical limit.",
    ]


@pytest.mark.parametrize(
    ("page", "text", "problem"),
    [
        (
            "examiner.zh.md",
            "第 3 项。\n",
            "the page examiner.en.md is missing or empty.",
        ),
        ("sheet.en.md", "", "the page sheet.en.md is missing or empty."),
    ],
)
def test_pages_come_in_both_languages(tmp_path, page, text, problem):
    target = tmp_path / "C06"
    shutil.copytree(PATH.find("rubric", "C06").parent, target)
    for name in ("examiner.zh.md", "examiner.en.md"):
        (target / name).unlink(missing_ok=True)
    (target / page).write_text(text)
    assert errors_of(target) == [problem]


def test_the_same_number_may_be_written_in_two_ways(tmp_path):
    target = tmp_path / "C06"
    shutil.copytree(PATH.find("rubric", "C06").parent, target)
    (target / "setup.zh.md").write_text("标识符 0x0d0，１２００ s，0.50 V。\n")
    (target / "setup.en.md").write_text("Identifier 0x0D0, 1,200 s, 0.5 V.\n")
    assert errors_of(target) == []
