"""A station's key is compared by people before it gets work; PCs can be replaced."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from service_hall import proof

from examrunner.model.spoken import key_words

STATION = "hall-a-01"


def a_code(hall) -> str:
    return hall.service.store.stations.give_code(
        STATION, "chassis_bywire", by="test"
    ).code


def words_of(key: Ed25519PrivateKey) -> str:
    return key_words(key.public_key().public_bytes_raw().hex())


def enrolled(hall, key: Ed25519PrivateKey, code: str = "", **more):
    sent = {**proof(code or a_code(hall), STATION, key), **more}
    answer = hall.client.post("/api/v1/stations/enrol", json=sent)
    if answer.status_code == 200:
        hall.tokens[STATION] = answer.json()["token"]
    return answer


def confirmed(hall, words: str, who: str = "admin"):
    return hall.client.post(
        f"/api/v1/stations/{STATION}/confirmation",
        json={"words": words},
        headers=hall.headers(who),
    )


def listed(hall) -> dict:
    items = hall.client.get("/api/v1/stations", headers=hall.headers("admin")).json()
    return next(one for one in items["items"] if one["name"] == STATION)


def lease(hall, token: str):
    request = {"request_id": "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"}
    headers = {"Authorization": f"Bearer {token}"}
    return hall.client.post("/api/v1/leases", json=request, headers=headers)


def test_no_work_before_the_words_were_compared(hall):
    key = Ed25519PrivateKey.generate()
    token = enrolled(hall, key).json()["token"]
    assert not listed(hall)["is_confirmed"]
    assert listed(hall)["words"] == words_of(key)

    refused = lease(hall, token)
    assert refused.status_code == 409
    assert "was not confirmed" in refused.json()["problem"]
    assert "confirm-station hall-a-01" in refused.json()["remedy"]

    assert confirmed(hall, words_of(key)).status_code == 204
    assert listed(hall)["is_confirmed"]
    assert lease(hall, token).status_code == 204


def test_other_words_confirm_nothing(hall):
    key = Ed25519PrivateKey.generate()
    token = enrolled(hall, key).json()["token"]
    refused = confirmed(hall, words_of(Ed25519PrivateKey.generate()))
    assert refused.status_code == 409
    assert lease(hall, token).status_code == 409


def test_words_may_be_typed_with_spaces_and_capitals(hall):
    key = Ed25519PrivateKey.generate()
    enrolled(hall, key)
    typed = words_of(key).replace("-", " ").upper()
    assert confirmed(hall, f" {typed} ").status_code == 204


def test_a_new_key_has_to_be_compared_anew(hall):
    first, second = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    enrolled(hall, first)
    confirmed(hall, words_of(first))
    token = enrolled(hall, second).json()["token"]
    assert lease(hall, token).status_code == 409
    assert confirmed(hall, words_of(first)).status_code == 409


def test_a_station_that_never_enrolled_has_no_words(hall):
    hall.service.store.stations.give_code("hall-z-01", "body_net", by="test")
    for name in ("hall-z-01", "hall-z-02"):
        answer = hall.client.post(
            f"/api/v1/stations/{name}/confirmation",
            json={"words": "a-b-c-d"},
            headers=hall.headers("admin"),
        )
        assert answer.status_code == 404


def test_each_wrong_code_says_what_is_wrong_with_it(hall):
    key, code = Ed25519PrivateKey.generate(), a_code(hall)
    said = []
    other = proof(code, "hall-a-02", key)
    said.append(hall.client.post("/api/v1/stations/enrol", json=other))
    said.append(enrolled(hall, key, "7QK4-2MXD-9RTA-C8WP"))
    assert enrolled(hall, key, code).status_code == 200
    said.append(enrolled(hall, Ed25519PrivateKey.generate(), code))
    unused = a_code(hall)
    hall.clock.forward(hours=25)
    said.append(enrolled(hall, key, unused))
    wrong = ["is for another station", "is not known", "was used", "was good until"]
    for answer, problem in zip(said, wrong, strict=True):
        assert answer.status_code == 401
        assert problem in answer.json()["problem"]
        assert "enrol-code" in answer.json()["remedy"]


@pytest.fixture
def held(hall):
    """An attempt that the old PC of a station has leased, and its token."""
    attempts = hall.exam(students=1, tasks=("C06",))
    old = hall.tokens[STATION]
    before = lease(hall, old)
    assert before.status_code == 201, before.text
    assert before.json()["attempt_id"] == str(attempts[0])
    return before.json(), old


def test_another_pc_takes_over_what_the_old_one_held(hall, held):
    before, old = held
    key = Ed25519PrivateKey.generate()
    answer = enrolled(hall, key, replaces=True).json()
    assert answer["taken_over"] == [before["attempt_id"]]
    assert answer["generation"] == 2
    confirmed(hall, words_of(key))

    headers = {"Authorization": f"Bearer {answer['token']}"}
    request = {"request_id": "01939c5e-7d2a-7c3e-9b1f-000000000000"}
    again = hall.client.post("/api/v1/leases", json=request, headers=headers).json()
    assert again["attempt_id"] == before["attempt_id"]
    assert again["token"] == before["token"] + 1
    assert lease(hall, old).status_code == 401


def test_a_pc_that_only_enrols_again_takes_nothing(hall, held):
    before, _ = held
    key = hall.keys[STATION]
    answer = enrolled(hall, key).json()
    assert answer["taken_over"] == []
    assert lease(hall, answer["token"]).json()["token"] == before["token"]


def test_a_lost_answer_to_a_replacement_takes_nothing_twice(hall, held):
    key, code = Ed25519PrivateKey.generate(), a_code(hall)
    assert len(enrolled(hall, key, code, replaces=True).json()["taken_over"]) == 1
    assert enrolled(hall, key, code, replaces=True).json()["taken_over"] == []
