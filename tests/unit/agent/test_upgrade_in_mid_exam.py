"""A station of another version leaves a running attempt alone."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examrunner.agent.edition import (
    EDITION_FILE,
    Edition,
    begun,
    take_over,
    this_edition,
)
from examrunner.agent.identity import station_key
from examrunner.agent.sole_agent import LOCK_FILE
from examrunner.archive.writer import RecordingWriter
from examrunner.cli.station import app
from examrunner.model.errors import RecordingError
from examrunner.model.recording import Ending, Header

OLD = Edition(software="0.0.9", format=0)
NEW = Edition(software="0.2.0", format=2)
ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"


def interrupted(data: Path) -> Path:
    """An attempt that an old version has begun and not ended."""
    take_over(data, OLD)
    folder = data / "attempts" / ATTEMPT
    folder.mkdir(parents=True)
    (folder / "lease.json").write_text('{"of": "another format"}')
    (folder / "state.json").write_text("[1, 2]")
    header = Header(attempt_id=ATTEMPT, software={"examrunner": "0.0.9"})
    with RecordingWriter(
        folder / "recording", header, channels=["CH1"], cameras=[]
    ) as recording:
        recording.event(0, "ops", {"op": "start"})
        recording.close(Ending.POWER_LOST, "", 1)
    return folder


def everything(data: Path) -> dict[str, bytes]:
    return {
        str(p): p.read_bytes()
        for p in sorted(data.rglob("*"))
        if p.is_file() and p.name != LOCK_FILE
    }


def test_another_version_refuses_and_changes_nothing(tmp_path: Path) -> None:
    interrupted(tmp_path)
    before = everything(tmp_path)
    with pytest.raises(RecordingError) as refused:
        take_over(tmp_path, NEW)
    assert everything(tmp_path) == before
    assert ATTEMPT in refused.value.problem
    assert "0.0.9" in refused.value.problem
    assert "0.2.0" in refused.value.problem
    assert refused.value.remedy.startswith("Start examrunner 0.0.9 again")


def test_the_version_that_began_it_goes_on(tmp_path: Path) -> None:
    interrupted(tmp_path)
    take_over(tmp_path, OLD)
    assert begun(tmp_path) == (ATTEMPT,)


@pytest.mark.parametrize("end", ["packed", "delivered"])
def test_when_the_attempt_is_finished_the_upgrade_is_allowed(
    tmp_path: Path, end: str
) -> None:
    folder = interrupted(tmp_path)
    if end == "packed":
        (folder / "recording.tar").write_bytes(b"packed")
    else:
        (folder / "lease.json").unlink()
    take_over(tmp_path, NEW)
    assert json.loads((tmp_path / EDITION_FILE).read_bytes())["software"] == "0.2.0"


def test_a_folder_without_a_version_is_taken_only_when_nothing_runs(
    tmp_path: Path,
) -> None:
    interrupted(tmp_path)
    (tmp_path / EDITION_FILE).unlink()
    with pytest.raises(RecordingError, match="an earlier version"):
        take_over(tmp_path, NEW)
    (tmp_path / "attempts" / ATTEMPT / "lease.json").unlink()
    take_over(tmp_path, NEW)


def test_an_older_format_does_not_take_over_from_a_later_one(tmp_path: Path) -> None:
    take_over(tmp_path, NEW)
    with pytest.raises(RecordingError, match="is older"):
        take_over(tmp_path, OLD)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"software": "1"}', "null"])
def test_a_torn_version_file_is_no_permission(tmp_path: Path, content: str) -> None:
    (tmp_path / EDITION_FILE).write_text(content)
    with pytest.raises(RecordingError, match="cannot be read"):
        take_over(tmp_path, NEW)


def test_the_command_refuses_and_changes_nothing(tmp_path: Path) -> None:
    interrupted(tmp_path)
    station_key(tmp_path)
    kept = {"station": "x", "service": "http://127.0.0.1:9", "token": "t"}
    (tmp_path / "enrolment.json").write_text(json.dumps({**kept, "generation": 1}))
    before = everything(tmp_path)
    asked = ["run", "sim-chassis-01", "--simulated", "--data", str(tmp_path)]
    refused = CliRunner().invoke(app, asked)
    assert refused.exit_code == 2
    assert "Start examrunner 0.0.9 again" in refused.output
    assert everything(tmp_path) == before


def test_this_edition_is_the_installed_one(tmp_path: Path) -> None:
    take_over(tmp_path, this_edition())
    take_over(tmp_path, this_edition())
    assert this_edition().software.count(".") == 2
