"""The station's own screen: a person calibrates a camera with the bench tool."""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import httpx2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from examrunner.agent.attempt import Attempt
from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.codes import StationCode
from examrunner.agent.console.hall import Hall
from examrunner.agent.console.invigilation import Invigilation
from examrunner.agent.console.seat import Seat
from examrunner.agent.console.server import Console
from examrunner.agent.console.sessions import Sessions
from examrunner.agent.console.sitting import Sitting
from examrunner.agent.protocol import Protocol
from examrunner.agent.rig_lock import RigLock
from examrunner.agent.secrets import CASE
from examrunner.agent.simulated_rig import Casting, SimulatedRig, pointed_at
from examrunner.agent.tasks import task_of
from examrunner.archive.reading import open_recording
from examrunner.capture.plan import Plan
from examrunner.content.cases import read_case
from examrunner.content.rigs import read_rig
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.decode.timeline import build_timeline
from examrunner.model.digests import digest_of
from examrunner.model.recording import Header
from examrunner.model.station import Link
from examrunner.scoring import judge
from examrunner.simulation.attempt_files import write_attempt_files
from examrunner.simulation.board_camera import BoardCamera, BoardPose
from examrunner.simulation.candidates.views import spread_views
from examrunner.simulation.references import camera_model
from examrunner.simulation.session import Part
from examrunner.simulation.workshop import plan_of
from examrunner.wire import Lease

STATION, TASK, VARIANT = "sim-adas-01", "C01", "exam_b"
MOMENT = "2026-11-23T09:30:00+08:00"
ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
BLURRED = 2
STILLS = 9


class Shutter:
    """The camera's own program: leaves the next picture where the station looks."""

    def __init__(self, folder: Path, cache: Path) -> None:
        rubric = read_rubric(SearchPath.of().find("rubric", TASK))
        rig = read_rig("adas_bench", SearchPath.of())
        camera = next(camera for camera in rig.cameras if camera.name == "front")
        assert camera.board is not None
        self.model = camera_model(camera, rubric.variants[VARIANT])
        self.folder = folder
        self._camera = BoardCamera(self.model, camera.board, cache)
        self._noise = np.random.default_rng(5)
        self._poses = spread_views(camera.board, self._noise)

    def point(self, number: int, *, moving: bool = False) -> None:
        """Hold the board for still ``number``."""
        pose = self._poses[number]
        if moving:
            pose = BoardPose(turn=pose.turn, shift_mm=pose.shift_mm, motion_px=2)
        picture = self._camera.picture(pose, self._noise)
        done, png = cv2.imencode(".png", picture)
        assert done
        waiting = self.folder / "next.part"
        waiting.write_bytes(png.tobytes())
        waiting.rename(self.folder / "shot.png")


@dataclass
class Desk:
    """A station with somebody before it."""

    address: str
    shutter: Shutter
    files: AttemptFiles
    case: Path
    thread: threading.Thread


@pytest.fixture(scope="module")
def desk(chromium, tmp_path_factory) -> Iterator[Desk]:
    data = tmp_path_factory.mktemp("console")
    (data / "pictures").mkdir()
    shutter = Shutter(data / "pictures", data / "cache")
    shutter.point(0)
    content = SearchPath.of()
    case = data / "case"
    part = Part(task=TASK, profile="competent")
    plan = plan_of(
        STATION, content, seed=1, cache=data / "cache", part=part, variant=VARIANT
    )
    write_attempt_files(plan, case)
    station = read_station(STATION, content)
    lease = a_lease(content, (case / "case.json").read_text("utf-8"))
    files = AttemptFiles(folder=data / "attempt")
    files.open(lease)
    secrets = CASE.validate_json(lease.case)
    task = task_of(lease, secrets, station.rig, content, files)
    sitting = Sitting(
        read_rubric(files.rubric),
        station.rig,
        sheets={str(language): text for language, text in lease.sheets.items()},
        candidate=lease.candidate,
        mode=lease.mode,
    )
    hall = Hall(
        station=STATION,
        sessions=Sessions(data / "sessions.json", lambda: 0.0),
        examiners=StationCode(code="ABCD-EFGH"),
        names={},
        lock=RigLock(data / "lock.json"),
        wall_time=lambda: MOMENT,
    )
    seat = Seat(
        attempt_id=ATTEMPT,
        task=TASK,
        sitting=sitting,
        invigilation=Invigilation(
            sitting.desk,
            Protocol(data / "protocol.json", lambda: MOMENT),
            read_rubric(files.rubric),
            settle=lambda decisions: None,
            planned=lease.candidate,
        ),
        names={},
        sign=lambda text: bytes(64),
        wall_time=lambda: MOMENT,
    )
    seat.confirm_identity()
    stopping = threading.Event()
    by_hand = Casting(profile="", speed=1.0, seed=1)
    with (
        Console(hall, port=0, code="screen") as console,
        SimulatedRig(STATION, task=TASK, variant=VARIANT, casting=by_hand) as rig,
        hall.seating(seat),
    ):
        pointed = pointed_at(station, rig.ports)
        folder = {"folder": str(data / "pictures")}
        front = Link(driver="picture_folder", options=folder)
        attempt = Attempt(
            replace(task, judge=lambda path: None),
            Plan(
                folder=files.recording,
                header=Header(attempt_id=ATTEMPT, mode="exam", software={}),
                can=pointed.can,
                cameras={**pointed.cameras, "front": front},
                fault_box=pointed.fault_box,
                clock=pointed.clock,
            ),
            files,
            notice=sitting.follow,
            shown=lambda score: None,
            wants_stop=stopping.is_set,
            desk=sitting.desk,
        )
        thread = threading.Thread(target=attempt.run)
        thread.start()
        yield Desk(console.address, shutter, files, case / "case.json", thread)
        stopping.set()
        thread.join(60)


