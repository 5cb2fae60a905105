from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged_attempts import wait_for_score
from sqlmodel import Session

from examrunner.agent.judging import Judge
from examrunner.archive.reading import open_recording
from examrunner.content.rigs import read_rig
from examrunner.content.rubrics import read_rubric
from examrunner.decode.seeing import Eyes
from examrunner.model.protocol import Entry, decisions_in, head_of, is_chain
from examrunner.service.pinned import case_of
from examrunner.service.store.protocols import protocol_row
from examrunner.service.store.soundness import changed_rows


def chain(*said: tuple[str, str, dict]) -> list[Entry]:
    entries: list[Entry] = []
    for number, (what, by, words) in enumerate(said):
        entry = Entry(
            number=number,
            at=f"2026-11-23T10:{number:02d}:00+08:00",
            by=by,
            role="examiner",
            what=what,
            said=words,
            previous=head_of(entries),
        )
        entries.append(entry)
    return entries


def mark(criterion: str, level: int) -> tuple[str, str, dict]:
    said = {"criterion": criterion, "level": level, "reason": "seen"}
    return ("mark", "Li Na", said)


def put(hall, lease: dict, entries: list[Entry]):
    return hall.client.put(
        f"/api/v1/attempts/{lease['attempt_id']}/protocol",
        json={"token": lease["token"], "entries": [asdict(e) for e in entries]},
        headers=hall.headers(lease["station"]),
    )


def asides(hall) -> list[bytes]:
    folder = hall.folder / "data" / "aside"
    return [path.read_bytes() for path in sorted(folder.iterdir())]


BEGUN = ("duty", "Li Na", {})
PAUSED = ("pause", "Li Na", {"cause": "rig", "seconds": 60.0, "note": "线"})


@pytest.fixture
def lease(hall) -> dict:
    hall.exam()
    return hall.lease("hall-a-01").json()


def test_a_protocol_that_grows_is_kept_in_its_longest_version(hall, lease):
    first, longer = chain(BEGUN, PAUSED), chain(BEGUN, PAUSED, mark("D4", 2))

    assert put(hall, lease, first).json()["protocol"] == head_of(first)
    receipt = put(hall, lease, longer).json()
    late = put(hall, lease, first).json()
    entries = hall.service.store.audit.head().number
    again = put(hall, lease, longer).json()

    assert receipt["protocol"] == head_of(longer)
    assert late == again == receipt
    assert hall.service.store.audit.head().number == entries
    assert asides(hall) == []


def test_a_protocol_that_says_something_else_is_refused_and_kept_aside(hall, lease):
    kept = chain(BEGUN, mark("D4", 2))
    put(hall, lease, kept)

    refused = put(hall, lease, chain(BEGUN, mark("D4", 3), PAUSED))

    assert refused.status_code == 409
    assert refused.json()["remedy"]
    (aside,) = asides(hall)
    assert b'"level":3' in aside
    receipt = hall.client.get(
        f"/api/v1/attempts/{lease['attempt_id']}/receipt",
        headers=hall.headers("hall-a-01"),
    ).json()["receipt"]
    assert receipt["protocol"] == head_of(kept)


def test_a_protocol_that_was_changed_on_its_way_is_refused_and_kept_aside(hall, lease):
    entries = chain(BEGUN, mark("D4", 2), PAUSED)
    entries[1] = replace(entries[1], said={**entries[1].said, "level": 3})

    assert put(hall, lease, entries).status_code == 422
    assert len(asides(hall)) == 1


@pytest.mark.parametrize("level", [4, -1, None, True, "2"])
def test_a_mark_that_decides_nothing_is_refused(hall, lease, level):
    said = {"criterion": "D4", "level": level, "reason": "seen"}

    assert put(hall, lease, chain(("mark", "Li Na", said))).status_code == 422


