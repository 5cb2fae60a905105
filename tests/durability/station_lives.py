"""A station whose lives are forks, as tests steer it, and what it said it had saved."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from examrunner.archive.reading import Recording
from examrunner.testing.rig_peer import RigPeer

HERE = Path(__file__).parent
TENTH_S = 100_000_000
SCRIPT: Sequence[tuple[int, Mapping[str, Any]]] = [
    (1 * TENTH_S, {"do": "edit", "field": "gain", "value": 3}),
    (2 * TENTH_S, {"do": "capture", "camera": "front"}),
    (3 * TENTH_S, {"do": "edit", "field": "gain", "value": 4}),
    (4 * TENTH_S, {"do": "submit"}),
    (5 * TENTH_S, {"do": "stop"}),
]
EXAM_NS = 5 * TENTH_S
ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
LEASE = {
    "attempt_id": ATTEMPT,
    "token": 1,
    "station": "peer-01",
    "rig": "peer",
    "candidate": "K7",
    "task": "C06",
    "mode": "exam",
    "variant": "a",
    "rubric": "id: X\n",
    "rubric_digest": "0" * 64,
    "case": "{}",
    "case_digest": "0" * 64,
    "nonce": "ab",
    "issued_at": "2026-11-23T09:30:00+08:00",
    "expires_at": "2026-11-23T12:30:00+08:00",
}


class Station:
    """Lives of one station, each in a fork of a process that has imported it all."""

    def __init__(
        self, library: Path, data: Path, script: str = "exam_forks.py"
    ) -> None:
        self.data = data
        self._server = subprocess.Popen(
            [sys.executable, HERE / script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "LD_PRELOAD": str(library)},
        )
        assert json.loads(self._server.stdout.readline())["ready"]

    def live(
        self, rig: RigPeer, mode: str = "", at: int = 0, asked: str = ""
    ) -> list[dict[str, Any]]:
        order = {"mode": mode, "at": at, "asked": asked, "lease": LEASE}
        return self.tell({**order, **self.links(rig)})

    def links(self, rig: RigPeer) -> dict[str, Any]:
        names = ("can", "camera", "fault_box", "clock")
        return {"links": {name: asdict(getattr(rig, name)) for name in names}}

    def tell(self, order: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One life; returns what it said when it is over."""
        order = {"data": str(self.data), **order}
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        return json.loads(self._server.stdout.readline())

    def close(self) -> None:
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()


def values(told: Sequence[Mapping[str, Any]], key: str) -> list[Any]:
    return [message[key] for message in told if key in message]


def acknowledged_events(told: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Everything that was said to be on the disk, as text that can be looked up."""
    found = []
    for message in told:
        arguments = message.get("arguments", {})
        match message.get("acknowledged"):
            case "event":
                body = json.dumps(arguments["body"], sort_keys=True)
                found.append((message["answer"], f"{arguments['stream']} {body}"))
            case "begin":
                found.append((message["answer"], 'ops {"op": "start"}'))
            case "end":
                body = {"op": "stop", "reason": arguments["reason"]}
                found.append((message["answer"], f"ops {json.dumps(body)}"))
    return found


def recorded_events(recording: Recording) -> list[tuple[int, str]]:
    """Everything that is on the disk, as the same text."""
    return [
        (event.t_ns, f"{event.stream} {json.dumps(event.body, sort_keys=True)}")
        for event in recording.events()
    ]
