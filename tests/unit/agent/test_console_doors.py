"""Who gets in where: every route of the station's screens, with every role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from console_seats import ATTEMPT, BASE, CANDIDATE, EXAMINER_CODE, OTHER, House, a_house
from fastapi.openapi.utils import get_openapi
from fastapi.testclient import TestClient

from examrunner.agent.console.app import COOKIE

ONE = "/api/examiner/attempts/{attempt_id}"
STILLS = "/api/cameras/{camera}"
EVERYBODY = {
    ("GET", "/doctor"),
    ("GET", "/"),
    ("GET", "/{name}"),
    ("GET", "/api/station"),
    ("POST", "/api/session"),
    ("DELETE", "/api/session"),
}
CANDIDATES = {
    ("GET", "/api/attempt"),
    ("GET", "/api/state"),
    ("POST", "/api/identity"),
    ("GET", "/api/proof"),
    ("GET", "/api/feedback"),
    ("POST", "/api/signature"),
    ("PUT", "/api/fields/{name}"),
    ("POST", "/api/fields/{name}/submission"),
    ("POST", "/api/submission"),
    ("GET", f"{STILLS}/stills"),
    ("POST", f"{STILLS}/stills"),
    ("GET", f"{STILLS}/stills/{{name}}"),
    ("DELETE", f"{STILLS}/stills/{{name}}"),
    ("POST", f"{STILLS}/calibration"),
}
ACTS = (
    "start", "pause", "resume", "credit", "end", "bookmarks", "reassignment",
    "handover", "marks", "vetoes", "signature",
)  # fmt: skip
EXAMINERS = {
    ("GET", "/api/examiner/attempts"),
    ("POST", "/api/examiner/rig/release"),
    ("GET", ONE),
    ("GET", f"{ONE}/protocol"),
    *(("POST", f"{ONE}/{act}") for act in ACTS),
}
ROLES = {"nobody": EVERYBODY, "candidate": EVERYBODY | CANDIDATES}
ROLES["examiner"] = EVERYBODY | EXAMINERS


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as opened:
        yield opened


def screen_of(house: House, role: str) -> TestClient:
    if role == "nobody":
        return house.screen()
    code = CANDIDATE if role == "candidate" else EXAMINER_CODE
    return house.signed_in(code, "Zhang Wei")


def test_every_route_stands_in_this_table(house: House) -> None:
    listed = get_openapi(title="", version="", routes=house.app.routes)["paths"]
    found = {
        (method.upper(), path) for path, methods in listed.items() for method in methods
    }
    assert found == EVERYBODY | CANDIDATES | EXAMINERS


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), sorted(EVERYBODY | CANDIDATES | EXAMINERS))
def test_nobody_gets_where_he_does_not_belong(
    house: House, role: str, method: str, path: str
) -> None:
    screen = screen_of(house, role)
    real = path.format(attempt_id=ATTEMPT, camera="front", name="x")
    status = screen.request(method, real).status_code
    assert (status != 403) is ((method, path) in ROLES[role]), status


def test_without_the_stations_code_nothing_opens(house: House) -> None:
    stranger = TestClient(house.app, base_url=BASE)
    for method, path in EVERYBODY | CANDIDATES | EXAMINERS:
        real = path.format(attempt_id=ATTEMPT, camera="front", name="x")
        assert stranger.request(method, real).status_code == 403
    assert stranger.get("/?code=guessed").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example:8001"},
        {"Origin": "http://127.0.0.1:9999"},
    ],
)
def test_another_site_cannot_act_through_this_browser(
    house: House, headers: dict[str, str]
) -> None:
    screen = house.signed_in(CANDIDATE)
    assert screen.post("/api/identity").status_code == 200
    assert screen.post("/api/identity", headers=headers).status_code == 403


def test_a_form_of_another_site_is_not_read_as_json(house: House) -> None:
    screen = house.screen()
    answer = screen.post(
        "/api/session",
        content=f'{{"code": "{CANDIDATE}"}}',
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code == 422


def test_cookies_are_out_of_reach_of_pages_and_other_sites(house: House) -> None:
    screen = TestClient(house.app, base_url=BASE)
    opened = screen.get("/?code=the-screen's-code", follow_redirects=False)
    entered = screen.post("/api/session", json={"code": CANDIDATE})
    for answer in (opened, entered):
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
    assert COOKIE in screen.cookies


def test_who_was_reassigned_away_is_shut_out_at_once(house: House) -> None:
    first = house.signed_in(CANDIDATE)
    assert first.get("/api/state").status_code == 200
    examiner = house.signed_in(EXAMINER_CODE, "Zhang Wei")
    body = {"candidate": OTHER.lower(), "reason": "sat down at the wrong place"}
    moved = examiner.post(ONE.format(attempt_id=ATTEMPT) + "/reassignment", json=body)
    assert moved.json()["candidate"] == OTHER
    assert first.get("/api/state").status_code == 403
    assert house.signed_in(OTHER).get("/api/state").status_code == 200


def test_codes_cannot_be_tried_one_after_the_other(house: House) -> None:
    screen = house.screen()
    for number in range(10):
        wrong = screen.post("/api/session", json={"code": f"WRONG{number}"})
        assert wrong.status_code == 409
    right = {"code": CANDIDATE}
    assert "too many" in screen.post("/api/session", json=right).json()["problem"]
    house.clock_s = 61.0
    assert screen.post("/api/session", json=right).status_code == 201


def test_signing_out_ends_the_session_for_good(house: House) -> None:
    screen = house.signed_in(CANDIDATE)
    token = screen.cookies["examrunner_session"]
    screen.delete("/api/session")
    thief = house.screen()
    thief.cookies["examrunner_session"] = token
    assert thief.get("/api/state").status_code == 403


def test_sessions_survive_a_restart_of_the_station(house: House) -> None:
    token = house.signed_in(CANDIDATE).cookies["examrunner_session"]
    kept = (house.folder / "sessions.json").read_text("utf-8")
    assert token not in kept
    with a_house(house.folder) as again:
        screen = again.screen()
        screen.cookies["examrunner_session"] = token
        assert screen.get("/api/state").status_code == 200


def test_another_candidate_of_the_roster_is_told_so(house: House) -> None:
    told = house.screen().post("/api/session", json={"code": OTHER}).json()
    assert told["problem"] == "this place is for another candidate."
