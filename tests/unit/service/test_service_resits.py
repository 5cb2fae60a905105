"""A rig that failed: its candidate sits the task again, in another variant."""

import json
from typing import Any

import pytest
from judged_attempts import an_exam_of
from service_hall import Hall
from sqlmodel import col, select

from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.service.tables import AuditRow, ResitRow

VOID = {"outcome": "rig_fault", "is_void": True}
POOL = [
    one.id
    for one in read_rubric(SearchPath.of().find("rubric", "C06")).variants.values()
    if one.pool == "exam"
]


@pytest.fixture
def lease(hall: Hall) -> dict[str, Any]:
    """The only attempt of an exam, at work."""
    an_exam_of(hall, "0012,王芳")
    return hall.lease("hall-a-01").json()


def delivered(hall: Hall, lease: dict[str, Any], **said: object) -> bytes:
    content = hall.record(lease, hall.keys["hall-a-01"])
    assert hall.put_result(lease, content, **said).status_code == 200
    return content


def resits(hall: Hall) -> list[tuple[str | None, str]]:
    query = select(ResitRow.again, ResitRow.problem).order_by(col(ResitRow.at))
    return hall.service.store.database.read(
        lambda session: [tuple(row) for row in session.exec(query)]
    )


def test_the_same_candidate_gets_another_variant_of_the_same_pool(hall, lease):
    delivered(hall, lease, **VOID)
    again = hall.lease("hall-a-01").json()
    assert again["attempt_id"] != lease["attempt_id"]
    assert (again["candidate"], again["task"]) == (lease["candidate"], "C06")
    assert again["variant"] in POOL
    assert again["variant"] != lease["variant"]
    assert again["nonce"] != lease["nonce"]
    case = json.loads(hall.opened_case(again))
    assert case["variant"] == again["variant"]
    assert case["challenge"] == again["nonce"]


def test_a_result_that_comes_again_plans_nothing_twice(hall, lease):
    content = delivered(hall, lease, **VOID)
    assert hall.put_result(lease, content, **VOID).status_code == 200
    assert len(resits(hall)) == 1
    hall.lease("hall-a-01")
    assert hall.lease("hall-a-01").status_code == 204


def test_what_counts_is_not_sat_again(hall, lease):
    delivered(hall, lease, outcome="completed", is_void=False)
    assert resits(hall) == []
    assert hall.lease("hall-a-01").status_code == 204


def test_nobody_gets_a_variant_twice_and_the_log_says_when_none_is_left(hall, lease):
    met = [lease["variant"]]
    for _ in POOL[1:]:
        delivered(hall, lease, **VOID)
        lease = hall.lease("hall-a-01").json()
        met.append(lease["variant"])
    assert sorted(met) == sorted(POOL)
    delivered(hall, lease, **VOID)
    assert hall.lease("hall-a-01").status_code == 204
    again, problem = resits(hall)[-1]
    assert again is None
    assert "no variant" in problem
    query = select(AuditRow.body).where(AuditRow.action == "attempt.resit")
    logged = hall.service.store.database.read(
        lambda session: list(session.exec(query.order_by(col(AuditRow.number))))
    )
    assert len(logged) == len(POOL)
    assert "no variant" in logged[-1]


def test_a_service_that_died_before_planning_plans_when_the_result_comes_again(
    hall, lease, monkeypatch
):
    def die(*_args: object, **_more: object) -> None:
        raise OSError("the power went")

    content = hall.record(lease, hall.keys["hall-a-01"])
    with monkeypatch.context() as patched:
        patched.setattr("examrunner.service.receiving.plan_resit", die)
        assert hall.put_result(lease, content, **VOID).status_code == 500
    assert resits(hall) == []
    assert hall.put_result(lease, content, **VOID).status_code == 200
    assert len(resits(hall)) == 1
