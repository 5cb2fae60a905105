"""Exams of one station in forked processes, each on a disk that fails somewhere.

Runs with ``failing_disk`` preloaded. Everything is imported once; then each line on
stdin is one life of the station: it works until it has delivered or is killed. What it
acknowledges meanwhile is told in the answer, one JSON line each.
"""

import ctypes
import gc
import json
import os
import signal
import stat
import sys
import traceback
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.agent import attempt, preparing, reporter, station
from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.identity import station_key
from examrunner.agent.states import Progress
from examrunner.agent.station import Place, StationRunner
from examrunner.agent.task import Task
from examrunner.archive.durable import write_durably
from examrunner.archive.lean_can import import_can
from examrunner.archive.reserve import NAME, Reserve
from examrunner.capture import __main__ as capture_main
from examrunner.capture import can_stream, frame_writer
from examrunner.capture.process import CaptureProcess
from examrunner.content.search import SearchPath
from examrunner.delivery import courier
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.drivers import can_bus
from examrunner.model.digests import digest_of
from examrunner.model.errors import ExamRunnerError
from examrunner.model.station import Channel, Link, Rig, Station
from examrunner.model.text import Text
from examrunner.wire import (
    Lease,
    PointsMessage,
    ProvisionalResult,
    Receipt,
    ScoreMessage,
    SignedReceipt,
    receipt_text,
    result_body,
)

ATTEMPT = uuid.UUID("01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55")
SERVICE_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
LIFE_S = 20
MODES = {"kill": 1, "torn": 2, "full": 3, "broken": 4}
RIG = Rig(
    name="peer",
    title=Text(zh="", en=""),
    channels=(Channel(name="CH1", database="none.dbc", bitrate_bps=500_000),),
    ecus=(),
)
SCORE = ScoreMessage(
    points=PointsMessage(low=1, high=2, max=3), verdict="undecided", criteria=[]
)
FAULT = [{"op": "node.power", "args": {"node": "ESC", "on": False}}]
ACKNOWLEDGED = {"attach", "event", "begin", "go_on", "take", "end", "command", "close"}

Say = Callable[[Mapping[str, Any]], None]


class ForkedProcess:
    """A child with two pipes, as ``subprocess`` would show it."""

    def __init__(self) -> None:
        asked, ask = os.pipe()
        answered, answer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(ask)
            os.close(answered)
            signal.alarm(LIFE_S)
            sys.stdin = os.fdopen(asked, "r")
            sys.stdout = os.fdopen(answer, "w")
            try:
                capture_main.main()
            finally:
                os._exit(0)
        os.close(asked)
        os.close(answer)
        self.stdin = os.fdopen(ask, "w")
        self.stdout = os.fdopen(answered, "r")
        self._is_over = False

    def wait(self, timeout: float | None = None) -> int:
        if not self._is_over:
            os.waitpid(self.pid, 0)
            self._is_over = True
        return 0

    def kill(self) -> None:
        if not self._is_over:
            os.kill(self.pid, signal.SIGKILL)


def capture_class(say: Say) -> type[CaptureProcess]:
    class Forked(CaptureProcess):
        def __init__(self, plan: Any) -> None:
            self._where = str(plan.folder)
            self._process = ForkedProcess()  # type: ignore[assignment]  # looks alike
            try:
                self._exchange(attempt_plan(plan))
            except BaseException:
                self.kill()
                raise

        def _call(self, call: str, **arguments: object) -> Any:
            answer = super()._call(call, **arguments)
            if call in ACKNOWLEDGED:
                told = {k: v for k, v in arguments.items() if k != "data"}
                said = None if call == "take" else answer
                say({"acknowledged": call, "arguments": told, "answer": said})
            return answer

    return Forked


def attempt_plan(plan: Any) -> str:
    from examrunner.capture.plan import PLAN

    return PLAN.dump_json(plan).decode()


class Service:
    """Holds what it was given for as long as this life lasts, and says so."""

    def __init__(self, say: Say, lease: Mapping[str, Any], asked: str) -> None:
        self._say = say
        self._lease = lease
        self._asked = asked
        self.runner: StationRunner | None = None
        self.outbox: Outbox | None = None
        self._packed = ""

    def lease(self, request: Any) -> Lease | None:
        if self._asked not in {"", str(request.request_id)}:
            if self.outbox is not None and not self.outbox.waiting():
                self.end()
            return None
        self._asked = str(request.request_id)
        self._say({"leased": self._asked})
        return Lease.model_validate(self._lease)

    def end(self) -> None:
        assert self.runner is not None
        self.runner.stop()

    def report(self, *_: object) -> None:
        """Nobody looks."""

    def put_result(self, _attempt: str, result: bytes) -> None:
        self._say({"result": json.loads(result)})

    def upload(self, _attempt: str, _token: int, sha256: str, packed: Path) -> None:
        self._packed = sha256
        self._say({"packed": sha256})

    def receipt(self, attempt_id: str) -> SignedReceipt:
        self.end()
        assert self.outbox is not None
        result = ProvisionalResult.model_validate_json(self.outbox.all()[0].result)
        digest = digest_of(result_body(result))
        held = Receipt(attempt_id=ATTEMPT, packed=self._packed, result=digest)
        said = held.model_dump(mode="json")
        signature = SERVICE_KEY.sign(receipt_text(said)).hex()
        return SignedReceipt(receipt=said, signature=signature)


