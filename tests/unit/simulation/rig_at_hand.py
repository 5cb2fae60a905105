"""A simulated rig in the test's own process, and a tool to ask its ECUs."""

from collections.abc import Generator

from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.training_rig import TrainingRig, build_rig


def a_rig(name: str, seed: int = 1, **differing: object) -> TrainingRig:
    """A simulated rig of a type, switched on for a second."""
    search = SearchPath.of()
    description = read_rig(name, search)
    databases = {
        channel.name: search.find("dbc", channel.database).read_bytes()
        for channel in description.channels
    }
    rig = build_rig(description, databases, seed, differing)
    rig.base.kernel.run(NS_PER_S)
    return rig


def ask(rig: TrainingRig, ecu: str, request: str) -> str:
    """Ask one ECU something in hexadecimal; the answer likewise."""
    tool = rig.base.scan_tool()
    return _played(rig, tool.ask(ecu, bytes.fromhex(request))).hex()


def _played(rig: TrainingRig, waiting: Generator[int, None, bytes]) -> bytes:
    kernel = rig.base.kernel
    while True:
        try:
            kernel.run(kernel.now_ns + next(waiting))
        except StopIteration as stop:
            return bytes(stop.value)
