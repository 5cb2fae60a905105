"""Every role against every route; a route that is not listed here fails."""

import re
from uuid import UUID

import pytest

from examrunner.service.actors import Actor
from examrunner.service.messages import Role
from examrunner.service.policy import RULES, Action, Thing, can

ADMIN, CHIEF, EXAMINER = "administrator", "chief_examiner", "examiner"
COURSE, STATION, CANDIDATE = "course_system", "station", "candidate"
EVERYBODY = {ADMIN, CHIEF, EXAMINER, COURSE, STATION, CANDIDATE}
STAFF = {ADMIN, CHIEF, EXAMINER}
MARKING = {CHIEF, EXAMINER}
OPEN = "nobody has to sign in"
A = "/attempts/{attempt_id}"

ALLOWED = {
    "POST /session": OPEN,
    "GET /session/link": OPEN,
    "DELETE /session": OPEN,
    "POST /stations/enrol": OPEN,
    "GET /session": EVERYBODY,
    "POST /people": {ADMIN},
    "GET /people": {ADMIN},
    "DELETE /people/{name}": {ADMIN},
    "POST /stations/codes": {ADMIN},
    "POST /stations/{station}/confirmation": {ADMIN},
    "GET /stations": STAFF,
    "PUT /stations/{station}/references": {ADMIN},
    "PUT /stations/{station}/state": {STATION},
    "POST /stations/{station}/starts": {STATION},
    "PUT /rosters/{cohort}": {ADMIN, CHIEF},
    "GET /candidates": STAFF,
    "POST /exams": {ADMIN, CHIEF},
    "GET /exams": {ADMIN, CHIEF},
    "GET /exams/{exam}": {ADMIN, CHIEF},
    "POST /exams/{exam}/packs": {ADMIN, CHIEF},
    "GET /stations/{station}/pack": {STATION},
    "POST /proofs": {CHIEF, EXAMINER},
    "POST /leases": {STATION},
    "PUT /leases/{attempt_id}": {STATION},
    "GET /attempts": {CHIEF, EXAMINER, CANDIDATE},
    f"GET {A}": {CHIEF, EXAMINER, CANDIDATE},
    f"POST {A}/release": MARKING,
    f"POST {A}/decisions": MARKING,
    f"POST {A}/judgements": MARKING,
    f"POST {A}/confirmation": MARKING,
    f"GET {A}/signals": MARKING,
    f"GET {A}/pictures": MARKING,
    f"GET {A}/pictures/{{camera}}/{{name}}": MARKING,
    f"GET {A}/exchanges": MARKING,
    f"GET {A}/events": MARKING,
    f"GET {A}/recording": MARKING,
    f"PUT {A}/result": {STATION},
    f"PUT {A}/protocol": {STATION},
    f"GET {A}/receipt": {STATION},
    f"HEAD {A}/recording/{{sha256}}": {STATION},
    f"PUT {A}/recording/{{sha256}}": {STATION},
    "GET /grades": {CHIEF, COURSE},
    "GET /grades.csv": {CHIEF, COURSE},
    "GET /audit": {ADMIN, CHIEF},
    "GET /audit/head": {ADMIN, CHIEF},
}
"""Route to the roles that it serves; what it then says about a request is its own."""


def routes_of(hall) -> set[str]:
    found = set()
    for path, methods in hall.client.app.openapi()["paths"].items():
        for method in methods:
            found.add(f"{method.upper()} {path.removeprefix('/api/v1')}")
    return found | {"GET /session/link"}


@pytest.fixture
def cast(hall) -> UUID:
    """One holder of every role; the station and the candidate own one attempt."""
    hall.exam()
    lease = hall.lease("hall-a-01").json()
    hall.tokens[ADMIN] = hall.tokens["admin"]
    hall.tokens[CHIEF] = hall.tokens["chief"]
    hall.tokens[STATION] = hall.tokens["hall-a-01"]
    hall.person(COURSE, Role.COURSE_SYSTEM, courses=["ICV-1"])
    hall.person(CANDIDATE, Role.CANDIDATE, candidate=lease["candidate"])
    return lease["attempt_id"]


def test_every_route_serves_its_roles_and_no_others(hall, cast):
    assert routes_of(hall) == set(ALLOWED)
    for route, allowed in ALLOWED.items():
        method, path = route.split(" ")
        address = "/api/v1" + filled(path, cast)
        if allowed is OPEN:
            continue
        assert unsigned(hall, method, address) == 401, route
        for role in sorted(EVERYBODY):
            answer = hall.client.request(method, address, headers=hall.headers(role))
            served = answer.status_code not in {401, 403}
            assert served == (role in allowed), (route, role, answer.status_code)


def unsigned(hall, method: str, address: str) -> int:
    answer = hall.client.request(method, address, follow_redirects=False)
    return answer.status_code


def filled(path: str, attempt: str) -> str:
    values = {"attempt_id": attempt, "station": "hall-a-01", "sha256": "0" * 64}
    return re.sub(r"\{(\w+)\}", lambda m: str(values.get(m[1], "x")), path)


@pytest.mark.parametrize("route", sorted(r for r in ALLOWED if A in r))
def test_what_is_not_ones_own_does_not_exist(hall, cast, route):
    method, path = route.split(" ")
    address = "/api/v1" + filled(path, cast)
    hall.person("stranger", Role.CANDIDATE, candidate="NOBODY")
    for who in ("hall-a-02", "stranger"):
        answer = hall.client.request(method, address, headers=hall.headers(who))
        assert answer.status_code in {403, 404}


def test_a_course_system_reads_only_its_courses_and_an_empty_thing_is_nobodys():
    course = Actor(name="m", role=Role.COURSE_SYSTEM, courses=("A", "B"))
    candidate = Actor(name="c", role=Role.CANDIDATE, candidate="K1")

    assert can(course, Action.SEE_GRADES, Thing(courses=frozenset({"A"})))
    assert not can(course, Action.SEE_GRADES, Thing(courses=frozenset({"A", "C"})))
    assert not can(course, Action.SEE_GRADES)
    assert not can(candidate, Action.SEE_ATTEMPTS)
    assert not can(candidate, Action.SEE_ATTEMPTS, Thing(candidate="K2"))


def test_who_hands_out_roles_sees_no_result():
    results = {
        Action.SEE_ATTEMPTS,
        Action.SEE_EVIDENCE,
        Action.DECIDE,
        Action.CONFIRM,
        Action.SEE_GRADES,
    }

    assert not results & set(RULES[Role.ADMINISTRATOR])
    assert set(RULES) == set(Role)
