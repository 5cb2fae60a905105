"""An exam pack is taken as the service signed it for this station and day, or not."""

import datetime
import json
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.codes import PackCodes
from examrunner.agent.exam_pack import PACK_FILE, PackShelf, check_time, verified
from examrunner.agent.identity import Enrolment
from examrunner.agent.work import Work
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.digests import canonical_json
from examrunner.model.errors import DeliveryError
from examrunner.wire import (
    ExamPack,
    Lease,
    PackCandidate,
    PackExaminer,
    examiner_code_digest,
    pack_text,
)

KEY = Ed25519PrivateKey.generate()
DAY = datetime.datetime(2026, 11, 23, 8, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
ENROLMENT = Enrolment(
    station="hall-a-03",
    service="http://127.0.0.1:9",
    token="t",
    generation=2,
    service_key=KEY.public_key().public_bytes_raw().hex(),
)
SALT = "ab" * 16
EXAMINER = PackExaminer(
    name="Zhang Wei", salt=SALT, digest=examiner_code_digest("7QK4-2MXD-9RTA", SALT)
)


def a_lease(number: int) -> Lease:
    return Lease(
        attempt_id=UUID(int=number),
        token=1,
        station="hall-a-03",
        rig="chassis_bywire",
        candidate="K7Q2M9",
        task="C06",
        mode="exam",
        variant="exam_a",
        rubric="id: C06\n",
        rubric_digest="0" * 64,
        case="{}",
        case_digest="0" * 64,
        nonce="ab",
        issued_at=DAY,
        expires_at=DAY + 10 * HOUR,
    )


def a_pack(**changes) -> bytes:
    pack = ExamPack(
        id=UUID(int=7),
        exam="e",
        title="Autumn",
        station="hall-a-03",
        generation=2,
        issued_at=DAY - HOUR,
        not_before=DAY,
        not_after=DAY + 10 * HOUR,
        candidates=[PackCandidate(code="K7Q2M9", name="王芳")],
        examiners=[EXAMINER],
        leases=[a_lease(1), a_lease(2)],
    ).model_copy(update=changes)
    said = json.loads(pack.model_dump_json())
    signature = KEY.sign(pack_text(said)).hex()
    return canonical_json({"pack": said, "signature": signature})


GENUINE = a_pack()


def problem_of(content: bytes, enrolment: Enrolment = ENROLMENT) -> str:
    with pytest.raises(DeliveryError) as refused:
        verified(content, enrolment, where="here")
    return refused.value.problem


def test_a_genuine_pack_is_kept_for_this_user_only(tmp_path: Path) -> None:
    shelf = PackShelf(folder=tmp_path, enrolment=ENROLMENT)
    assert shelf.pack() is None
    kept = shelf.put(a_pack(), DAY - HOUR)
    assert [lease.attempt_id.int for lease in kept.leases] == [1, 2]
    assert shelf.pack() == kept
    assert (tmp_path / PACK_FILE).stat().st_mode & 0o077 == 0


@settings(max_examples=200)
@given(st.data())
def test_a_pack_with_any_other_byte_is_refused(data: st.DataObject) -> None:
    content = bytearray(GENUINE)
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        same = json.loads(content) == json.loads(GENUINE)
    except ValueError:
        same = False
    if not same:
        assert "not as the service signed it" in problem_of(bytes(content))


@settings(max_examples=100)
@given(st.integers(0, len(GENUINE) - 1))
def test_a_pack_that_was_cut_off_is_refused(length: int) -> None:
    assert "not as the service signed it" in problem_of(GENUINE[:length])


def test_a_pack_with_something_added_is_refused() -> None:
    more = json.loads(a_pack())
    more["pack"]["leases"].append(json.loads(a_lease(3).model_dump_json()))
    assert "not as the service signed it" in problem_of(canonical_json(more))


@pytest.mark.parametrize(
    "changes", [{"station": "hall-a-04"}, {"generation": 1}, {"generation": 3}]
)
def test_a_pack_for_another_station_or_enrolment_is_refused(changes) -> None:
    assert "the exam pack is for hall-a-0" in problem_of(a_pack(**changes))


def test_a_station_that_knows_no_key_believes_no_pack() -> None:
    unknowing = replace(ENROLMENT, service_key="")
    assert "does not know the service's key" in problem_of(a_pack(), unknowing)


@pytest.mark.parametrize(
    ("hours", "said"),
    [(-1, "is good from"), (0, None), (9.99, None), (10, "was good until")],
)
def test_a_pack_is_good_from_its_beginning_until_before_its_end(
    hours: float, said: str | None
) -> None:
    pack = verified(a_pack(), ENROLMENT, where="here")
    now = DAY + hours * HOUR
    if said is None:
        check_time(pack, now)
    else:
        with pytest.raises(DeliveryError, match=said) as refused:
            check_time(pack, now)
        assert "this PC's clock" in refused.value.where


def test_a_pack_of_yesterday_does_not_replace_another(tmp_path: Path) -> None:
    shelf = PackShelf(folder=tmp_path, enrolment=ENROLMENT)
    with pytest.raises(DeliveryError, match="was good until"):
        shelf.put(a_pack(), DAY + 11 * HOUR)
    assert shelf.pack() is None


def test_attempts_of_a_pack_come_in_order_once_each_and_no_service_is_needed(
    tmp_path: Path,
) -> None:
    client = ServiceClient(ENROLMENT.service)
    work = Work(
        client,
        asked=tmp_path / "request",
        attempts=tmp_path,
        pack=verified(a_pack(), ENROLMENT, where="here"),
        wall_time=lambda: (DAY + HOUR).isoformat(),
    )
    for number in (1, 2):
        for _ in range(2):
            lease = work.next()
            assert lease is not None
            assert lease.attempt_id.int == number
        (tmp_path / str(lease.attempt_id)).mkdir()
        again = work.next()  # a crash before the lease was on the disk
        assert again == lease
        AttemptFiles(folder=tmp_path / str(lease.attempt_id)).open(lease)
        work.taken()
    assert work.next() is None
    client.close()


def test_an_examiner_of_the_pack_is_known_by_the_code_however_it_is_typed() -> None:
    pack = verified(a_pack(), ENROLMENT, where="here")
    codes = PackCodes(examiners=pack.examiners)
    assert codes.name_of(" 7qk42mxd 9rta", "somebody else") == "Zhang Wei"
    assert codes.name_of("7QK4-2MXD-9RTB", "Zhang Wei") is None
    assert "7QK4" not in a_pack().decode()
