"""A station is killed, or its disk fails, at every operation of one short exam.

``exam_forks`` runs the exam, ``failing_disk`` fails; the rig and the judge of what was
promised are here. What the station acknowledged before must be there afterwards.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.archive.reading import Recording, open_recording
from examrunner.archive.verify import verify
from examrunner.decode.events import health
from examrunner.model.errors import RecordingError
from examrunner.model.recording import Ending
from examrunner.testing.rig_peer import CYCLE_NS, CYCLIC_ID, RigPeer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

HERE = Path(__file__).parent
TENTH_S = 100_000_000
SCRIPT: Sequence[tuple[int, Mapping[str, Any]]] = [
    (1 * TENTH_S, {"do": "edit", "field": "gain", "value": 3}),
    (2 * TENTH_S, {"do": "capture", "camera": "front"}),
    (3 * TENTH_S, {"do": "edit", "field": "gain", "value": 4}),
    (4 * TENTH_S, {"do": "submit"}),
    (5 * TENTH_S, {"do": "stop"}),
]
EXAM_NS = 5 * TENTH_S
ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
LEASE = {
    "attempt_id": ATTEMPT,
    "token": 1,
    "station": "peer-01",
    "rig": "peer",
    "candidate": "K7",
    "task": "C06",
    "mode": "exam",
    "variant": "a",
    "rubric": "id: X\n",
    "rubric_digest": "0" * 64,
    "case": "{}",
    "case_digest": "0" * 64,
    "nonce": "ab",
    "issued_at": "2026-11-23T09:30:00+08:00",
    "expires_at": "2026-11-23T12:30:00+08:00",
}
MOST_OPERATIONS = 500


@pytest.fixture(scope="session")
def failing_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("gcc") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("gcc is needed to build the disk that fails")
        pytest.skip("there is no gcc to build the disk that fails")
    library = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    source = HERE / "failing_disk.c"
    command = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library]
    subprocess.run([*command, source, "-ldl"], check=True)
    return library


class Station:
    """Lives of one station, each in a fork of a process that has imported it all."""

    def __init__(self, library: Path, data: Path) -> None:
        self._data = data
        self._server = subprocess.Popen(
            [sys.executable, HERE / "exam_forks.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "LD_PRELOAD": str(library)},
        )
        assert json.loads(self._server.stdout.readline())["ready"]

    def live(
        self, rig: RigPeer, mode: str = "", at: int = 0, asked: str = ""
    ) -> list[dict[str, Any]]:
        names = ("can", "camera", "fault_box", "clock")
        order = {
            "data": str(self._data),
            "links": {name: asdict(getattr(rig, name)) for name in names},
            "lease": LEASE,
            "asked": asked,
            "mode": mode,
            "at": at,
        }
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        return json.loads(self._server.stdout.readline())

    def close(self) -> None:
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()


@pytest.fixture
def station(failing_disk: Path, tmp_path: Path) -> Iterator[Station]:
    opened = Station(failing_disk, tmp_path / "data")
    try:
        yield opened
    finally:
        opened.close()


def values(told: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    return [message[key] for message in told if key in message]


def acknowledged_events(told: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Everything that was said to be on the disk, as text that can be looked up."""
    found = []
    for message in told:
        arguments = message.get("arguments", {})
        match message.get("acknowledged"):
            case "event":
                body = json.dumps(arguments["body"], sort_keys=True)
                found.append((message["answer"], f"{arguments['stream']} {body}"))
            case "begin":
                found.append((message["answer"], 'ops {"op": "start"}'))
            case "end":
                body = {"op": "stop", "reason": arguments["reason"]}
                found.append((message["answer"], f"ops {json.dumps(body)}"))
    return found


def recorded_events(recording: Recording) -> list[tuple[int, str]]:
    return [
        (event.t_ns, f"{event.stream} {json.dumps(event.body, sort_keys=True)}")
        for event in recording.events()
    ]


def missing_frames(recording: Recording) -> list[int]:
    """Cyclic frames that are neither there nor in a declared gap."""
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
        and not any(a < recording_ns(recording, number) <= b for a, b in gaps)
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
