"""What the durability tests are built from."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from station_lives import Station

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def compiled(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], Path]:
    """Builds a library that is preloaded into what is tested."""

    def build(name: str) -> Path:
        if shutil.which("gcc") is None:
            if os.environ.get("CI") == "true":
                pytest.fail(f"gcc is needed to build {name}.c")
            pytest.skip(f"there is no gcc to build {name}.c")
        library = tmp_path_factory.mktemp("library") / f"{name}.so"
        command = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", library]
        subprocess.run([*command, HERE / f"{name}.c", "-ldl"], check=True)
        return library

    return build


@pytest.fixture(scope="session")
def failing_disk(compiled: Callable[[str], Path]) -> Path:
    return compiled("failing_disk")


@pytest.fixture
def station(failing_disk: Path, tmp_path: Path) -> Iterator[Station]:
    opened = Station(failing_disk, tmp_path / "data")
    try:
        yield opened
    finally:
        opened.close()
