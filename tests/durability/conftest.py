"""What the durability tests are built from."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from station_lives import Station

HERE = Path(__file__).parent


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


@pytest.fixture
def station(failing_disk: Path, tmp_path: Path) -> Iterator[Station]:
    opened = Station(failing_disk, tmp_path / "data")
    try:
        yield opened
    finally:
        opened.close()
