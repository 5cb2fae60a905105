"""What was refused is kept, shown, and counts once an examiner says so."""

import hashlib
import json
from dataclasses import replace as changed

import pytest
from judged_attempts import record_an_idle_rig, wait_for_score
from test_service_protocols import BEGUN, chain, mark, put
from typer.testing import CliRunner

from examrunner.cli.service import app
from examrunner.service.checking import check_all
from examrunner.settings import ServiceSettings


@pytest.fixture
def lease(hall) -> dict:
    hall.exam()
    return hall.lease("hall-a-01").json()


def run(hall, *arguments: str) -> tuple[int, str]:
    data = str(hall.folder / "data")
    result = CliRunner().invoke(app, ["quarantine", *arguments, "--data", data])
    return result.exit_code, result.output


def listed(hall, *more: str) -> list[dict]:
    status, output = run(hall, "list", "--json", *more)
    assert status == 0
    return json.loads(output)["quarantine"]


def decide(hall, word: str, number: int, by: str = "chief") -> tuple[int, str]:
    return run(hall, word, str(number), "--by", by, "--reason", "looked at both")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def overtaken(hall, lease: dict) -> dict:
    """The lease that another run of the attempt gets a day later."""
    hall.clock.forward(hours=25)
    return hall.lease("hall-a-01", attempt_id=lease["attempt_id"]).json()


def stored(hall, lease: dict) -> str:
    return hall.service.store.deliveries.packed_of(lease["attempt_id"])[0]


def test_what_an_overtaken_lease_delivers_counts_once_it_is_accepted(hall, lease):
    recording = hall.record(lease, hall.keys["hall-a-01"])
    overtaken(hall, lease)
    hall.put_result(lease, recording)
    hall.put_piece(lease, recording)

    result, evidence = listed(hall)
    assert (result["kind"], evidence["kind"]) == ("result", "recording")
    assert "no longer counts" in result["problem"]
    assert evidence["came_from"] == "station/hall-a-01"
    for one in (result, evidence):
        status, output = decide(hall, "accept", one["number"])
        assert status == 0, output

    assert listed(hall) == []
    assert stored(hall, lease) == sha256(recording)
    receipt = hall.service.store.deliveries.receipt(lease["attempt_id"])
    assert receipt.result is not None
    for one in listed(hall, "--all"):
        assert one["is_accepted"]
        assert one["decided_by"] == "chief"
        assert one["reason"] == "looked at both"
        assert one["decided_at"]
    assert check_all(ServiceSettings(data=hall.folder / "data")).damage == ()


def test_an_accepted_recording_replaces_another_one_which_stays(hall, lease):
    first = hall.record(lease, hall.keys["hall-a-01"])
    other = hall.record(lease, hall.keys["hall-a-01"], opened_at="later")
    hall.put_piece(lease, first)
    hall.put_piece(lease, other)
    (aside,) = listed(hall)

    assert decide(hall, "accept", aside["number"])[0] == 0

    assert stored(hall, lease) == sha256(other)
    (replaced,) = listed(hall)
    assert replaced["digest"] == sha256(first)
    assert f"until number {aside['number']} was accepted" in replaced["problem"]
    assert decide(hall, "accept", replaced["number"])[0] == 0
    assert stored(hall, lease) == sha256(first)


def test_an_accepted_recording_is_judged(hall, judged):
    lease = judged["lease"]
    again = record_an_idle_rig(hall, lease, "again")
    assert hall.put_piece(lease, again).status_code == 409
    (aside,) = listed(hall)
    assert aside["digest"] == sha256(again)

    assert decide(hall, "accept", aside["number"], by="examiner")[0] == 0
    hall.service.jobs.wake()

    detail = wait_for_score(hall, lease["attempt_id"], 2)
    assert [one["cause"] for one in detail["scores"]] == ["judged", "judged"]


def test_a_forged_recording_cannot_be_accepted_by_anybody(hall, lease):
    forged = hall.record(lease, hall.keys["hall-a-02"])
    hall.put_piece(lease, forged)
    (aside,) = listed(hall)

    status, output = decide(hall, "accept", aside["number"])

    assert status == 2
    assert "with its key" in output
    assert hall.service.store.deliveries.packed_of(lease["attempt_id"]) is None
    assert len(listed(hall)) == 1