def test_a_station_that_lost_its_lease_cannot_change_the_protocol(hall, lease):
    put(hall, lease, chain(BEGUN))
    hall.service.store.leases.free(lease["attempt_id"], by="examiner", reason="dead")

    refused = put(hall, lease, chain(BEGUN, mark("D4", 2)))

    assert refused.status_code == 409
    assert "no longer counts" in refused.json()["problem"]
    assert len(asides(hall)) == 1


def test_marks_of_the_hall_settle_the_score_as_at_the_station(hall, judged):
    lease, detail = judged["lease"], judged["detail"]
    lines = detail["scores"][-1]["score"]["criteria"]
    marks = [mark(one["id"], 2) for one in lines if one["kind"] == "judgement"]
    entries = chain(BEGUN, *marks)
    at_the_station = station_judge(hall, lease).settled(decisions_in(entries))

    assert put(hall, lease, entries).status_code == 200

    settled = wait_for_score(hall, lease["attempt_id"], 2)
    score = settled["scores"][-1]["score"]
    assert marks
    assert settled["scores"][-1]["cause"] == "decided"
    assert score["points"] == at_the_station.model_dump(mode="json")["points"]
    assert score["points"] != lines_points(detail)
    assert score["verdict"] == at_the_station.verdict
    assert [one["by"] for one in settled["decisions"]] == ["Li Na"] * len(marks)


def test_an_examiner_of_the_service_has_the_last_word(hall, judged):
    lease = judged["lease"]
    lines = judged["detail"]["scores"][-1]["score"]["criteria"]
    (name, *_) = [one["id"] for one in lines if one["kind"] == "judgement"]
    hall.client.post(
        f"/api/v1/attempts/{lease['attempt_id']}/decisions",
        json={"criterion": name, "reason": "looked again", "fraction": 0.0},
        headers=hall.headers("examiner"),
    )

    put(hall, lease, chain(BEGUN, mark(name, 3)))

    detail = wait_for_score(hall, lease["attempt_id"], 3)
    (line,) = [
        one for one in detail["scores"][-1]["score"]["criteria"] if one["id"] == name
    ]
    assert float(line["points"]["high"]) == 0


def test_a_protocol_without_marks_appends_no_score(hall, judged):
    put(hall, judged["lease"], chain(BEGUN, PAUSED))

    detail = wait_for_score(hall, judged["lease"]["attempt_id"], 1)
    assert len(detail["scores"]) == 1


def lines_points(detail: dict) -> dict:
    return detail["scores"][-1]["score"]["points"]


def station_judge(hall, lease: dict) -> Judge:
    """What the station says about the same recording."""
    rubric_file = hall.folder / "rubric.yaml"
    rubric_file.write_text(lease["rubric"])
    packed, _ = hall.service.store.deliveries.packed_of(lease["attempt_id"])
    path = hall.service.shelf.path_of(packed)
    rig = read_rig(open_recording(path).header.rig, hall.service.content)
    judge = Judge(
        case_of(hall.opened_case(lease)), read_rubric(rubric_file), rig, Eyes(rig)
    )
    assert judge(path) is not None
    return judge


@given(st.lists(st.text(max_size=5), max_size=6), st.data())
def test_only_the_beginning_of_a_chain_is_a_chain(words, data):
    entries = chain(*[("note", word, {"text": word}) for word in words])
    assert is_chain(entries)
    assert is_chain(entries[: data.draw(st.integers(0, len(entries)))])
    if len(entries) > 1:
        gone = data.draw(st.integers(0, len(entries) - 2))
        assert not is_chain(entries[:gone] + entries[gone + 1 :])


def test_a_protocol_changed_in_the_database_is_found(hall, lease):
    put(hall, lease, chain(BEGUN, mark("D4", 2)))

    def change(session: Session) -> None:
        row = protocol_row(session, lease["attempt_id"])
        row.body = row.body.replace('"level":2', '"level":3')
        session.add(row)

    hall.service.store.database.write(change)

    (sentence,) = changed_rows(hall.service.store.database)
    assert "protocol" in sentence
