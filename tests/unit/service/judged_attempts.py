"""Attempts that the service has judged, for tests of what comes after."""

import shutil
import time
from pathlib import Path

from service_hall import Hall, packed

from examrunner.archive.writer import RecordingWriter
from examrunner.content.search import SearchPath, built_in
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header

TASK = Path("rubrics/icv-testing-calibration/C06")


def with_sheets(root: Path) -> SearchPath:
    """The built-in C06 with sheets of its own."""
    shutil.copytree(built_in() / TASK, root / TASK)
    for language in ("zh", "en"):
        (root / TASK / f"sheet.{language}.md").write_text(f"# C06 {language}\n")
    return SearchPath.of([root])


def an_exam_of(hall: Hall, *students: str) -> dict:
    """An exam in C06 at one station, planned from the content."""
    roster = "\n".join(["学号,姓名", *students, ""]).encode()
    put = hall.client.put(
        "/api/v1/rosters/2026",
        content=roster,
        headers={**hall.headers("chief"), "Content-Type": "text/csv"},
    )
    new = {"cohort": "2026", "added": len(students), "changed": 0, "kept": 0}
    assert put.json() == new
    exam = hall.client.post(
        "/api/v1/exams",
        json={
            "title": "Autumn",
            "scheme": "icv-testing-calibration",
            "tasks": ["C06"],
            "stations": ["hall-a-01"],
            "cohort": "2026",
            "seed": 7,
        },
        headers=hall.headers("chief"),
    )
    assert exam.status_code == 201, exam.text
    return exam.json()


def a_judged_attempt(hall: Hall) -> dict:
    """A delivered attempt that the service has judged."""
    exam = an_exam_of(hall, "0012,王芳", "0013,李雷")
    lease = hall.lease("hall-a-01").json()
    content = record_an_idle_rig(hall, lease)
    assert hall.put_piece(lease, content).status_code == 200
    detail = wait_for_score(hall, lease["attempt_id"], 1)
    return {"lease": lease, "detail": detail, "exam": exam}


def record_an_idle_rig(hall: Hall, lease: dict, name: str = "idle") -> bytes:
    header = Header(
        attempt_id=lease["attempt_id"],
        station=lease["station"],
        rig=lease["rig"],
        candidate=lease["candidate"],
        task=lease["task"],
        mode=lease["mode"],
        nonce=lease["nonce"],
        software={"examrunner": "test"},
        opened_at=name,
    )
    folder = hall.folder / name
    database = (built_in() / "dbc" / "chassis_bywire.dbc").read_bytes()
    with RecordingWriter(
        folder,
        header,
        channels=["CH1"],
        cameras=[],
        key=hall.keys["hall-a-01"],
        sync=False,
    ) as writer:
        writer.attach("dbc/CH1.dbc", "text/plain", database)
        writer.event(0, "ops", {"op": "phase", "phase": "exam"})
        writer.event(0, "ops", {"op": "start"})
        rows = [(t * 10_000_000, 0x100, 0, bytes(8)) for t in range(300)]
        writer.frames("CH1", Frames.of(rows))
        writer.event(3_000_000_000, "ops", {"op": "stop", "reason": "finished"})
        writer.close(Ending.FINISHED, "done", 3_000_000_000)
    return packed(folder)


def wait_for_score(hall, attempt: str, number: int) -> dict:
    for _ in range(300):
        detail = get(hall, f"attempts/{attempt}")
        assert not detail["trouble"], detail["trouble"]
        if len(detail["scores"]) >= number:
            return detail
        time.sleep(0.1)
    raise AssertionError("no score within 30 s")


def get(hall, path: str, who: str = "examiner") -> dict:
    answer = hall.client.get(f"/api/v1/{path}", headers=hall.headers(who))
    assert answer.status_code == 200, answer.text
    return answer.json()
