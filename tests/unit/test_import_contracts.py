"""Every import contract fails when it is broken: seen here once for each."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

BREAKS = {
    "layers": ("archive/broken.py", "import examrunner.decode\n"),
    "service-touches-no-rig": ("service/broken.py", "import examrunner.drivers\n"),
    "pure": ("grading/broken.py", "import time\n"),
    "home-python-can": ("decode/broken.py", "import can\n"),
    "home-cantools": ("service/broken.py", "import cantools\n"),
    "home-opencv": ("content/broken.py", "import cv2\n"),
    "home-sqlmodel": ("agent/broken.py", "import sqlmodel\n"),
    "tables-behind-store": (
        "service/routers/broken.py",
        "import examrunner.service.tables\n",
    ),
    "testing-stays-out": ("agent/broken.py", "import examrunner.testing\n"),
    "no-cycles": ("model/broken.py", "import examrunner.content.search\n"),
}
"""Contract to the file and the import that break it."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(
        ROOT / "examrunner",
        folder / "examrunner",
        ignore=shutil.ignore_patterns("__pycache__", "node_modules", "static"),
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder, contract):
    return subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            *("--contract", contract, "--no-cache"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_broken_once():
    assert set(BREAKS) == {contract["id"] for contract in CONTRACTS["contracts"]}


@pytest.mark.parametrize("contract", sorted(BREAKS))
def test_a_contract_holds_and_fails_when_it_is_broken(copy, contract):
    path, line = BREAKS[contract]
    assert lint(copy, contract).returncode == 0
    broken = copy / "examrunner" / path
    broken.write_text(f'"""Breaks a contract."""\n\n{line}')
    try:
        done = lint(copy, contract)
    finally:
        broken.unlink()

    assert done.returncode == 1
    assert "0 kept, 1 broken" in done.stdout
    assert path.split("/")[0] in done.stdout


def test_a_package_that_no_layer_names_breaks_the_layers(copy):
    helpers = copy / "examrunner" / "helpers"
    helpers.mkdir()
    (helpers / "__init__.py").write_text('"""Nobody knows what."""\n')
    try:
        done = lint(copy, "layers")
    finally:
        shutil.rmtree(helpers)

    assert done.returncode == 1
    assert "examrunner.helpers" in done.stdout
