"""What examiners and candidates do at the station's screens, act by act."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from console_seats import ATTEMPT, CANDIDATE, EXAMINER_CODE, House, a_house
from cryptography.exceptions import InvalidSignature
from fastapi.testclient import TestClient

from examrunner.agent.protocol import Protocol
from examrunner.model.errors import RecordingError
from examrunner.wire import proof_text

ONE = f"/api/examiner/attempts/{ATTEMPT}"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with a_house(tmp_path) as opened:
        yield opened


@pytest.fixture
def examiner(house: House) -> TestClient:
    return house.signed_in(EXAMINER_CODE, "Zhang Wei")


@pytest.fixture
def candidate(house: House) -> TestClient:
    return house.signed_in(CANDIDATE)


def acted(screen: TestClient, what: str, **body: Any) -> dict[str, Any]:
    answer = screen.post(f"{ONE}/{what}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(screen: TestClient, what: str, **body: Any) -> str:
    answer = screen.post(f"{ONE}/{what}", json=body)
    assert answer.status_code in {409, 422}, answer.text
    return str(answer.json().get("problem"))


def started(candidate: TestClient, examiner: TestClient) -> None:
    candidate.post("/api/identity")
    acted(examiner, "start")


def whats(house: House) -> list[str]:
    return [entry.what for entry in house.seat.invigilation.protocol.entries]


def test_nobody_starts_before_the_candidate_has_said_who_he_is(
    house: House, candidate: TestClient, examiner: TestClient
) -> None:
    assert "has not confirmed" in refused(examiner, "start")
    assert candidate.get("/api/attempt").json()["name"] == "王芳"
    candidate.post("/api/identity")
    assert acted(examiner, "start")["phase"] == "running"
    assert whats(house) == ["duty", "identity", "start"]


def test_a_pause_and_a_credit_stand_in_the_ledger_and_are_signed_by_both(
    candidate: TestClient, examiner: TestClient
) -> None:
    started(candidate, examiner)
    assert "needs a note" in refused(examiner, "pause", cause="other")
    acted(examiner, "pause", cause="evacuation")
    assert refused(examiner, "pause", cause="query")
    acted(examiner, "resume")
    told = acted(examiner, "credit", cause="rig_fault", seconds=90, note="CAN lost")
    assert [(line["kind"], line["seconds"]) for line in told["ledger"]] == [
        ("pause", 2.0),
        ("credit", 90.0),
    ]
    assert told["state"]["left_s"] > 20 * 60
    assert refused(examiner, "signature", code=EXAMINER_CODE) == (
        "the attempt still runs."
    )
    candidate.post("/api/submission")
    assert refused(examiner, "signature", code="WRONG") == "this is not your code."
    acted(examiner, "signature", code=EXAMINER_CODE)
    signed = candidate.post("/api/signature", json={"code": CANDIDATE}).json()
    assert [(one["role"], one["holds"]) for one in signed["signatures"]] == [
        ("examiner", True),
        ("candidate", True),
    ]


def test_only_the_responsible_examiner_acts_and_both_confirm_a_handover(
    house: House, candidate: TestClient, examiner: TestClient
) -> None:
    other = house.signed_in(EXAMINER_CODE, "Li Na")
    started(candidate, examiner)
    assert refused(other, "pause", cause="query") == (
        "Zhang Wei is responsible for this attempt, not Li Na."
    )
    assert refused(examiner, "handover", code="WRONG", name="Li Na")
    told = acted(examiner, "handover", code=EXAMINER_CODE, name="Li Na")
    assert [(one["name"], one["given_by"]) for one in told["duties"]] == [
        ("Zhang Wei", ""),
        ("Li Na", "Zhang Wei"),
    ]
    acted(other, "pause", cause="query")
    assert "Li Na is responsible" in refused(examiner, "resume")


def test_the_emergency_stop_is_every_examiners(
    house: House, candidate: TestClient, examiner: TestClient
) -> None:
    other = house.signed_in(EXAMINER_CODE, "Li Na")
    started(candidate, examiner)
    assert refused(other, "end", outcome="candidate_withdrew")
    assert refused(other, "end", outcome="completed")
    assert acted(other, "end", outcome="unsafe")["outcome"] == "unsafe"


@pytest.mark.parametrize("outcome", ["rig_fault", "wrong_candidate"])
def test_a_void_attempt_shows_no_score(
    candidate: TestClient, examiner: TestClient, outcome: str
) -> None:
    started(candidate, examiner)
    told = acted(examiner, "end", outcome=outcome, reason="EPS smokes")
    assert told["outcome"] == outcome
    assert told["score"] is None
    page = examiner.get(f"{ONE}/protocol?lang=en").text
    assert "This attempt is void and is not judged." in page


def test_judgement_items_take_their_own_levels_only(
    house: House, examiner: TestClient
) -> None:
    (item, *_) = examiner.get(ONE).json()["items"]
    told = acted(examiner, "marks", criterion=item["id"], level=1, reason="slow")
    given = next(one for one in told["items"] if one["id"] == item["id"])["given"]
    assert given == [{"by": "Zhang Wei", "level": 1, "reason": "slow"}]
    most = len(item["levels"])
    assert refused(examiner, "marks", criterion=item["id"], level=most)
    assert refused(examiner, "marks", criterion="nothing", level=1)
    (decision,) = house.seat.invigilation.decisions()
    assert (decision.by, decision.level) == ("Zhang Wei", 1)
    assert refused(examiner, "vetoes", veto="V1", confirm=True, reason="")


def test_a_proof_of_submission_is_signed_by_the_station_and_stays_the_same(
    house: House, candidate: TestClient, examiner: TestClient
) -> None:
    started(candidate, examiner)
    assert candidate.get("/api/proof").status_code == 409
    candidate.post("/api/submission")
    made = candidate.get("/api/proof").json()
    assert candidate.get("/api/proof").json() == made
    assert made["picture"].startswith("<svg")
    mark, attempt, code, digest, at, signature = made["text"].split(" ")
    assert (mark, attempt, code) == ("EXR1", ATTEMPT, CANDIDATE)
    key = house.key.public_key()
    key.verify(bytes.fromhex(signature), proof_text(attempt, code, digest, at))
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(signature), proof_text(attempt, "P3X8RT", digest, at))


def test_the_printed_protocol_names_everything_and_escapes_what_people_type(
    candidate: TestClient, examiner: TestClient
) -> None:
    started(candidate, examiner)
    acted(examiner, "bookmarks", note="<script>alert(1)</script>")
    acted(examiner, "end", outcome="candidate_withdrew", reason="unwell")
    for language, words in (("zh", "考生放弃"), ("en", "the candidate withdrew")):
        page = examiner.get(f"{ONE}/protocol?lang={language}").text
        for text in (words, ATTEMPT, "王芳", "Zhang Wei", "unwell", "<svg"):
            assert text in page
        assert "<script>" not in page


def test_a_locked_rig_is_released_by_a_named_examiner(
    house: House, examiner: TestClient
) -> None:
    house.hall.lock.lock("the fault box is silent", "now")
    assert examiner.get("/api/examiner/attempts").json()["locked"]["reason"] == (
        "the fault box is silent"
    )
    assert examiner.post("/api/examiner/rig/release").json()["locked"] is None
    assert house.hall.lock.all()[-1].released_by == "Zhang Wei"


def test_a_protocol_that_somebody_changed_is_refused(
    house: House, candidate: TestClient, examiner: TestClient
) -> None:
    started(candidate, examiner)
    path = house.folder / "protocol.json"
    assert len(Protocol(path, lambda: "").entries) == 3
    text = path.read_text("utf-8")
    path.write_text(text.replace("Zhang Wei", "Zhang Wie", 1), "utf-8")
    with pytest.raises(RecordingError, match="changed by another"):
        Protocol(path, lambda: "")
