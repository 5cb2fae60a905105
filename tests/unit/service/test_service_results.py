import json

import pytest
from judged_attempts import get, record_an_idle_rig, wait_for_score

from examrunner.service.checking import check_all
from examrunner.service.messages import Role
from examrunner.settings import ServiceSettings


def decide_all(hall, detail: dict) -> dict:
    """An examiner gives nothing for whatever the machine left open."""
    attempt = detail["attempt"]["id"]
    for line in detail["scores"][-1]["score"]["criteria"]:
        is_open = line["points"]["low"] != line["points"]["high"]
        if not is_open and line["outcome"] not in {"needs_review", "not_measured"}:
            continue
        said = {"confirm": False} if line["id"].startswith("V") else {"fraction": 0.0}
        answer = hall.client.post(
            f"/api/v1/attempts/{attempt}/decisions",
            json={"criterion": line["id"], "reason": "nothing shown", **said},
            headers=hall.headers("examiner"),
        )
        assert answer.status_code == 201, answer.text
        detail = answer.json()
    return detail


def test_a_delivered_recording_is_judged_with_reasons_in_both_languages(judged):
    detail = judged["detail"]
    (kept,) = detail["scores"]

    assert detail["attempt"]["state"] == "judged"
    assert kept["cause"] == "judged"
    assert kept["score"]["points"]["max"] == "100"
    assert kept["score"]["digests"]["rubric"]
    assert kept["score"]["digests"]["databases"]
    for line in kept["score"]["criteria"]:
        assert line["rule"]["zh"]
        assert line["reason"]["en"]
        assert line["title"]["zh"]


def test_the_same_seed_draws_the_same_variants(hall, judged):
    headers = hall.headers("chief")
    request = {
        "title": "Again",
        "scheme": "icv-testing-calibration",
        "tasks": ["C06"],
        "stations": ["hall-a-01"],
        "cohort": "2026",
    }
    drawn = []
    for seed in (7, 7, 8, 9, 10, 11):
        exam = hall.client.post(
            "/api/v1/exams", json={**request, "seed": seed}, headers=headers
        ).json()
        attempts = get(hall, f"attempts?exam={exam['id']}")["items"]
        drawn.append(
            tuple(get(hall, f"attempts/{one['id']}")["variant"] for one in attempts)
        )

    assert drawn[0] == drawn[1]
    assert len(set(drawn)) > 1


def test_an_open_score_cannot_be_released_until_an_examiner_decided(hall, judged):
    attempt = judged["lease"]["attempt_id"]
    address = f"/api/v1/attempts/{attempt}/confirmation"
    headers = hall.headers("examiner")

    refused = hall.client.post(address, json={"score": 1}, headers=headers)
    detail = decide_all(hall, judged["detail"])
    last = detail["scores"][-1]
    stale = hall.client.post(address, json={"score": 1}, headers=headers)
    released = hall.client.post(
        address, json={"score": last["number"]}, headers=headers
    )

    assert refused.status_code == stale.status_code == 409
    assert released.status_code == 201, released.text
    assert released.json()["confirmation"]["by"] == "examiner"
    assert released.json()["attempt"]["state"] == "confirmed"
    assert last["cause"] == "decided"
    assert len(detail["scores"]) == len(detail["decisions"]) + 1


def test_a_decision_never_changes_what_the_machine_said(hall, judged):
    before = {
        line["id"]: line["machine"]
        for line in judged["detail"]["scores"][0]["score"]["criteria"]
    }

    detail = decide_all(hall, judged["detail"])

    assert detail["scores"][0] == judged["detail"]["scores"][0]
    after = {
        line["id"]: line["machine"]
        for line in detail["scores"][-1]["score"]["criteria"]
    }
    assert after == before


