"""A simulated rig as a child process, and a station that is pointed at its ports."""

import json
import re
import selectors
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from examrunner.model.errors import RigError
from examrunner.model.station import Link, Station

START_S: Final = 60.0
STOP_S: Final = 5.0
PLACE: Final = re.compile(r"\{([a-z_]+)(?:\.(\w+))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Casting:
    """What a simulated rig plays.

    Attributes:
        profile: ``competent``, ``sloppy`` or ``cheating``; empty for a rig by hand.
        speed: Rig seconds per second.
        seed: Of everything that is random.
    """

    profile: str
    speed: float
    seed: int


class SimulatedRig:
    """Runs ``examrunner rig simulate`` until it is left.

    Args:
        station: Station name.
        task: Task that the scripted candidate does.
        variant: Variant of the task.
        casting: Who plays.
        content: Content folders before the built-in one.

    Raises:
        RigError: If it does not come up.
    """

    def __init__(
        self,
        station: str,
        *,
        task: str,
        variant: str,
        casting: Casting,
        content: Sequence[str] = (),
    ) -> None:
        command = [
            *(sys.executable, "-m", "examrunner", "rig", "simulate", station),
            *("--listen", "127.0.0.1:0", "--speed", str(casting.speed)),
            *("--seed", str(casting.seed)),
        ]
        if casting.profile:
            command += ["--candidate", casting.profile]
            command += ["--task", task, "--variant", variant]
        for folder in content:
            command += ["--content", folder]
        self._station = station
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the station's to handle
        )
        try:
            self.ports = self._ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the rig."""
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_S)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _ready(self) -> Mapping[str, Any]:
        with selectors.DefaultSelector() as selector:
            if self._process.stdout is None:
                raise self._silent()
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(START_S):
                raise self._silent()
            line = self._process.stdout.readline()
        try:
            ports = json.loads(line)
        except ValueError:
            raise self._silent() from None
        if not isinstance(ports, dict) or ports.get("ready") is not True:
            raise self._silent()
        return ports

    def _silent(self) -> RigError:
        return RigError(
            "the simulated rig does not come up.",
            where=self._station,
            remedy="Its own error stands above; try `examrunner rig simulate`.",
        )


def pointed_at(station: Station, ports: Mapping[str, Any]) -> Station:
    """The station with the rig's addresses in place of ``{can.CH1}`` and the like."""
    return replace(
        station,
        can={name: _filled(link, ports) for name, link in station.can.items()},
        cameras={name: _filled(link, ports) for name, link in station.cameras.items()},
        fault_box=station.fault_box and _filled(station.fault_box, ports),
        clock=station.clock and _filled(station.clock, ports),
    )


def _filled(link: Link, ports: Mapping[str, Any]) -> Link:
    def address(found: re.Match[str]) -> str:
        port = ports.get(found[1], {})
        filled = port.get(found[2]) if found[2] else port
        if not isinstance(filled, str):
            raise RigError(
                f"the simulated rig offers no {found[0]}.",
                where="station profile",
                remedy="Use the name of a channel or camera of this rig.",
            )
        return filled

    options = {
        name: PLACE.sub(address, value) if isinstance(value, str) else value
        for name, value in link.options.items()
    }
    return replace(link, options=options)
