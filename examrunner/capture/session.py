"""One attempt on one rig: every link on one clock, everything into one recording."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from examrunner.archive.writer import RecordingWriter
from examrunner.capture.bus_watch import BusWatch, Heard
from examrunner.capture.can_stream import CanStream
from examrunner.capture.diagnostic_client import read_once
from examrunner.capture.fault_control import FaultControl
from examrunner.capture.frame_writer import FrameWriter
from examrunner.capture.losses import Losses
from examrunner.capture.pace import Moment, Pace
from examrunner.capture.pictures import Pictures
from examrunner.capture.wall_watch import WallWatch
from examrunner.drivers.links import Answer
from examrunner.model.errors import RigError
from examrunner.model.recording import Ending, Picture
from examrunner.model.station import Ecu, Timing

ARRIVAL_S: Final = 5.0
"""How long a frame that the rig has sent may take to arrive."""
HEARTBEAT_NS: Final = 1_000_000_000


class Session:
    """Records while an agent decides what happens; told what to do, one call a time.

    Args:
        writer: The open recording.
        pace: Who lets time pass.
        streams: Open CAN channels.
        pictures: Open cameras.
        faults: The fault box.
        losses: Where gaps are written down.
        sent_before: Frames of each channel that a rig sent before it was opened.
        wall: The wall clock, whose jumps are recorded; None without one.
    """

    def __init__(
        self,
        *,
        writer: RecordingWriter,
        pace: Pace,
        streams: Sequence[CanStream],
        pictures: Pictures,
        faults: FaultControl,
        losses: Losses,
        sent_before: Mapping[str, int] | None = None,
        wall: WallWatch | None = None,
    ) -> None:
        self._wall = wall
        self._writer = writer
        self._pace = pace
        self._streams = {stream.name: stream for stream in streams}
        self._pictures = pictures
        self._faults = faults
        self._losses = losses
        self._missing = {**dict.fromkeys(self._streams, 0), **(sent_before or {})}
        self._complete_ns = dict.fromkeys(self._streams, pace.clock.now_ns())
        self._watches: dict[str, BusWatch] = {}
        self._failure: Exception | None = None
        self._heartbeat_ns = 0
        self._writers = [
            FrameWriter(s.name, s.queue, writer, losses, self._failed) for s in streams
        ]

    def now_ns(self) -> int:
        """Recording time."""
        return self._pace.clock.now_ns()

    def attach(self, name: str, media_type: str, data: bytes) -> None:
        """Puts a file into the recording."""
        self._writer.attach(name, media_type, data)

    def event(self, stream: str, body: Mapping[str, object]) -> int:
        """Records an event now, after all frames so far; durable on return.

        Returns:
            Its recording time.

        Raises:
            RecordingError: If the disk refuses.
        """
        self._flush()
        now_ns = self.now_ns()
        self._writer.event(now_ns, stream, body)
        return now_ns

    def advance(self, by_ns: int) -> int:
        """Lets time pass and records; returns the recording time then."""
        self._settle(self._pace.advance(by_ns, self._passing))
        return self.now_ns()

    def observe(self) -> None:
        """Begins to tally identifiers anew."""
        self._watches = {name: BusWatch(name, self.now_ns()) for name in self._streams}
        for name, watch in self._watches.items():
            self._streams[name].watch(watch)

    def observed(self) -> tuple[Heard, ...]:
        """Every identifier heard since ``observe``."""
        now_ns = self.now_ns()
        return tuple(h for w in self._watches.values() for h in w.report(now_ns))

    def ask(self, ecu: Ecu, request: bytes, timing: Timing) -> bytes | None:
        """The station's own read; None if the server is silent.

        Raises:
            RigError: While a candidate works.
        """
        stream = self._streams[ecu.channel]
        answer = read_once(stream, ecu, request, timing, self.advance)
        said = None if answer is None else answer.hex()
        body = {"op": "agent_read", "ecu": ecu.name, "request": request.hex()}
        self.event("ops", {**body, "answer": said})
        return answer

    def command(self, op: str, args: Mapping[str, object]) -> Answer:
        """Tells the fault box something and records it."""
        self._flush()
        return self._faults.command(op, args, self.now_ns())

    def begin(self) -> int:
        """The candidate begins: from here on nothing of ours can send."""
        self._silence()
        began_ns = self.event("ops", {"op": "start"})
        self._faults.measure(began_ns)
        self._pace.begin()
        return began_ns

    def go_on(self, operations: Sequence[Mapping[str, object]]) -> int:
        """The candidate goes on after a restart: as ``begin``, without a start.

        Args:
            operations: What is written down about it: each is recorded at its
                ``t_ns``, or now.
        """
        self._silence()
        self._flush()
        now_ns = self.now_ns()
        for operation in operations:
            body = {key: value for key, value in operation.items() if key != "t_ns"}
            at_ns = operation.get("t_ns", now_ns)
            self._writer.event(int(str(at_ns)), "ops", body)
        self._faults.measure(now_ns)
        self._pace.begin()
        return now_ns

    def _silence(self) -> None:
        for stream in self._streams.values():
            stream.watch(None)
            proof = stream.silence(True)
            self._writer.event(
                self.now_ns(),
                "health",
                {
                    "listen_only": stream.name,
                    "verified": proof.verified,
                    "proof": proof.proof,
                },
            )

    def next(self, until_ns: int, timeout_s: float) -> Moment:
        """The candidate's next action, everything before it received.

        Without one, it returns at ``until_ns`` or after a while.

        Raises:
            RigError: If the rig is gone.
            RecordingError: If the disk refuses.
        """
        moment = self._pace.next(until_ns, timeout_s, self._passing)
        self._settle(moment)
        if moment.action is not None:
            self._look(moment.t_ns)
        return moment

    def done(self) -> None:
        """The candidate's last action is recorded; a waiting rig goes on."""
        self._pace.done()

    def take(self, camera: str, purpose: str) -> Picture:
        """Takes a picture; what a candidate captures is an operation as well.

        Raises:
            RigError: If there is no such camera, or it delivers none.
        """
        picture = self._pictures.take(camera, purpose)
        if purpose == "still":
            body = {"op": "capture", "camera": camera, "picture": picture.name}
            self.event("ops", body)
        return picture

    def end(self, reason: str) -> int:
        """The candidate has stopped; own reads are possible again."""
        ended_ns = self.event("ops", {"op": "stop", "reason": reason})
        self._look(ended_ns)
        self._pace.stop()
        for stream in self._streams.values():
            stream.silence(False)
        return ended_ns

    def health(self) -> Mapping[str, object]:
        """Frames that wait, streams that are lost, and how often any was."""
        return {
            "queue_depth": sum(s.queue.depth for s in self._streams.values()),
            "lost": list(self._losses.open),
            "losses": self._losses.count,
        }

    def saved_age_s(self) -> float:
        """Age of the newest moment before which every frame is on the disk."""
        return max((w.saved_age_s for w in self._writers), default=0.0)

    def close(self, ending: Ending, reason: str) -> str:
        """Closes every link, then the recording; returns its digest.

        Raises:
            RecordingError: If the disk refuses.
        """
        self._release()
        self._losses.all_ended(self.now_ns())
        return self._writer.close(ending, reason, self.now_ns())

    def abandon(self) -> None:
        """Closes every link and leaves the recording as a crash would."""
        self._release()
        self._writer.abandon()

    def _release(self) -> None:
        for stream in self._streams.values():
            stream.stop()
        for writer in self._writers:
            writer.stop()
        for leave in (self._pictures.close, self._faults.close, self._pace.end):
            with suppress(RigError):  # what is gone needs no closing
                leave()

    def _settle(self, moment: Moment) -> None:
        """Waits until every frame of the past is here, or counts what is missing."""
        for name, sent in moment.sent.items():
            stream = self._streams.get(name)
            if stream is None:
                continue
            expected = sent - self._missing[name]
            if not stream.wait_for(expected, ARRIVAL_S):
                lost = expected - stream.received
                self._missing[name] += lost
                # Which frame it was nobody knows; later ones may have arrived.
                self._losses.lost(name, self._complete_ns[name], moment.t_ns, lost)
            self._complete_ns[name] = moment.t_ns
        if self._failure is not None:
            raise self._failure

    def _passing(self, now_ns: int) -> None:
        """Between two actions."""
        self._look(now_ns)
        if now_ns >= self._heartbeat_ns:
            self._heartbeat_ns = now_ns + HEARTBEAT_NS
            self._writer.event(now_ns, "health", self.health())
            step_s = None if self._wall is None else self._wall.step_s()
            if step_s is not None:
                self._writer.event(now_ns, "health", {"clock_step_s": step_s})

    def _look(self, now_ns: int) -> None:
        try:
            self._faults.measure(now_ns)
            self._losses.ended("truth", now_ns)
        except RigError as error:
            self._losses.began("truth", now_ns, error.problem)
        # Each camera is watched on a thread of its own, which writes its losses down.
        with suppress(RigError):
            self._pictures.look(now_ns)
        for camera in self._pictures.measuring:
            with suppress(RigError):
                self._pictures.measure(camera, now_ns)

    def _flush(self) -> None:
        for writer in self._writers:
            writer.flush()

    def _failed(self, error: Exception) -> None:
        self._failure = error
