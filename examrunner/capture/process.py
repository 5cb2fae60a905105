"""The agent's end of a capture process."""

import base64
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final, Self

from examrunner.capture.bus_watch import Heard
from examrunner.capture.calls import error_of
from examrunner.capture.pace import Moment
from examrunner.capture.plan import PLAN, Plan
from examrunner.drivers.links import Answer
from examrunner.model.errors import RigError
from examrunner.model.recording import Ending, Picture
from examrunner.model.station import Ecu, Timing

EXIT_S: Final = 10.0


class CaptureLostError(RigError):
    """The capture process died; what it acknowledged is on the disk."""


class CaptureProcess:
    """A session in a process of its own: nothing the agent does can delay a frame.

    Args:
        plan: Where to record which links.

    Raises:
        RigError: If a link cannot be opened.
        RecordingError: If the folder cannot be written.
    """

    def __init__(self, plan: Plan) -> None:
        self._where = str(plan.folder)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "examrunner.capture"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            self._exchange(PLAN.dump_json(plan).decode())
        except BaseException:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def now_ns(self) -> int:
        """Recording time."""
        return int(self._call("now_ns"))

    def attach(self, name: str, media_type: str, data: bytes) -> None:
        """Puts a file into the recording."""
        encoded = base64.b64encode(data).decode()
        self._call("attach", name=name, media_type=media_type, data=encoded)

    def event(self, stream: str, body: Mapping[str, object]) -> int:
        """Records an event; it is durable when its recording time is returned."""
        return int(self._call("event", stream=stream, body=body))

    def advance(self, by_ns: int) -> int:
        """Lets time pass; returns the recording time then."""
        return int(self._call("advance", by_ns=by_ns))

    def observe(self) -> None:
        """Begins to tally identifiers anew."""
        self._call("observe")

    def observed(self) -> tuple[Heard, ...]:
        """Every identifier heard since ``observe``."""
        return tuple(Heard(**heard) for heard in self._call("observed"))

    def ask(self, ecu: Ecu, request: bytes, timing: Timing) -> bytes | None:
        """The station's own diagnostic read; None if the server is silent."""
        answer = self._call(
            "ask", ecu=asdict(ecu), request=request.hex(), timing=asdict(timing)
        )
        return None if answer is None else bytes.fromhex(answer)

    def command(self, op: str, args: Mapping[str, object]) -> Answer:
        """Tells the fault box something."""
        return Answer(**self._call("command", op=op, args=args))

    def begin(self) -> int:
        """The candidate begins; returns the recording time."""
        return int(self._call("begin"))

    def go_on(self, operations: Sequence[Mapping[str, object]]) -> int:
        """The candidate goes on after a restart; returns the recording time.

        Args:
            operations: Recorded about it, each at its ``t_ns`` or now.
        """
        return int(self._call("go_on", operations=list(operations)))

    def next(self, until_ns: int, timeout_s: float) -> Moment:
        """The candidate's next action, or none at ``until_ns`` or after a while."""
        said = self._call("next", until_ns=until_ns, timeout_s=timeout_s)
        return Moment(t_ns=said["t_ns"], sent={}, action=said["action"])

    def done(self) -> None:
        """The candidate's last action is recorded."""
        self._call("done")

    def take(self, camera: str, purpose: str) -> Picture:
        """Takes a picture for a purpose; it is on the disk already."""
        said = self._call("take", camera=camera, purpose=purpose)
        return Picture(**{**said, "data": base64.b64decode(said["data"])})

    def end(self, reason: str) -> int:
        """The candidate has stopped; returns the recording time."""
        return int(self._call("end", reason=reason))

    def health(self) -> Mapping[str, object]:
        """Frames that wait, streams that are lost, how often, age of what is saved."""
        found: dict[str, object] = self._call("health")
        return found

    def close(self, ending: Ending, reason: str) -> str:
        """Closes and signs the recording; returns its digest."""
        digest = str(self._call("close", ending=ending, reason=reason))
        self._process.wait(EXIT_S)
        return digest

    def kill(self) -> None:
        """Ends the process; the recording stays unclosed."""
        self._process.kill()
        self._process.wait(EXIT_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not taken is of no use now
                    pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _call(self, call: str, **arguments: object) -> Any:
        return self._exchange(json.dumps({"call": call, **arguments}))

    def _exchange(self, line: str) -> Any:
        sending, receiving = self._process.stdin, self._process.stdout
        if sending is None or receiving is None:
            raise self._lost()
        try:
            sending.write(line + "\n")
            sending.flush()
            answer = receiving.readline()
        except (OSError, ValueError):
            raise self._lost() from None
        if not answer:
            raise self._lost()
        said = json.loads(answer)
        if "error" in said:
            raise error_of(said["error"])
        return said["ok"]

    def _lost(self) -> CaptureLostError:
        return CaptureLostError(
            "the capture process has ended.",
            where=self._where,
            remedy="It is started again; if that goes on, check adapters and cameras.",
        )
