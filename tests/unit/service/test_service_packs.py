"""Exam packs: signed, for one station each, and leases like any other."""

import datetime
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from service_hall import START
from sqlmodel import select

from examrunner.service.store.signing import signing_key
from examrunner.service.tables import JobRow
from examrunner.wire import ExamPack, SignedPack, examiner_code_digest, pack_text

HOUR = datetime.timedelta(hours=1)


def wanted(**changes) -> dict[str, object]:
    return {
        "not_before": START.isoformat(),
        "not_after": (START + 10 * HOUR).isoformat(),
        "examiners": ["Zhang Wei", "Li Na"],
        **changes,
    }


def exam_of(hall) -> str:
    return hall.client.get("/api/v1/exams", headers=hall.headers("admin")).json()[
        "items"
    ][0]["id"]


def issued(hall, **changes):
    return hall.client.post(
        f"/api/v1/exams/{exam_of(hall)}/packs",
        json=wanted(**changes),
        headers=hall.headers("admin"),
    )


def pack_of(hall, station: str) -> tuple[ExamPack, SignedPack]:
    path = f"/api/v1/stations/{station}/pack"
    answer = hall.client.get(path, headers=hall.headers(station))
    signed = SignedPack.model_validate_json(answer.content)
    return ExamPack.model_validate(signed.pack), signed


def test_every_station_gets_its_own_attempts_signed_by_the_service(hall):
    attempts = hall.exam()
    told = issued(hall).json()
    assert {pack["station"]: pack["attempts"] for pack in told["packs"]} == {
        "hall-a-01": 3,
        "hall-a-02": 3,
    }
    key = hall.service.store.database.write(signing_key).public_key()
    known = Ed25519PublicKey.from_public_bytes(key.public_bytes_raw())
    found = []
    for station in ("hall-a-01", "hall-a-02"):
        pack, signed = pack_of(hall, station)
        known.verify(bytes.fromhex(signed.signature), pack_text(signed.pack))
        assert {lease.station for lease in pack.leases} == {station}
        assert len(pack.candidates) == 3
        found += [lease.attempt_id for lease in pack.leases]
        for examiner in pack.examiners:
            code = told["codes"][examiner.name]
            assert examiner_code_digest(code, examiner.salt) == examiner.digest
            assert code not in json.dumps(signed.pack)
    assert sorted(found) == sorted(attempts)


def test_what_is_in_a_pack_is_not_leased_again_and_not_packed_again(hall):
    hall.exam()
    issued(hall)
    assert hall.lease("hall-a-01").status_code == 204
    assert issued(hall).status_code == 404
    first, _ = pack_of(hall, "hall-a-01")
    assert issued(hall, replace=True).status_code == 201
    second, _ = pack_of(hall, "hall-a-01")
    assert [lease.token for lease in first.leases] == [1, 1, 1]
    assert [lease.token for lease in second.leases] == [2, 2, 2]


def test_an_attempt_of_a_pack_is_delivered_like_any_other(hall):
    hall.exam()
    issued(hall)
    pack, _ = pack_of(hall, "hall-a-01")
    lease = json.loads(pack.leases[0].model_dump_json())
    content = hall.record(lease, hall.keys["hall-a-01"])
    assert hall.put_result(lease, content).status_code == 200
    receipt = hall.put_piece(lease, content)
    assert receipt.status_code == 200, receipt.text
    assert receipt.json()["packed"]


def test_what_a_station_voided_is_kept_and_never_judged(hall):
    hall.exam()
    issued(hall)
    pack, _ = pack_of(hall, "hall-a-01")
    for number, void in enumerate((True, False)):
        lease = json.loads(pack.leases[number].model_dump_json())
        content = hall.record(lease, hall.keys["hall-a-01"])
        said = {"outcome": "rig_fault" if void else "completed", "is_void": void}
        assert hall.put_result(lease, content, **said).status_code == 200
        assert hall.put_piece(lease, content).status_code == 200
        asked = hall.service.store.database.read(
            lambda session: set(session.exec(select(JobRow.attempt)))
        )
        assert (lease["attempt_id"] not in asked) is void


def test_another_station_and_an_impossible_day_get_no_pack(hall):
    hall.exam()
    issued(hall)
    other = hall.client.get(
        "/api/v1/stations/hall-a-01/pack", headers=hall.headers("hall-a-02")
    )
    assert other.status_code == 404
    over = (START - HOUR).isoformat()
    assert issued(hall, not_before=over, not_after=over).status_code == 422
    hall.clock.forward(hours=11)
    gone = hall.client.get(
        "/api/v1/stations/hall-a-01/pack", headers=hall.headers("hall-a-01")
    )
    assert gone.status_code == 204
