"""The recipes in stations/README.md name things that exist."""

import configparser
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from examrunner.cli.station.options import Data

README = Path(__file__).parents[3] / "stations" / "README.md"
TEXT = README.read_text("utf-8")
UNIT = re.search(r"```ini\n(.*?)```", TEXT, re.DOTALL)[1]
POWERSHELL = re.search(r"```powershell\n(.*?)```", TEXT, re.DOTALL)[1]


def unit() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(interpolation=None, strict=True)
    parsed.optionxform = str
    parsed.read_string(UNIT)
    return parsed


def is_understood(command: list[str]) -> bool:
    """Whether the program knows this command and all its options."""
    module = importlib.import_module(f"examrunner.cli.{command[0]}")
    noun = typer.main.get_command(module.app)
    found = noun.get_command(noun.context_class(noun), command[1])
    assert found is not None, command
    known = {option for parameter in found.params for option in parameter.opts}
    return known >= {word for word in command if word.startswith("--")}


def test_the_unit_keeps_the_station_running_and_its_folder_private() -> None:
    service = unit()["Service"]
    assert service["Restart"] == "always"
    assert service["StateDirectoryMode"] == "0700"
    folder = f"/var/lib/{service['StateDirectory']}"
    assert service["Environment"] == f"EXAMRUNNER_STATION_DATA={folder}"
    assert Data.__metadata__[0].envvar == "EXAMRUNNER_STATION_DATA"
    assert isinstance(Data.__metadata__[0], typer.models.OptionInfo)
    assert is_understood(shlex.split(service["ExecStart"])[1:])


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed; the unit is parsed above")
    here = Path(sys.executable).with_name("examrunner")
    text = UNIT.replace("/opt/examrunner/bin/examrunner", str(here))
    text = text.replace("User=examrunner\n", "")  # this machine has no such user
    path = tmp_path / "examrunner-station@.service"
    path.write_text(text)
    checked = subprocess.run(
        [program, "verify", str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    ours = [line for line in checked.stderr.splitlines() if path.name in line]
    assert ours == []


def test_the_task_of_windows_runs_a_command_that_exists() -> None:
    run = re.search(r'\$run = "(.*)"', POWERSHELL)[1]
    assert is_understood(run.split())
    assert "-ExecutionTimeLimit 0" in POWERSHELL
    assert "-AtStartup" in POWERSHELL


def test_every_command_of_the_recipes_exists() -> None:
    indented = re.findall(r"^    (examrunner .*)$", TEXT, re.MULTILINE)
    commands = [shlex.split(re.split(r"\s{3,}", line)[0])[1:] for line in indented]
    assert len(commands) >= 12
    assert [command for command in commands if not is_understood(command)] == []