class Runner(StationRunner):
    """A station whose task needs no content."""

    def _task(self, files: AttemptFiles, lease: Lease) -> Task:
        return Task(
            rig=RIG,
            inject=FAULT,
            limit_s=60.0,
            post_s=60.0,
            attachments={"rubric.yaml": ("application/yaml", b"id: X\n")},
            look=lambda picture: None,
            judge=lambda path: SCORE,
        )


def live(order: Mapping[str, Any], say: Say) -> None:
    """One life of the station."""
    data = Path(order["data"])
    links = {name: Link(**link) for name, link in order["links"].items()}
    profile = Station(
        name="peer-01",
        rig=RIG,
        can={"CH1": links["can"]},
        cameras={"front": links["camera"]},
        fault_box=links["fault_box"],
        clock=links["clock"],
    )
    reserve = Reserve(path=data / NAME)

    def said(line: str) -> None:
        say({"said": line})
        if "disk refused" in line and not reserve.path.exists():
            service.end()  # an administrator has to make room first

    class Kept(AttemptFiles):
        def keep(self, progress: Progress) -> None:
            super().keep(progress)
            say({"kept": progress.phase})

        def open(self, lease: Lease) -> None:
            super().open(lease)
            say({"opened": str(lease.attempt_id)})

    station.AttemptFiles = Kept  # in this fork
    attempt.CaptureProcess = capture_class(say)  # in this fork
    key_path, key = station_key(data)
    outbox = Outbox(data / "outbox.db", make_room=reserve.release)
    service = Service(say, order["lease"], order["asked"])
    place = Place(
        station=profile,
        search=SearchPath.of(),
        data=data,
        key_path=key_path,
        key=key,
        wall_time=lambda: "2026-11-23T09:30:00.000+08:00",
        say=said,
        exam_bytes=1 << 20,
        service_key=SERVICE_KEY.public_key().public_bytes_raw().hex(),
    )
    service.outbox = outbox
    service.runner = Runner(place, service, outbox)
    service.runner.run()
    outbox.close()
    say({"ended": True})


def quicken() -> None:
    """Waits that are right for people are long for a sweep."""
    preparing.BASELINE_NS = attempt.BASELINE_NS = 50_000_000
    preparing.LOOK_NS = 300_000_000
    preparing.NS_PER_S = 100_000_000
    can_stream.POLL_S = frame_writer.FLUSH_S = 0.01
    can_bus.FAREWELL_S = reporter.SHORTEST_PAUSE_S = 0.01
    station.RETRY_S = station.IDLE_S = 0.02
    courier.FIRST_PAUSE_S = 0.02


def add_deliveries(order: Mapping[str, Any], say: Say) -> None:
    """Fills an outbox until it is killed; each delivery that it took is told."""
    outbox = Outbox(Path(order["data"]) / "outbox.db")
    if order.get("careless") == "normal":
        outbox._connection.execute("PRAGMA synchronous=NORMAL")
    for number in range(1_000_000):
        outbox.add(
            Delivery(
                attempt_id=str(number),
                token=1,
                result=b"{}",
                packed=Path("x"),
                sha256="0" * 64,
            )
        )
        say({"added": number})


def write_names(order: Mapping[str, Any], say: Say) -> None:
    """Writes one file after the other until it is killed; each is told."""
    for number in range(1_000_000):
        write_durably(Path(order["data"]) / f"file-{number}", str(number).encode())
        say({"written": number})


WORKS: dict[str, Callable[[Mapping[str, Any], Say], None]] = {
    "exam": live,
    "outbox": add_deliveries,
    "names": write_names,
}


def be_careless(how: str) -> None:
    """Leaves out what makes things durable, so that a test of it can fail."""
    real = os.fsync

    def only_files(descriptor: int) -> None:
        if how == "no folders" and not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            real(descriptor)

    if how in {"no folders", "nothing"}:
        os.fsync = only_files


def forked(order: Mapping[str, Any], disk: ctypes.CDLL) -> list[dict[str, Any]]:
    """One life; if it is told where, it writes its acknowledgements to a file."""
    heard, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        os.setpgid(0, 0)
        signal.alarm(LIFE_S)
        if "acknowledged" in order:
            tell = os.open(order["acknowledged"], os.O_WRONLY | os.O_CREAT)

        def say(message: Mapping[str, Any]) -> None:
            os.write(tell, json.dumps(message).encode() + b"\n")

        say({"pid": os.getpid()})
        try:
            if order["mode"]:
                folder = str(order["data"]).encode()
                disk.disk_arm(folder, MODES[order["mode"]], order["at"])
            be_careless(order.get("careless", ""))
            WORKS[order.get("work", "exam")](order, say)
        except ExamRunnerError as error:
            say({"refused": str(error)})
        except BaseException as error:  # noqa: BLE001  # told to the test
            say({"failed": "".join(traceback.format_exception(error))})
        finally:
            if order["mode"]:
                say({"count": disk.disk_count(), "fired": disk.disk_fired()})
            os._exit(0)
    os.close(tell)
    with os.fdopen(heard, "rb") as pipe:
        told = [json.loads(line) for line in pipe]
    _, status = os.waitpid(child, 0)
    return [*told, {"status": os.waitstatus_to_exitcode(status)}]


def main() -> None:
    disk = ctypes.CDLL(os.environ["LD_PRELOAD"])
    disk.disk_arm.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_long]
    disk.disk_count.restype = disk.disk_fired.restype = ctypes.c_long
    quicken()
    import_can()
    Ed25519PrivateKey.generate()
    gc.freeze()
    answer = sys.stdout.write
    answer('{"ready": true}\n')
    sys.stdout.flush()
    for line in sys.stdin:
        answer(json.dumps(forked(json.loads(line), disk)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