def test_judging_again_appends_an_equal_score_and_keeps_the_decisions(hall, judged):
    attempt = judged["lease"]["attempt_id"]
    detail = decide_all(hall, judged["detail"])
    number = detail["scores"][-1]["number"]

    asked = hall.client.post(
        f"/api/v1/attempts/{attempt}/judgements", headers=hall.headers("examiner")
    )
    again = wait_for_score(hall, attempt, number + 1)

    assert asked.status_code == 202
    assert again["scores"][-1]["cause"] == "judged"
    assert again["scores"][-1]["score"] == detail["scores"][-1]["score"]


def test_a_released_score_becomes_a_grade_for_the_course_system(hall, judged):
    detail = decide_all(hall, judged["detail"])
    release(hall, detail)
    course = get(hall, "grades", "chief")["items"][0]["course"]
    hall.person("moodle", Role.COURSE_SYSTEM, courses=[course])
    hall.person("other", Role.COURSE_SYSTEM, courses=["OTHER-1"])

    page = get(hall, "grades", "moodle")

    (grade,) = page["items"]
    assert grade["student_number"] in {"0012", "0013"}
    assert grade["points"] is None
    assert any("C06" in reason["zh"] for reason in grade["reasons"])
    assert get(hall, "grades", "other")["items"] == []
    assert get(hall, f"grades?cursor={page['cursor']}", "moodle")["items"] == []

    # A changed grade comes again; the old one keeps its place.
    changed = hall.client.post(
        f"/api/v1/attempts/{detail['attempt']['id']}/decisions",
        json={"criterion": "B1", "reason": "seen on paper", "fraction": 1.0},
        headers=hall.headers("examiner"),
    ).json()
    release(hall, changed)
    after = get(hall, f"grades?cursor={page['cursor']}", "moodle")["items"]
    assert [one["number"] for one in after] == [grade["number"] + 1]
    assert after[0]["reasons"] != grade["reasons"]


def release(hall, detail: dict) -> None:
    answer = hall.client.post(
        f"/api/v1/attempts/{detail['attempt']['id']}/confirmation",
        json={"score": detail["scores"][-1]["number"]},
        headers=hall.headers("chief"),
    )
    assert answer.status_code == 201, answer.text


def test_the_table_of_grades_opens_in_excel_in_chinese(hall, judged):
    release(hall, decide_all(hall, judged["detail"]))

    answer = hall.client.get("/api/v1/grades.csv", headers=hall.headers("chief"))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heading, row, *_ = answer.content.decode("utf-8-sig").split("\r\n")
    assert heading.startswith("学号,姓名")
    assert "001" in row


def test_a_candidate_sees_his_score_only_after_the_release(hall, judged):
    code = judged["lease"]["candidate"]
    attempt = judged["lease"]["attempt_id"]
    hall.person("student", Role.CANDIDATE, candidate=code)
    hall.person("stranger", Role.CANDIDATE, candidate="NOBODY")

    before = get(hall, f"attempts/{attempt}", "student")
    release(hall, decide_all(hall, judged["detail"]))
    after = get(hall, f"attempts/{attempt}", "student")
    stranger = hall.client.get(
        f"/api/v1/attempts/{attempt}", headers=hall.headers("stranger")
    )

    assert before["scores"] == []
    assert before["attempt"]["low"] is None
    assert before["variant"] is None
    assert len(after["scores"]) == 1
    assert stranger.status_code == 404


