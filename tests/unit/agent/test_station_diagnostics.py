"""What a station says of itself, and what it keeps to itself."""

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.identity import station_key
from examrunner.agent.place import Place
from examrunner.agent.states import Phase, Progress
from examrunner.agent.station_log import Note, StationLog, line_of
from examrunner.cli.station import app
from examrunner.content.search import SearchPath, built_in
from examrunner.content.stations import read_station
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.model.errors import RigError

ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
ASIDE = "01939c5e-0000-7c3e-9b1f-2f6d1c0a4e55"
SECRETS = {
    "token": "tok-4711-secret",
    "candidate's code": "K7Q2M9",
    "name": "王芳",
    "case": "truth-of-the-variant",
    "answer": "my answer is 42 ohm",
    "box key": "box-key-0815",
    "camera password": "hunter2",
    "console code": "console-code-xyz",
    "examiner's code": "7QK4-2MXD",
    "score": "score of seventy",
}
AT = "2026-11-23T09:30:00+08:00"


def content(root: Path) -> Path:
    """A station whose fault box has a key and whose camera a password."""
    folder = root / "stations" / "chassis_bywire"
    (folder / "profiles").mkdir(parents=True)
    for name in ("rig.yaml", "ecus.yaml"):
        original = built_in() / "stations" / "chassis_bywire" / name
        (folder / name).write_bytes(original.read_bytes())
    (folder / "profiles" / "here.yaml").write_text(
        f"""
rig: chassis_bywire
can:
  CH1: {{driver: can_bus, options: {{interface: virtual, channel: nobody}}}}
cameras:
  work_area:
    driver: mjpeg_camera
    options: {{url: "http://admin:{SECRETS["camera password"]}@10.0.0.9/video"}}
fault_box:
  driver: fault_box
  options: {{address: "10.0.0.8:7700", key: {SECRETS["box key"]}}}
"""
    )
    return root


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Everything that a station has after a bad day."""
    data = tmp_path / "data"
    station_key(data)
    kept = {
        "station": "here",
        "service": "http://127.0.0.1:9",
        "token": SECRETS["token"],
        "generation": 1,
    }
    (data / "enrolment.json").write_text(json.dumps(kept))
    (data / "enrolment.json").chmod(0o600)
    (data / "console-code").write_text(SECRETS["console code"])
    (data / "examiner-code").write_text(SECRETS["examiner's code"])
    files = AttemptFiles(folder=data / "attempts" / ATTEMPT)
    files.recording.mkdir(parents=True)
    (files.folder / "lease.json").write_text(
        json.dumps({"candidate": SECRETS["candidate's code"], "case": SECRETS["case"]})
    )
    (files.folder / "protocol.json").write_text(SECRETS["name"])
    (files.recording / "segment-0001.mcap").write_text(SECRETS["answer"])
    files.keep(Progress(phase=Phase.RUNNING))
    outbox = Outbox(data / "outbox.db")
    outbox.add(
        Delivery(
            attempt_id=ASIDE,
            token=1,
            result=SECRETS["score"].encode(),
            packed=data / "packed",
            sha256="0" * 64,
        )
    )
    outbox.set_aside(ASIDE, f"{SECRETS['name']} has delivered already")
    outbox.close()
    StationLog(data, "here", lambda: AT).write(
        Note(event="C06 begins.", attempt=ATTEMPT)
    )
    return data


def archived(tmp_path: Path, data: Path) -> dict[str, bytes]:
    out = tmp_path / "help.zip"
    done = CliRunner().invoke(
        app,
        [
            *("diagnostics", "here", "--out", str(out), "--data", str(data)),
            *("--content", str(content(tmp_path / "content")), "--json"),
        ],
    )
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(out) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert json.loads(done.stdout)["files"] == list(found)
    return found


def test_nothing_personal_and_nothing_secret_is_in_the_archive(
    tmp_path: Path, data: Path
) -> None:
    private = (data / "station-key.pem").read_text().splitlines()[1]
    everything = "\n".join(
        content.decode() for content in archived(tmp_path, data).values()
    )
    for what, secret in {**SECRETS, "private key": private}.items():
        assert secret not in everything, what
    assert "http://(hidden)@10.0.0.9/video" in everything


def test_the_archive_says_what_somebody_far_away_needs(
    tmp_path: Path, data: Path
) -> None:
    found = archived(tmp_path, data)
    assert found["logs/station.log"].decode() == f"{AT} here {ATTEMPT} C06 begins.\n"
    assert json.loads(found["versions.json"])["packages"]["examrunner"]
    assert json.loads(found["about.json"])["rig"] == "chassis_bywire"
    journal = json.loads(found["journal.json"])
    assert journal["attempts"][0]["phase"] == "running"
    assert journal["attempts"][0]["bytes"] == len(SECRETS["answer"])
    assert json.loads(found["status.json"])["aside"] == [ASIDE]
    checks = {one["what"]: one for one in json.loads(found["doctor.json"])["checks"]}
    assert checks["journal"]["level"] == "warn"
    assert json.loads(found["last-doctor.json"]) is None


def test_a_damaged_outbox_is_a_line_in_the_archive_not_the_end_of_it(
    tmp_path: Path, data: Path
) -> None:
    (data / "outbox.db").write_bytes(b"no database" * 1000)
    found = archived(tmp_path, data)
    assert "outbox" in json.loads(found["journal.json"])["unreadable"]
    assert "logs/station.log" in found


def test_the_status_says_what_runs_and_until_when_it_is_saved(data: Path) -> None:
    asked = ["status", "here", "--data", str(data)]
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)
    (attempt,) = found["attempts"]
    assert (attempt["attempt"], attempt["phase"]) == (ATTEMPT, "running")
    assert attempt["saved_until"].endswith("+00:00")
    assert found["waiting"] == 0
    assert found["aside"][0]["attempt"] == ASIDE
    assert found["last_contact"] is None
    said = CliRunner().invoke(app, asked).output
    assert f"{ATTEMPT}: running, saved until {attempt['saved_until']}" in said
    assert "last contact with the service: none yet" in said


def test_a_log_is_one_line_an_event_and_of_bounded_size(tmp_path: Path) -> None:
    log = StationLog(tmp_path, "here", lambda: AT, largest_bytes=2000)
    for number in range(500):
        log.write(Note(event=f"event {number}\nwith two lines", remedy="Look."))
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == 6
    assert all(path.stat().st_size <= 2000 for path in files)
    newest = (tmp_path / "logs" / "station.log").read_text().splitlines()
    assert newest[-1] == f"{AT} here - event 499 with two lines | next: Look."
    assert all(line.startswith(AT) for line in newest)


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be")
    StationLog(tmp_path, "here", lambda: AT).write(Note(event="x"))


def test_what_is_said_with_a_code_is_logged_without_it(tmp_path: Path) -> None:
    said: list[str] = []
    search = SearchPath.of()
    key_path, key = station_key(tmp_path)
    place = Place(
        station=read_station("sim-body-01", search),
        search=search,
        data=tmp_path,
        key_path=key_path,
        key=key,
        wall_time=lambda: AT,
        say=said.append,
        log=StationLog(tmp_path, "here", lambda: AT),
    )
    place.tell("F13 begins.", attempt=ATTEMPT, shown="F13 of K7Q2M9 begins.")
    place.tell_of(RigError("it is gone.", where="CH1", remedy="Plug it in."), ATTEMPT)
    assert said[0] == "F13 of K7Q2M9 begins."
    log = (tmp_path / "logs" / "station.log").read_text().splitlines()
    assert log[0] == f"{AT} here {ATTEMPT} F13 begins."
    assert log[1].endswith("it is gone. | where: CH1 | next: Plug it in.")


def test_a_note_about_nothing_in_particular_has_a_dash() -> None:
    assert line_of(Note(event="starts."), "a-03", "09:30") == "09:30 a-03 - starts."
