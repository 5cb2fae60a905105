"""Nothing of an attempt is deleted before the service has signed for it."""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.place import Place
from examrunner.agent.protocol import Protocol
from examrunner.agent.states import Phase, Progress
from examrunner.agent.tidying import forget_delivered
from examrunner.cli.station import app
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.model.digests import digest_of
from examrunner.wire import (
    Lease,
    ProvisionalResult,
    SignedReceipt,
    receipt_text,
    result_body,
)

AT = "2026-11-23T09:30:00+08:00"
ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
SERVICE = Ed25519PrivateKey.generate()
LEASE = {
    "attempt_id": ATTEMPT, "token": 1, "station": "here", "rig": "peer",
    "candidate": "K7", "task": "C06", "mode": "exam", "variant": "a",
    "rubric": "id: X\n", "rubric_digest": "0" * 64, "case": "{}",
    "case_digest": "0" * 64, "nonce": "ab", "issued_at": AT, "expires_at": AT,
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Place:
    public = SERVICE.public_key().public_bytes_raw().hex()
    enrolment = {
        "station": "here", "service": "http://127.0.0.1:9", "token": "t",
        "generation": 1, "service_key": public,
    }  # fmt: skip
    (tmp_path / "enrolment.json").write_text(json.dumps(enrolment))
    return Place(
        station=None,
        search=None,
        data=tmp_path,
        key_path=tmp_path / "key",
        key=Ed25519PrivateKey.generate(),
        wall_time=lambda: AT,
        say=lambda _: None,
        service_key=public,
    )


@pytest.fixture
def delivery(place: Place) -> Delivery:
    """An attempt of which the outbox believes that it is delivered."""
    files = AttemptFiles(folder=place.attempts / ATTEMPT)
    files.open(Lease.model_validate(LEASE))
    files.keep(Progress(phase=Phase.DELIVERED))
    files.packed.write_bytes(b"packed")
    result = ProvisionalResult(
        token=1,
        recording="0" * 64,
        packed=digest_of(b"packed"),
        packed_bytes=6,
        ending="finished",
        duration_s=1.0,
    )
    delivery = Delivery(
        attempt_id=ATTEMPT,
        token=1,
        result=result.model_dump_json().encode(),
        packed=files.packed,
        sha256=digest_of(b"packed"),
        result_kept=True,
        packed_kept=True,
    )
    with closing(Outbox(place.data / "outbox.db")) as outbox:
        outbox.add(delivery)
    return delivery


def signed(delivery: Delivery, **changes: object) -> Mapping[str, object]:
    result = ProvisionalResult.model_validate_json(delivery.result)
    return {
        "attempt_id": ATTEMPT,
        "result": digest_of(result_body(result)),
        "packed": delivery.sha256,
        "packed_at": AT,
        "protocol": None,
        **changes,
    }


def give_receipt(
    delivery: Delivery, key: Ed25519PrivateKey = SERVICE, **changes: object
) -> None:
    said = signed(delivery, **changes)
    receipt = SignedReceipt(receipt=said, signature=key.sign(receipt_text(said)).hex())
    delivery.receipt.write_text(receipt.model_dump_json())


def tidied(place: Place) -> bool:
    with closing(Outbox(place.data / "outbox.db")) as outbox:
        forget_delivered(place, outbox)
    files = AttemptFiles(folder=place.attempts / ATTEMPT)
    assert files.packed.exists() == files.holds_secrets
    return not files.packed.exists()


def listed(place: Place) -> tuple[int, list[dict]]:
    arguments = ["receipts", "here", "--data", str(place.data), "--json"]
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, json.loads(result.output)["receipts"]


def test_without_a_receipt_everything_stays(place: Place, delivery: Delivery) -> None:
    assert not tidied(place)
    status, (entry,) = listed(place)
    assert status == 1
    assert entry["problem"] == "there is no receipt yet."


def test_a_receipt_lets_the_secrets_go_and_stays_itself(
    place: Place, delivery: Delivery
) -> None:
    give_receipt(delivery)
    assert tidied(place)
    status, (entry,) = listed(place)
    assert status == 0
    assert entry["covered"]
    assert entry["recording"] == delivery.sha256
    assert entry["recording_at"] == AT


@pytest.mark.parametrize("change", ["packed", "result"])
def test_a_receipt_of_something_else_lets_nothing_go(
    place: Place, delivery: Delivery, change: str
) -> None:
    give_receipt(delivery, **{change: "f" * 64})
    assert not tidied(place)
    status, (entry,) = listed(place)
    assert status == 1
    assert "something else" in entry["problem"]


def test_a_receipt_that_somebody_else_signed_lets_nothing_go(
    place: Place, delivery: Delivery
) -> None:
    give_receipt(delivery, key=Ed25519PrivateKey.generate())
    assert not tidied(place)
    status, (entry,) = listed(place)
    assert status == 1
    assert "not signed by the service" in entry["problem"]


def test_a_receipt_that_was_altered_lets_nothing_go(
    place: Place, delivery: Delivery
) -> None:
    give_receipt(delivery, packed="f" * 64)
    altered = delivery.receipt.read_text().replace("f" * 64, delivery.sha256)
    delivery.receipt.write_text(altered)
    assert not tidied(place)


def test_a_protocol_that_grew_after_the_receipt_is_said(
    place: Place, delivery: Delivery
) -> None:
    give_receipt(delivery)
    Protocol(delivery.protocol, lambda: AT).add("mark", by="Li Na", role="examiner")
    status, (entry,) = listed(place)
    assert status == 0
    assert not entry["protocol_covered"]
    shown = CliRunner().invoke(app, ["receipts", "here", "--data", str(place.data)])
    assert "the protocol has grown since" in shown.output
    assert "1 of 1 covered" in shown.output