def test_the_page_gets_signals_events_and_the_recording_itself(hall, judged):
    attempt = judged["lease"]["attempt_id"]

    names = [one["name"] for one in get(hall, f"attempts/{attempt}/signals")["items"]]
    picked = names[0]
    (plot,) = get(
        hall, f"attempts/{attempt}/signals?names={picked}&from_s=1&to_s=2&points=10"
    )["signals"]
    events = get(hall, f"attempts/{attempt}/events")["items"]
    unknown = hall.client.get(
        f"/api/v1/attempts/{attempt}/signals?names=No.Such",
        headers=hall.headers("examiner"),
    )
    raw = hall.client.get(
        f"/api/v1/attempts/{attempt}/recording", headers=hall.headers("examiner")
    )

    assert len(plot["t_s"]) == len(plot["low"]) == len(plot["high"]) <= 10
    assert [one["body"]["op"] for one in events] == ["phase", "start", "stop"]
    assert unknown.status_code == 404
    assert raw.content.endswith(bytes(1024))
    assert get(hall, f"attempts/{attempt}/pictures")["items"] == []
    assert get(hall, f"attempts/{attempt}/exchanges")["items"] == []


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        ({"tasks": ["C99"]}, 422, "C99"),
        ({"scheme": "nothing"}, 422, "nothing"),
        ({"stations": ["hall-a-02"]}, 422, "chassis_bywire"),
        ({"cohort": "1999"}, 404, "no candidates"),
        ({"candidates": ["NOBODY"]}, 404, "NOBODY"),
        ({"variants": {"C06": "nothing"}}, 422, "nothing"),
        ({"unknown": 1}, 422, "unknown"),
    ],
)
def test_an_exam_that_cannot_be_planned_says_why(hall, judged, change, status, told):
    request = {
        "title": "Again",
        "scheme": "icv-testing-calibration",
        "tasks": ["C06"],
        "stations": ["hall-a-01"],
        "cohort": "2026",
        **change,
    }

    answer = hall.client.post(
        "/api/v1/exams", json=request, headers=hall.headers("chief")
    )

    assert answer.status_code == status
    assert told in answer.json()["problem"] + answer.json()["where"]
    assert answer.json()["remedy"]


def test_practice_draws_from_another_pool_and_never_becomes_a_grade(hall, judged):
    request = {
        "title": "Practice",
        "scheme": "icv-testing-calibration",
        "tasks": ["C06"],
        "stations": ["hall-a-01"],
        "cohort": "2026",
        "mode": "practice",
        "seed": 7,
    }
    exam = hall.client.post(
        "/api/v1/exams", json=request, headers=hall.headers("chief")
    ).json()
    attempts = get(hall, f"attempts?exam={exam['id']}")["items"]
    variants = {get(hall, f"attempts/{one['id']}")["variant"] for one in attempts}
    lease = hall.lease("hall-a-01", attempt_id=attempts[1]["id"]).json()
    hall.put_piece(lease, record_an_idle_rig(hall, lease, "practice"))

    release(hall, decide_all(hall, wait_for_score(hall, attempts[1]["id"], 1)))

    assert all(name.startswith("practice") for name in variants)
    assert get(hall, "grades", "chief")["items"] == []


def test_a_technicians_measurements_enter_the_cases_of_later_exams(hall, judged):
    measured = {"front_sharpness": 181.5}
    put = hall.client.put(
        "/api/v1/stations/hall-a-01/references",
        json=measured,
        headers=hall.headers("admin"),
    )
    request = {
        "title": "Later",
        "scheme": "icv-testing-calibration",
        "tasks": ["C06"],
        "stations": ["hall-a-01"],
        "cohort": "2026",
    }
    exam = hall.client.post(
        "/api/v1/exams", json=request, headers=hall.headers("chief")
    ).json()
    attempt = get(hall, f"attempts?exam={exam['id']}")["items"][1]["id"]

    lease = hall.lease("hall-a-01", attempt_id=attempt).json()

    assert put.status_code == 204
    assert json.loads(hall.opened_case(lease))["reference"] == measured
    assert json.loads(hall.opened_case(judged["lease"]))["reference"] == {}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE score SET low = '99'",
        "UPDATE score SET verdict = 'pass'",
        "UPDATE score SET body = replace(body, 'C06', 'C07') || ' '",
        "UPDATE judgements SET body = body || ' '",
        "UPDATE document SET content = x'00' WHERE media_type = 'application/json'",
        "DELETE FROM score",
    ],
)
def test_check_finds_whatever_was_changed_in_the_database(hall, judged, change):
    settings = ServiceSettings(data=hall.folder / "data")
    assert check_all(settings).damage == ()

    hall.service.store.database.write(
        lambda session: session.connection().exec_driver_sql(change) and None
    )

    assert "was changed" in check_all(settings).damage[0]
