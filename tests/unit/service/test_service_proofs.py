"""A proof of submission is worth what the station has signed."""

import pytest

from examrunner.wire import proof_text

AT = "2026-11-23T10:42:07+08:00"


def proof(hall, lease, key: str = "hall-a-01", **changes) -> str:
    said = {
        "attempt": lease["attempt_id"],
        "candidate": lease["candidate"],
        "answers": "ab" * 32,
        "at": AT,
    }
    signature = hall.keys[key].sign(proof_text(**said)).hex()
    shown = {**said, **changes}
    return " ".join(("EXR1", *shown.values(), signature))


def told(hall, text: str):
    return hall.client.post(
        "/api/v1/proofs", json={"text": text}, headers=hall.headers("examiner")
    )


def test_a_genuine_proof_says_whether_the_work_has_arrived(hall):
    hall.exam()
    lease = hall.lease("hall-a-01").json()
    before = told(hall, proof(hall, lease)).json()
    assert (before["genuine"], before["received"]) == (True, False)
    content = hall.record(lease, hall.keys["hall-a-01"])
    hall.put_result(lease, content)
    hall.put_piece(lease, content)
    after = told(hall, proof(hall, lease)).json()
    assert (after["genuine"], after["received"]) == (True, True)


@pytest.mark.parametrize(
    "changes", [{"candidate": "P3X8RT"}, {"answers": "cd" * 32}, {"at": "later"}]
)
def test_a_proof_that_somebody_changed_is_not_genuine(hall, changes):
    hall.exam()
    lease = hall.lease("hall-a-01").json()
    assert told(hall, proof(hall, lease, **changes)).json()["genuine"] is False


def test_another_stations_signature_proves_nothing(hall):
    hall.exam()
    lease = hall.lease("hall-a-01").json()
    assert told(hall, proof(hall, lease, key="hall-a-02")).json()["genuine"] is False


@pytest.mark.parametrize("text", ["", "EXR1", "EXR2 a b c d e", "EXR1 x y z v 00"])
def test_what_is_no_proof_is_refused(hall, text):
    answer = told(hall, text)
    assert answer.status_code == 422
    assert "no proof" in answer.json()["problem"]