def a_lease(content: SearchPath, case: str) -> Lease:
    path = content.find("rubric", TASK)
    sheets = {
        language: path.with_name(f"sheet.{language}.md").read_text("utf-8")
        for language in ("zh", "en")
    }
    return Lease(
        attempt_id=ATTEMPT,
        token=1,
        station=STATION,
        rig="adas_bench",
        candidate="K7Q2M9",
        task=TASK,
        mode="exam",
        variant=VARIANT,
        rubric=path.read_text("utf-8"),
        rubric_digest=digest_of(path.read_bytes()),
        sheets=sheets,
        case=case,
        case_digest=digest_of(case.encode()),
        nonce="ab",
        issued_at=MOMENT,
        expires_at=MOMENT,
    )


def looked_at(page: Page, folder: Path, name: str) -> None:
    """Nothing sticks out on a wide screen or on a phone."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        sticks_out = page.evaluate(
            "document.documentElement.scrollWidth > window.innerWidth"
        )
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        assert not sticks_out


def light_follows_the_disk(page: Page) -> None:
    """Red while nothing is saved, within seconds, and green again."""
    light = page.locator("#saved")
    expect(light).to_have_class("light on", timeout=30_000)
    with stopped(recorder()):
        expect(light).to_have_class("light late", timeout=10_000)
    expect(light).to_have_class("light on", timeout=30_000)


def recorder() -> int:
    """The capture process that this test's attempt has started."""
    mine = f"PPid:\t{os.getpid()}\n"
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mine in (process / "status").read_text():
                told = (process / "cmdline").read_bytes()
                if b"examrunner.capture" in told:
                    return int(process.name)
    raise AssertionError("no capture process")


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.slow
def test_a_candidate_calibrates_a_camera_with_the_bench_tool_and_hands_it_in(
    desk: Desk, browser: Browser, tmp_path: Path
) -> None:
    refused = httpx2.get(desk.address.partition("?")[0] + "api/attempt")
    assert refused.status_code == 403

    page = browser.new_page(locale="en-GB")
    page.goto(desk.address)
    page.get_by_label("Your code").fill("K7Q2M9")
    page.get_by_role("button", name="Enter").click()
    take = page.get_by_role("button", name="Take a still")
    take.wait_for(timeout=60_000)
    light_follows_the_disk(page)
    for number in range(STILLS):
        desk.shutter.point(number, moving=number == BLURRED)
        take.click()
        expect(page.locator(".still")).to_have_count(number + 1)
    blurred = page.locator(".still.bad")
    expect(blurred).to_have_count(1)
    expect(blurred).to_contain_text("Blurred: take it again")
    looked_at(page, tmp_path, "stills")

    desk.shutter.point(BLURRED)
    blurred.get_by_role("button", name="Retake").click()
    expect(page.locator(".still")).to_have_count(STILLS)
    expect(page.locator(".still.bad")).to_have_count(0)

    page.get_by_role("button", name="Compute intrinsics").click()
    page.get_by_role("button", name="Save as the calibration file").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_label("fx (px)").fill("890")
    expect(page.locator(".state.saved")).to_have_count(2)
    looked_at(page, tmp_path, "computed")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("button", name="计算内参")).to_be_visible()
    looked_at(page, tmp_path, "chinese")

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="交卷并结束").click()
    desk.thread.join(60)
    assert not desk.thread.is_alive()
    recording = open_recording(desk.files.recording)
    timeline = build_timeline(recording, read_rig("adas_bench", SearchPath.of()))
    form = {edit.field: edit.value for edit in timeline.form}
    assert form["fx"] == "890"
    assert len(timeline.views) == STILLS + 1
    rubric = read_rubric(SearchPath.of().find("rubric", TASK))
    judged = judge(timeline, rubric, read_case(desk.case))
    assert judged["C2"].measured is not None
    assert judged["C2"].measured.value < 1.0
    assert judged["B4"].fraction == 1.0
    assert json.loads(json.dumps(form["calib_yaml"]))["name"] == "calibration.yaml"
