import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examrunner.service.messages import Role


def test_a_station_gets_what_is_planned_for_it_with_everything_to_run_it(hall):
    first, *_ = hall.exam()

    lease = hall.lease("hall-a-01").json()

    assert lease["attempt_id"] == str(first)
    assert lease["token"] == 1
    assert (lease["rig"], lease["task"]) == ("chassis_bywire", "C06")
    assert lease["rubric"] == "id: C06\n"
    assert lease["sheets"] == {"zh": "题单"}
    assert hall.opened_case(lease) == b'{"task": "C06"}'
    assert len(lease["nonce"]) == 32


def test_the_same_request_gets_the_same_lease_and_another_one_the_next(hall):
    hall.exam()
    request = str(uuid4())

    first = hall.lease("hall-a-01", request_id=request).json()
    again = hall.lease("hall-a-01", request_id=request).json()
    other = hall.lease("hall-a-01").json()

    # Sealed anew each time, and the same inside.
    assert hall.opened_case(again) == hall.opened_case(first)
    assert {**again, "case": ""} == {**first, "case": ""}
    assert other["attempt_id"] != first["attempt_id"]


def test_when_nothing_is_left_the_answer_is_empty(hall):
    hall.exam(students=1)

    assert hall.lease("hall-a-01").status_code == 201
    assert hall.lease("hall-a-01").status_code == 204


def test_nobody_sits_at_two_stations_at_once(hall):
    hall.exam(students=1)

    assert hall.lease("hall-a-01").status_code == 201
    assert hall.lease("hall-a-02").status_code == 204


def test_an_expired_lease_renews_until_somebody_else_has_the_attempt(hall):
    hall.exam(students=1)
    lease = hall.lease("hall-a-01").json()
    address = f"/api/v1/leases/{lease['attempt_id']}"
    headers = hall.headers("hall-a-01")

    hall.clock.forward(hours=25)
    assert hall.client.put(address, json={"token": 1}, headers=headers).is_success
    hall.clock.forward(hours=25)
    second = hall.lease("hall-a-01").json()
    refused = hall.client.put(address, json={"token": 1}, headers=headers)

    assert (second["attempt_id"], second["token"]) == (lease["attempt_id"], 2)
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"


def test_an_examiner_frees_the_attempt_of_a_dead_station(hall):
    hall.exam(students=1)
    lease = hall.lease("hall-a-01").json()
    address = f"/api/v1/attempts/{lease['attempt_id']}/release"

    freed = hall.client.post(
        address, json={"reason": "power supply"}, headers=hall.headers("examiner")
    )

    assert freed.status_code == 204
    assert hall.lease("hall-a-01").json()["token"] == 2
    assert hall.put_result(lease, b"x").status_code == 409


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(students=st.integers(1, 12), askers=st.integers(2, 8))
def test_askers_at_once_never_get_the_same_attempt(hall, students, askers):
    before = set(drain(hall))
    attempts = set(map(str, hall.exam(students=students, tasks=("C06",))))
    barrier = threading.Barrier(askers)

    def ask() -> list[str]:
        barrier.wait()
        found = []
        while (answer := hall.lease("hall-a-01")).status_code == 201:
            found.append(answer.json()["attempt_id"])
        return found

    with ThreadPoolExecutor(askers) as pool:
        given_out = [
            attempt
            for part in pool.map(lambda _: ask(), range(askers))
            for attempt in part
        ]

    assert sorted(given_out) == sorted(attempts)
    assert not before & attempts
    for attempt in given_out:
        hall.client.post(
            f"/api/v1/attempts/{attempt}/release",
            json={"reason": "next example"},
            headers=hall.headers("examiner"),
        )
    drain(hall)


def drain(hall) -> list[str]:
    """Leases and delivers whatever an earlier example left behind."""
    done = []
    while (answer := hall.lease("hall-a-01")).status_code == 201:
        assert hall.put_result(answer.json(), b"x").is_success
        done.append(answer.json()["attempt_id"])
    return done


def test_a_candidate_lists_only_his_own_attempts(hall):
    hall.exam(students=3)
    code = hall.service.store.rosters.listed(limit=1)[0].code
    hall.person("student", Role.CANDIDATE, candidate=code)

    listed = hall.client.get(
        "/api/v1/attempts?candidate=OTHER", headers=hall.headers("student")
    ).json()["items"]

    assert {item["candidate"] for item in listed} == {code}
    assert len(listed) == 2
