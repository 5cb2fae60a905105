import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.service.access import COOKIE
from examrunner.service.messages import Role


def enrolled(hall, code: str, key: Ed25519PrivateKey, station="hall-b-01"):
    from service_hall import proof

    return hall.client.post("/api/v1/stations/enrol", json=proof(code, station, key))


@pytest.fixture
def code(hall) -> str:
    answer = hall.client.post(
        "/api/v1/stations/codes",
        json={"station": "hall-b-01", "rig": "body_net"},
        headers=hall.headers("admin"),
    )
    return answer.json()["code"]


def test_a_code_enrols_one_station_once(hall, code):
    key = Ed25519PrivateKey.generate()

    first = enrolled(hall, code, key)
    lost_answer = enrolled(hall, code, key)
    thief = enrolled(hall, code, Ed25519PrivateKey.generate())

    assert (first.json()["rig"], first.json()["generation"]) == ("body_net", 1)
    assert lost_answer.json()["generation"] == 1
    assert lost_answer.json()["token"] != first.json()["token"]
    assert thief.status_code == 401


def test_a_code_is_good_for_a_day_and_for_its_station_only(hall, code):
    key = Ed25519PrivateKey.generate()

    assert enrolled(hall, code, key, station="hall-b-02").status_code == 401
    hall.clock.forward(hours=24)
    assert enrolled(hall, code, key).status_code == 401


def test_a_station_has_to_hold_the_key_that_it_names(hall, code):
    from service_hall import proof

    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    message = {
        **proof(code, "hall-b-01", key),
        "public_key": other.public_key().public_bytes_raw().hex(),
    }

    refused = hall.client.post("/api/v1/stations/enrol", json=message)

    assert refused.status_code == 401
    assert refused.json()["where"] == "proof"


def test_enrolling_again_ends_the_token_of_the_machine_before(hall, code):
    old = enrolled(hall, code, Ed25519PrivateKey.generate()).json()["token"]
    hall.enrol("hall-b-01", "body_net")

    message = {"request_id": "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"}
    answer = hall.client.post(
        "/api/v1/leases", json=message, headers={"Authorization": f"Bearer {old}"}
    )

    assert answer.status_code == 401


def test_a_page_signs_in_by_cookie_and_out_again(hall):
    token = hall.tokens["chief"]

    signed_in = hall.client.post("/api/v1/session", json={"token": token})
    who = hall.client.get("/api/v1/session")
    cookie = signed_in.headers["set-cookie"]

    assert who.json() == {"name": "chief", "role": "chief_examiner"}
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert token not in cookie
    assert hall.client.delete("/api/v1/session").status_code == 204
    hall.client.cookies.set(COOKIE, cookie.split("=")[1].split(";")[0])
    assert hall.client.get("/api/v1/session").status_code == 401


def test_a_session_ends_by_itself(hall):
    hall.client.post("/api/v1/session", json={"token": hall.tokens["chief"]})

    hall.clock.forward(hours=12)

    assert hall.client.get("/api/v1/session").status_code == 401


def test_another_sites_page_cannot_use_the_cookie(hall):
    hall.client.post("/api/v1/session", json={"token": hall.tokens["chief"]})

    answer = hall.client.post(
        "/api/v1/exams", json={}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def test_a_login_link_works_once(hall):
    key = hall.service.store.people.login_link("chief")
    address = f"/api/v1/session/link?key={key}"

    first = hall.client.get(address, follow_redirects=False)
    who = hall.client.get("/api/v1/session")
    hall.client.cookies.clear()
    second = hall.client.get(address, follow_redirects=False)

    assert (first.status_code, first.headers["location"]) == (303, "/")
    assert who.json()["name"] == "chief"
    assert second.status_code == 401
    bearer = {"Authorization": f"Bearer {key}"}
    assert hall.client.get("/api/v1/session", headers=bearer).status_code == 401


def test_withdrawn_tokens_are_not_good_any_more(hall):
    hall.person("temp", Role.EXAMINER)

    gone = hall.client.delete("/api/v1/people/temp", headers=hall.headers("admin"))

    assert gone.status_code == 204
    answer = hall.client.get("/api/v1/attempts", headers=hall.headers("temp"))
    assert answer.status_code == 401


def test_tokens_are_not_in_the_database(hall):
    content = b"".join(
        path.read_bytes() for path in (hall.folder / "data").glob("service.db*")
    )

    assert b"chief" in content
    for token in hall.tokens.values():
        assert token.encode() not in content


def test_every_error_says_what_where_and_what_next(hall):
    answers = [
        hall.client.get("/api/v1/attempts"),
        hall.client.get("/api/v1/nothing"),
        hall.client.post("/api/v1/people", json={}, headers=hall.headers("admin")),
        hall.client.put("/api/v1/people", headers=hall.headers("admin")),
        hall.client.get("/api/v1/audit?cursor=x", headers=hall.headers("admin")),
    ]

    assert [a.status_code for a in answers] == [401, 404, 422, 405, 422]
    for answer in answers:
        assert answer.headers["content-type"] == "application/problem+json"
        assert {"problem", "where", "remedy"} <= set(answer.json())


def test_nothing_is_loaded_from_elsewhere(hall):
    answer = hall.client.get("/")

    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_api_description_gives_an_example_for_every_message(hall):
    description = hall.client.get("/api/v1/openapi.json").json()
    examples = str(description)

    for path, methods in description["paths"].items():
        for method, route in methods.items():
            assert route.get("description"), (method, path)
    assert "2026-11-23T09:30:00+08:00" in examples
    assert "hall-a-03" in examples
