"""The smallest task that passes its check, for teachers to start from."""

from pathlib import Path
from typing import Final

from examrunner.model.errors import ContentError
from examrunner.model.station import Rig

RUBRIC: Final = """\
# What each key means: README.md of rubrics/. Check: examrunner rubric check FOLDER
id: {id}
revision: 1
title: {{zh: 新任务, en: New task}}
rig: {rig}
limit_s: 1800
post_s: 30
cuts: {{pass: 60, good: 75, excellent: 90, fail_cap: 59}}

form:
  - {{id: report, type: text, label: {{zh: 报告, en: Report}}}}

variants:
  exam_a: {{pool: exam}}
  exam_b: {{pool: exam}}
  practice_a: {{pool: practice}}
  practice_b: {{pool: practice}}

groups:
  - id: A
    title: {{zh: 结果, en: Result}}
    points: 100
    criteria:
      - id: A1
        kind: judgement
        points: 90
        title: {{zh: 报告, en: Report}}
        text: {{zh: 报告写明过程与结论, en: The report states procedure and conclusion}}
        levels:
          - {{zh: 没有, en: None}}
          - {{zh: 不完整, en: Incomplete}}
          - {{zh: 基本完整, en: Mostly complete}}
          - {{zh: 完整, en: Complete}}
      - id: A2
        kind: time_used
        points: 10
        title: {{zh: 用时, en: Time used}}
        full_s: 1200
        zero_s: 1800
"""

EXAMPLE: Final = """\
because: {because}
profile: {profile}
variant: exam_a
lasting_s: 600
{form}decisions: [{decisions}]
expect: {{A1: {mark}, A2: {time}}}
points: [{low}, {high}]
verdict: {verdict}
"""

REPORT: Final = "form: [{t_s: 300, field: report, value: Done.}]\n"
SHEETS: Final = {
    "sheet.zh.md": "# 新任务\n\n时间 30 分钟。写明：现场条件、任务、提交、安全。\n",
    "sheet.en.md": "# New task\n\nTime 30 minutes. State: what is given, what to do, "
    "what to hand in, safety.\n",
}


def write_template(folder: Path, rig: Rig) -> list[Path]:
    """Write a task folder; its name becomes the task's id.

    Raises:
        ContentError: If the folder exists and is not empty, or has no id's name.
    """
    name = folder.name
    if not (len(name) == 3 and name[0].isupper() and name[1:].isdigit()):
        raise ContentError(
            f"'{name}' is no task id.",
            where=str(folder),
            remedy="Name the folder by a letter and two digits, for example T01.",
        )
    if folder.exists() and any(folder.iterdir()):
        raise ContentError(
            "the folder is not empty.",
            where=str(folder),
            remedy="Choose a new folder, or edit what is there.",
        )
    files = {"rubric.yaml": RUBRIC.format(id=name, rig=rig.name), **SHEETS}
    files |= {f"examples/{stem}.yaml": text for stem, text in _examples().items()}
    written = []
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _examples() -> dict[str, str]:
    pass_ = ("met", "met", "pass")
    return {
        "competent": _example("A full report in time.", "competent", 3, 100, *pass_),
        "sloppy": _example(
            "A thin report.", "sloppy", 1, 46, "partly_met", "met", "fail"
        ),
        "cheating": EXAMPLE.format(
            because="Without a report neither mark nor time earn anything.",
            profile="cheating",
            form="",
            decisions='{criterion: A1, level: 0, reason: "No report."}',
            mark="not_met",
            time="not_met",
            low=0,
            high=0,
            verdict="fail",
        ),
        "missing-evidence": EXAMPLE.format(
            because="No examiner has looked yet, so the score is an interval.",
            profile="missing_evidence",
            form=REPORT,
            decisions="",
            mark="needs_review",
            time="met",
            low=10,
            high=100,
            verdict="undecided",
        ),
    }


def _example(
    because: str,
    profile: str,
    level: int,
    points: int,
    mark: str,
    time: str,
    verdict: str,
) -> str:
    return EXAMPLE.format(
        because=because,
        profile=profile,
        form=REPORT,
        decisions=f"{{criterion: A1, level: {level}}}",
        mark=mark,
        time=time,
        low=points,
        high=points,
        verdict=verdict,
    )
