"""A service with people, enrolled stations and planned attempts, on real files."""

import base64
import datetime
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient

from examrunner.archive.sealing import unseal
from examrunner.archive.tar import END, padding, tar_header
from examrunner.archive.writer import RecordingWriter
from examrunner.content.rosters import RosterEntry
from examrunner.model.frames import Frames
from examrunner.model.recording import Ending, Header
from examrunner.model.spoken import key_words
from examrunner.model.text import Text
from examrunner.service.context import Service
from examrunner.service.messages import ExamRequest, PersonRequest, Role
from examrunner.service.store.exams import ExamPlan, Seat, TaskFiles
from examrunner.wire import enrolment_text

START = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
STATIONS = {"hall-a-01": "chassis_bywire", "hall-a-02": "adas_bench"}
TASKS = {"C06": "hall-a-01", "C01": "hall-a-02"}


@dataclass
class HandClock:
    """Wall time that a test moves."""

    at: datetime.datetime = START

    def __call__(self) -> datetime.datetime:
        self.at += datetime.timedelta(microseconds=1)
        return self.at

    def forward(self, **by: float) -> None:
        self.at += datetime.timedelta(**by)


@dataclass
class Hall:
    """What a test needs to speak with a service."""

    service: Service
    client: TestClient
    clock: HandClock
    folder: Path
    keys: dict[str, Ed25519PrivateKey] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def person(self, name: str, role: Role, **more) -> str:
        request = PersonRequest(name=name, role=role, **more)
        self.tokens[name] = self.service.store.people.create(request, by="test").token
        return name

    def enrol(self, station: str, rig: str) -> None:
        code = self.service.store.stations.give_code(station, rig, by="test").code
        key = self.keys.setdefault(station, Ed25519PrivateKey.generate())
        answer = self.client.post(
            "/api/v1/stations/enrol", json=proof(code, station, key)
        )
        assert answer.status_code == 200, answer.text
        self.tokens[station] = answer.json()["token"]
        words = key_words(key.public_key().public_bytes_raw().hex())
        self.service.store.stations.confirm(station, words, by="test")

    def exam(self, students: int = 3, tasks=("C06", "C01"), **changes) -> list[UUID]:
        """Plans an exam without content and returns the attempts in order."""
        entries = [
            RosterEntry(
                student_number=f"00{number}",
                name=f"学生{number}",
                group="",
                course="",
                line=2,
            )
            for number in range(students)
        ]
        self.service.store.rosters.keep("2026", entries, by="test")
        people = self.service.store.rosters.listed(limit=100)
        request = ExamRequest(
            title="Autumn",
            scheme="icv-testing-calibration",
            tasks=list(tasks),
            stations=list(STATIONS),
            cohort="2026",
        )
        seats = [
            Seat(
                candidate=people[(turn + place) % students].code,
                task=task,
                station=TASKS[task],
                variant="v1",
                nonce=f"{next(self.numbers):032x}",
                case=b'{"task": "%s"}' % task.encode(),
            )
            for turn in range(students)
            for place, task in enumerate(tasks)
        ]
        files = {
            task: TaskFiles(
                title=Text(zh="任务", en="Task"),
                rubric=f"id: {task}\n".encode(),
                sheets={"zh": "题单".encode()},
            )
            for task in tasks
        }
        exam = self.service.store.exams.create(
            request.model_copy(update=changes),
            ExamPlan(seed=7, scheme=b"id: x\n", tasks=files, seats=seats),
            by="test",
        )
        listed = self.client.get(
            f"/api/v1/attempts?exam={exam.id}&limit=500",
            headers=self.headers("examiner"),
        )
        return [UUID(item["id"]) for item in listed.json()["items"]]

    def lease(self, station: str, **request):
        message = {"request_id": str(uuid4()), **request}
        return self.client.post(
            "/api/v1/leases", json=message, headers=self.headers(station)
        )

    def opened_case(self, lease: dict) -> bytes:
        sealed = base64.b64decode(lease["case"])
        return unseal(sealed, self.keys[lease["station"]], lease["attempt_id"])

    def record(self, lease: dict, key: Ed25519PrivateKey, **changes) -> bytes:
        """A packed recording of a lease's attempt with a few frames."""
        header = Header(
            **{
                "attempt_id": lease["attempt_id"],
                "station": lease["station"],
                "rig": lease["rig"],
                "candidate": lease["candidate"],
                "task": lease["task"],
                "mode": lease["mode"],
                "nonce": lease["nonce"],
                "software": {"examrunner": "test"},
                **changes,
            }
        )
        folder = self.folder / f"recording-{next(self.numbers)}"
        with RecordingWriter(
            folder, header, channels=["CH1"], cameras=[], key=key, sync=False
        ) as writer:
            writer.frames("CH1", Frames.of([(0, 0x100, 0, bytes(range(8)))] * 50))
            writer.close(Ending.FINISHED, "done", 1_000_000_000)
        return packed(folder)

    def put_piece(self, lease: dict, content: bytes, offset=0, until=None, **headers):
        sha256 = hashlib.sha256(content).hexdigest()
        return self.client.put(
            f"/api/v1/attempts/{lease['attempt_id']}/recording/{sha256}",
            content=content[offset:until],
            headers={
                **self.headers(lease["station"]),
                "Lease-Token": str(lease["token"]),
                "Upload-Offset": str(offset),
                "Upload-Length": str(len(content)),
                **headers,
            },
        )

    def put_result(self, lease: dict, content: bytes, **changes):
        message = {
            "token": lease["token"],
            "recording": "0" * 64,
            "packed": hashlib.sha256(content).hexdigest(),
            "packed_bytes": len(content),
            "ending": "finished",
            "duration_s": 1.0,
            **changes,
        }
        return self.client.put(
            f"/api/v1/attempts/{lease['attempt_id']}/result",
            json=message,
            headers=self.headers(lease["station"]),
        )


def proof(code: str, station: str, key: Ed25519PrivateKey) -> dict[str, str]:
    public = key.public_key().public_bytes_raw().hex()
    return {
        "code": code,
        "station": station,
        "public_key": public,
        "proof": key.sign(enrolment_text(code, station, public)).hex(),
    }


def packed(folder: Path) -> bytes:
    parts = []
    for path in [*sorted(folder.glob("*.mcap")), folder / "manifest.json"]:
        content = path.read_bytes()
        parts += [tar_header(path.name, len(content)), content, padding(len(content))]
    return b"".join([*parts, END])
