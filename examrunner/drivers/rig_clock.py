"""The clock of a rig that owns its time, for example a simulated one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from examrunner.drivers.json_lines import JsonLines
from examrunner.drivers.links import Beat
from examrunner.model.errors import RigError

HELLO_S: Final = 10.0


class RigClock:
    """Follows a rig's time and tells the rig when to go on.

    Args:
        address: ``host:port``.

    Attributes:
        hello: What the rig said first: speed, task, candidate.
        opened_ns: The rig's time at that moment.
        opened_sent: Frames that it had sent on each channel by then.
    """

    def __init__(self, *, address: str) -> None:
        self._lines = JsonLines(address, peer="rig clock")
        hello = self._lines.read(timeout_s=HELLO_S)
        if hello is None or hello.get("kind") != "hello":
            raise RigError(
                "the rig's clock does not say hello.",
                where=address,
                remedy="Use the clock port that `examrunner rig simulate` prints.",
            )
        self.hello: Mapping[str, Any] = hello
        self.opened_ns = int(hello.get("t_ns", 0))
        self.opened_sent = _counts(hello.get("frames", {}))

    def beats(self, *, timeout_s: float) -> Sequence[Beat]:
        heard: list[Beat] = []
        message = self._lines.read(timeout_s=timeout_s)
        while message is not None:
            if message.get("kind") in {"tick", "act"}:
                heard.append(_beat(message))
            message = self._lines.read(timeout_s=0)
        return heard

    def advance(self, by_ns: int) -> None:
        self._lines.write({"kind": "advance", "by_ns": by_ns})

    def start(self) -> None:
        self._lines.write({"kind": "start"})

    def done(self) -> None:
        self._lines.write({"kind": "done"})

    def stop(self) -> None:
        self._lines.write({"kind": "stop"})

    def quit(self) -> None:
        self._lines.write({"kind": "quit"})

    def close(self) -> None:
        self._lines.close()


def _beat(message: Mapping[str, Any]) -> Beat:
    return Beat(
        t_ns=int(message["t_ns"]),
        sent=_counts(message["frames"]),
        action=message["action"] if message["kind"] == "act" else None,
        is_advanced=bool(message.get("advanced", False)),
    )


def _counts(frames: Mapping[str, Any]) -> Mapping[str, int]:
    return {str(name): int(count) for name, count in frames.items()}
