"""A station is killed, or its disk fails, at every operation of one short exam.

``exam_forks`` runs the exam, ``failing_disk`` fails; the rig and the judge of what was
promised are here. What the station acknowledged before must be there afterwards.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from station_lives import (
    ATTEMPT,
    EXAM_NS,
    SCRIPT,
    TENTH_S,
    Station,
    acknowledged_events,
    recorded_events,
    values,
)

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.archive.reading import Recording, open_recording
from examrunner.archive.verify import verify
from examrunner.decode.events import health
from examrunner.model.errors import RecordingError
from examrunner.model.recording import Ending
from examrunner.testing.rig_peer import CYCLE_NS, CYCLIC_ID, RigPeer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1500),
    # The thread of the peer's CAN server dies with the connection that a kill breaks.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]

MOST_OPERATIONS = 500


def missing_frames(recording: Recording) -> list[int]:
    """Cyclic frames that are neither there nor in a declared gap.

    A gap begins with the last frame that is there, and others may bear its time: an
    answer of the rig and the cyclic frame after it do.
    """
    frames = recording.frames("CH1")
    numbers = {
        int.from_bytes(bytes(row[:8]), "big")
        for row in frames.take(frames.ids == CYCLIC_ID).data
    }
    losses = health(recording.events("health"), recording.duration_ns).losses
    gaps = [(gap.from_ns, gap.to_ns) for gap in losses if gap.stream == "CH1"]
    first = min(numbers)
    began = next(e.t_ns for e in recording.events("ops") if e.body["op"] == "start")
    begun_number = rig_number_at(recording, began)
    assert first <= begun_number
    return [
        number
        for number in range(first, max(numbers))
        if number not in numbers
        and not any(a <= recording_ns(recording, number) <= b for a, b in gaps)
    ]


def rig_zero_ns(recording: Recording) -> int:
    """The rig's time at which this recording's time is zero."""
    first = next(e for e in recording.events("health") if "clocks" in e.body)
    return first.body["clocks"]["rig_ns"] - first.t_ns


def recording_ns(recording: Recording, number: int) -> int:
    return number * CYCLE_NS - rig_zero_ns(recording)


def rig_number_at(recording: Recording, t_ns: int) -> int:
    return (t_ns + rig_zero_ns(recording)) // CYCLE_NS


def check(data: Path, rig: RigPeer, lives: Sequence[Sequence[dict[str, Any]]]) -> None:
    """Nothing that was acknowledged is lost, nothing is corrupt, gaps are said."""
    told = [message for life in lives for message in life]
    assert not values(told, "failed"), values(told, "failed")[0]
    assert values(lives[-1], "ended"), lives[-1]
    assert not values(lives[-1], "refused")
    results = values(told, "result")
    assert results, lives[-1]
    assert values(told, "packed")[-1] == results[-1]["packed"]
    assert results[-1]["ending"] == Ending.FINISHED

    files = AttemptFiles(folder=data / "attempts" / ATTEMPT)
    assert not verify(files.recording).problems
    final = open_recording(files.recording)
    assert final.digest == results[-1]["recording"]
    kept = recorded_events(final)
    aside = list(kept)
    for folder in files.folder.glob("recording-aside-*"):
        with suppress(RecordingError):  # cut off before anything was whole
            aside += recorded_events(open_recording(folder))
    lost = [event for event in acknowledged_events(told) if event not in aside]
    assert not lost
    begun = [i for i, m in enumerate(told) if m.get("acknowledged") == "begin"]
    after = acknowledged_events(told[begun[-1] :]) if begun else []
    assert not [event for event in after if event not in kept]
    assert [e.number for e in final.events()] == list(range(len(final.events())))
    assert missing_frames(final) == []
    assert rig.faults == []

    operations = [event.body["op"] for event in final.events("ops")]
    assert operations.count("start") == 1
    form = {json.dumps(dict(e.body), sort_keys=True) for e in final.events("form")}
    assert form == {
        '{"field": "gain", "value": 3}', '{"field": "gain", "value": 4}',
        '{"submit": true}',
    }  # fmt: skip
    names = [picture.name for picture in final.pictures("front")]
    assert len(names) == len(set(names)) >= 1
    progress = files.progress()
    pauses = [pause.to_ns - pause.from_ns for pause in progress.pauses]
    assert progress.exam_ns(0) + sum(pauses) >= EXAM_NS
    assert all(0 <= pause <= 10 * TENTH_S for pause in pauses)


def sweep(
    station: Station, folder: Path, mode: str, part: int
) -> Iterator[tuple[int, list[list[dict[str, Any]]], RigPeer]]:
    """Every second operation, beginning with ``part``."""
    data = folder / "data"
    at = part
    while True:
        assert at <= MOST_OPERATIONS
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        with RigPeer(script=SCRIPT, channel=f"{mode}-{at}") as rig:
            lives = [station.live(rig, mode, at)]
            if not values(lives[0], "ended") or not values(lives[0], "packed"):
                asked = values(lives[0], "leased")
                lives.append(station.live(rig, asked="".join(asked[:1])))
            yield at, lives, rig
        if values(lives[0], "fired") == [0]:
            return
        at += 2


@pytest.mark.parametrize("part", [1, 2])
@pytest.mark.parametrize("mode", ["kill", "torn", "full", "broken"])
def test_at_no_operation_is_anything_lost_that_was_acknowledged(
    station: Station, tmp_path: Path, mode: str, part: int
) -> None:
    wrong = []
    points = 0
    for at, lives, rig in sweep(station, tmp_path, mode, part):
        points += 1
        try:
            check(tmp_path / "data", rig, lives)
        except (AssertionError, RecordingError, StopIteration) as error:
            wrong.append((at, error))
    assert not wrong, f"{len(wrong)} of {points} points, first {wrong[0]}"
    assert points > 50
