"""A simulated rig that runs free in a thread, with whatever is broken about it."""

import asyncio
import json
import socket
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from examrunner.agent.simulated_rig import pointed_at
from examrunner.content.search import SearchPath
from examrunner.content.stations import read_station
from examrunner.model.station import Station
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.live import LiveRig, Terms
from examrunner.simulation.workshop import build, plan_of

PATIENCE_S = 60


@contextmanager
def running_rig(
    name: str,
    cache: Path,
    *,
    faults: Sequence[Mapping[str, object]] = (),
    stuck: Collection[str] = (),
) -> Iterator[Station]:
    """The station with the ports of its rig, on which ``faults`` are set already."""
    search = SearchPath.of()
    workshop = build(plan_of(name, search, seed=1, cache=cache))
    box = FaultBox(workshop.session.rig, stuck)
    for command in ({"op": "arm"}, *faults):
        assert box.carry_out(command) == "ok"
    if not faults:
        workshop = replace(workshop, fault_box=box)
    ready: dict[str, Any] = {}
    announced = threading.Event()

    def announce(ports: dict[str, object]) -> None:
        ready.update(ports)
        announced.set()

    rig = LiveRig(workshop, Terms(), announce)
    thread = threading.Thread(target=lambda: asyncio.run(rig.run()))
    thread.start()
    assert announced.wait(PATIENCE_S)
    try:
        yield pointed_at(read_station(name, search), ready)
    finally:
        host, _, port = str(ready["clock"]).partition(":")
        with socket.create_connection((host, int(port))) as clock:
            clock.sendall(json.dumps({"kind": "quit"}).encode() + b"\n")
            thread.join(PATIENCE_S)
        assert not thread.is_alive()
