from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.training_rig import TrainingRig, build_rig


@pytest.fixture
def a_rig() -> Callable[..., TrainingRig]:
    """A simulated rig of a type, switched on for a second."""

    def build(name: str, seed: int = 1, **differing: object) -> TrainingRig:
        search = SearchPath.of()
        description = read_rig(name, search)
        databases = {
            channel.name: search.find("dbc", channel.database).read_bytes()
            for channel in description.channels
        }
        rig = build_rig(description, databases, seed, differing)
        rig.base.kernel.run(NS_PER_S)
        return rig

    return build


@pytest.fixture
def ask() -> Callable[[TrainingRig, str, str], str]:
    """Ask one ECU of a rig something in hexadecimal; the answer likewise."""

    def asked(rig: TrainingRig, ecu: str, request: str) -> str:
        tool = rig.base.scan_tool()
        return played(rig, tool.ask(ecu, bytes.fromhex(request))).hex()

    return asked


def played(rig: TrainingRig, waiting: Generator[int, None, bytes]) -> bytes:
    """Let rig time pass as a waiting process wants it; what the process returns."""
    kernel = rig.base.kernel
    while True:
        try:
            kernel.run(kernel.now_ns + next(waiting))
        except StopIteration as stop:
            return bytes(stop.value)


@pytest.fixture(scope="session")
def table_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder for the tables of rendered cameras."""
    return tmp_path_factory.mktemp("tables")
