import hashlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examrunner.archive.reading import open_recording
from examrunner.service.checking import check_all
from examrunner.service.worker import Worker
from examrunner.settings import ServiceSettings


@pytest.fixture
def lease(hall) -> dict:
    hall.exam()
    return hall.lease("hall-a-01").json()


@pytest.fixture
def recording(hall, lease) -> bytes:
    return hall.record(lease, hall.keys["hall-a-01"])


def test_a_delivered_recording_is_stored_as_it_was_sent(hall, lease, recording):
    sha256 = hashlib.sha256(recording).hexdigest()

    assert hall.put_result(lease, recording).json()["packed"] is None
    receipt = hall.put_piece(lease, recording)

    assert receipt.status_code == 200
    assert receipt.json()["packed"] == sha256
    stored = hall.service.shelf.path_of(sha256)
    assert stored.read_bytes() == recording
    assert open_recording(stored).header.attempt_id == lease["attempt_id"]


def test_the_same_thing_sent_twice_has_one_effect(hall, lease, recording):
    first = hall.put_result(lease, recording).json()
    hall.clock.forward(minutes=1)
    again = hall.put_result(lease, recording).json()
    stored = hall.put_piece(lease, recording).json()
    entries = hall.service.store.audit.head().number
    hall.clock.forward(minutes=1)

    assert again == first
    assert hall.put_piece(lease, recording).json() == stored
    assert hall.service.store.audit.head().number == entries


def test_another_result_under_the_same_key_is_refused_and_kept_aside(
    hall, lease, recording
):
    hall.put_result(lease, recording)

    refused = hall.put_result(lease, recording, reason="changed")

    assert refused.status_code == 409
    aside = list((hall.folder / "data" / "aside").iterdir())
    assert [path.name.split(".")[0] for path in aside] == [lease["attempt_id"]]
    assert b'"changed"' in aside[0].read_bytes()


def test_another_recording_under_the_same_key_is_refused_and_kept_aside(
    hall, lease, recording
):
    other = hall.record(lease, hall.keys["hall-a-01"], opened_at="later")
    hall.put_piece(lease, recording)

    refused = hall.put_piece(lease, other)

    assert refused.status_code == 409
    (aside,) = (hall.folder / "data" / "aside").iterdir()
    assert aside.read_bytes() == other


def test_a_recording_made_for_another_attempt_is_refused(hall, lease):
    key = hall.keys["hall-a-01"]
    for change in ({"nonce": "f" * 32}, {"attempt_id": "0" * 32}, {"candidate": "X"}):
        forged = hall.record(lease, key, **change)

        refused = hall.put_piece(lease, forged)

        assert refused.status_code == 422
        assert "another challenge" in refused.json()["problem"]
    assert hall.service.store.deliveries.packed_of(lease["attempt_id"]) is None


def test_a_recording_that_another_key_signed_is_refused(hall, lease):
    forged = hall.record(lease, hall.keys["hall-a-02"])

    refused = hall.put_piece(lease, forged)

    assert refused.status_code == 422
    assert "with its key" in refused.json()["problem"]


def test_a_flipped_byte_is_refused_even_when_the_sum_fits(hall, lease, recording):
    middle = 5000
    damaged = bytearray(recording)
    damaged[middle] ^= 1

    assert hall.put_piece(lease, bytes(damaged)).status_code == 422
    assert hall.put_piece(lease, recording).status_code == 200


def test_bytes_that_do_not_have_the_announced_sum_are_asked_for_again(
    hall, lease, recording
):
    sha256 = hashlib.sha256(b"something else").hexdigest()
    address = f"/api/v1/attempts/{lease['attempt_id']}/recording/{sha256}"
    headers = {
        **hall.headers("hall-a-01"),
        "Lease-Token": "1",
        "Upload-Offset": "0",
        "Upload-Length": str(len(recording)),
    }

    refused = hall.client.put(address, content=recording, headers=headers)

    assert refused.status_code == 409
    assert refused.headers["upload-offset"] == "0"
    assert hall.client.head(address, headers=headers).headers["upload-offset"] == "0"


def test_a_fencing_token_that_was_overtaken_is_refused_and_its_work_kept(
    hall, lease, recording
):
    hall.clock.forward(hours=25)
    again = hall.lease("hall-a-01", attempt_id=lease["attempt_id"]).json()

    assert again["token"] == 2
    assert hall.put_result(lease, recording).status_code == 409
    assert hall.put_piece(lease, recording).status_code == 409
    assert len(list((hall.folder / "data" / "aside").iterdir())) == 2
    assert hall.put_piece(again, recording).status_code == 200


def test_a_piece_that_starts_elsewhere_is_told_where_to_go_on(hall, lease, recording):
    hall.put_piece(lease, recording, until=100)

    refused = hall.put_piece(lease, recording, offset=200)

    assert refused.status_code == 409
    assert refused.headers["upload-offset"] == "100"


def test_what_is_too_large_is_refused_before_it_is_read(hall, lease):
    huge = hall.put_result(lease, b"x", reason="x" * 70_000)
    piece = hall.put_piece(lease, bytes(8 * 1024 * 1024 + 1))

    assert huge.status_code == piece.status_code == 413
    assert huge.json()["remedy"]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_an_upload_interrupted_anywhere_goes_on_where_it_stopped(hall, data):
    hall.exam(students=1, tasks=("C06",))
    lease = hall.lease("hall-a-01").json()
    content = hall.record(lease, hall.keys["hall-a-01"])
    sha256 = hashlib.sha256(content).hexdigest()
    address = f"/api/v1/attempts/{lease['attempt_id']}/recording/{sha256}"
    headers = hall.headers("hall-a-01")

    cuts = data.draw(st.sets(st.integers(1, len(content) - 1), max_size=6))
    for end in [*sorted(cuts), len(content)]:
        kept = hall.client.head(address, headers=headers).headers["upload-offset"]
        hall.put_piece(lease, content, int(kept), end)
        if data.draw(st.booleans(), label="the answer was lost"):
            # The station does not know, and sends the same piece again.
            hall.put_piece(lease, content, int(kept), end)

    head = hall.client.head(address, headers=headers)
    assert head.headers["upload-complete"] == "1"
    assert head.headers["upload-offset"] == str(len(content))
    assert hall.service.shelf.path_of(sha256).read_bytes() == content


def test_check_finds_a_changed_recording_and_a_changed_log(hall, lease, recording):
    hall.put_piece(lease, recording)
    settings_ = ServiceSettings(data=hall.folder / "data")
    assert check_all(settings_).damage == ()
    path = hall.service.shelf.path_of(hashlib.sha256(recording).hexdigest())

    path.write_bytes(recording[:-1])
    hall.service.store.database.write(
        lambda session: (
            session.connection().exec_driver_sql(
                "UPDATE audit SET subject = 'hall-a-09' WHERE number = 2"
            )
            and None
        )
    )

    damage = check_all(settings_).damage
    assert len(damage) == 2
    assert "entry 2" in damage[0]
    assert "was changed" in damage[1]


def test_a_recording_that_could_not_be_verified_now_waits_for_the_next_request(
    hall, lease, recording
):
    with Worker(limit_s=0.001) as hurried:
        hall.client.app.state.service = replace(hall.service, reader=hurried)
        refused = hall.put_piece(lease, recording)
    hall.client.app.state.service = hall.service

    again = hall.put_piece(lease, recording, offset=len(recording))

    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert again.status_code == 200
    assert list((hall.folder / "data" / "aside").iterdir()) == []