def test_what_was_rejected_stays_and_does_not_count(hall, lease):
    recording = hall.record(lease, hall.keys["hall-a-01"])
    overtaken(hall, lease)
    hall.put_piece(lease, recording)
    (aside,) = listed(hall)

    assert decide(hall, "reject", aside["number"])[0] == 0

    assert listed(hall) == []
    (kept,) = listed(hall, "--all")
    assert kept["is_accepted"] is False
    assert hall.service.store.deliveries.packed_of(lease["attempt_id"]) is None
    _, shown = run(hall, "show", str(aside["number"]), "--json")
    with open(json.loads(shown)["file"], "rb") as file:
        assert file.read() == recording


def test_nobody_decides_twice_and_only_examiners_decide(hall, lease):
    hall.put_result(lease, b"x")
    hall.put_result(lease, b"x", reason="changed")
    (aside,) = listed(hall)

    for stranger in ("admin", "nobody"):
        status, output = decide(hall, "accept", aside["number"], by=stranger)
        assert status == 2
        assert "no examiner is called" in output
    assert decide(hall, "reject", aside["number"])[0] == 0
    status, output = decide(hall, "accept", aside["number"])
    assert status == 2
    assert "has decided about number" in output
    assert decide(hall, "accept", 99)[0] == 2


def test_an_accepted_result_replaces_another_one_which_stays(hall, lease):
    hall.put_result(lease, b"x")
    before = hall.service.store.deliveries.receipt(lease["attempt_id"]).result
    hall.put_result(lease, b"x", reason="changed")
    (aside,) = listed(hall)

    assert decide(hall, "accept", aside["number"])[0] == 0

    receipt = hall.service.store.deliveries.receipt(lease["attempt_id"])
    assert receipt.result == aside["digest"]
    (replaced,) = listed(hall)
    assert replaced["digest"] == before
    # The station sends again what it had sent: the same thing, one effect.
    assert hall.put_result(lease, b"x", reason="changed").status_code == 200


def test_the_same_thing_refused_often_is_listed_once(hall, lease):
    recording = hall.record(lease, hall.keys["hall-a-01"])
    overtaken(hall, lease)
    for _ in range(3):
        assert hall.put_result(lease, recording).status_code == 409
        assert hall.put_piece(lease, recording).status_code == 409
    assert len(listed(hall)) == 2
    assert len(list((hall.folder / "data" / "aside").iterdir())) == 2


def test_a_protocol_of_an_overtaken_lease_counts_once_it_is_accepted(hall, lease):
    entries = chain(BEGUN, mark("D4", 2))
    overtaken(hall, lease)
    assert put(hall, lease, entries).status_code == 409
    (aside,) = listed(hall)

    _, shown = run(hall, "show", str(aside["number"]))
    assert '"criterion":"D4"' in shown
    assert decide(hall, "accept", aside["number"])[0] == 0

    receipt = hall.service.store.deliveries.receipt(lease["attempt_id"])
    assert receipt.protocol is not None
    assert put(hall, lease, entries).status_code == 200


def test_a_protocol_that_was_changed_cannot_be_accepted(hall, lease):
    entries = chain(BEGUN, mark("D4", 2), BEGUN)
    entries[1] = changed(entries[1], said={**entries[1].said, "level": 3})
    put(hall, lease, entries)
    (aside,) = listed(hall)

    status, output = decide(hall, "accept", aside["number"])

    assert status == 2
    assert "changed after it was written" in output
    assert len(listed(hall)) == 1


def test_every_decision_is_in_the_log(hall, lease):
    hall.put_result(lease, b"x")
    hall.put_result(lease, b"x", reason="changed")
    (aside,) = listed(hall)
    decide(hall, "reject", aside["number"])

    entry = hall.service.store.audit.head()

    assert (entry.action, entry.by) == ("quarantine.reject", "chief")
    assert entry.body["reason"] == "looked at both"
    assert hall.service.store.audit.broken_at() is None
