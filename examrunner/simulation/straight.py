"""A whole attempt straight into a recording, without bus or station."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from examrunner.archive.writer import RecordingWriter
from examrunner.model.recording import Ending, Picture
from examrunner.simulation.actions import Action, Process
from examrunner.simulation.fault_box import FaultBox
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S
from examrunner.simulation.pictures import Lenses, shoot
from examrunner.simulation.session import Session
from examrunner.simulation.truth import quantities_of, truth_of

BASELINE_NS = 3 * NS_PER_S
OBSERVED_NS = 5 * NS_PER_S
CHUNK_NS = 10 * NS_PER_S
TRUTH_NS = 100 * NS_PER_MS
WHOLE_TRUTH_EVERY = 10
HEARTBEAT_NS = 10 * NS_PER_S
CHALLENGE = "challenge"

Attachments = Mapping[str, tuple[str, bytes]]
Command = Mapping[str, object]


@dataclass(slots=True)
class _Truth:
    """What was last written of the fault box's measurements."""

    values: Mapping[str, float | None] = field(default_factory=dict)
    samples: int = 0


class StraightRecorder:
    """Plays a session and writes down what a station would have.

    Args:
        session: The rig and the candidate.
        fault_box: The rig's fault box.
        lenses: The rig's cameras.
        writer: Where it goes.
    """

    def __init__(
        self,
        session: Session,
        fault_box: FaultBox,
        lenses: Lenses,
        writer: RecordingWriter,
    ) -> None:
        self._session = session
        self._fault_box = fault_box
        self._lenses = lenses
        self._writer = writer
        self._kernel = session.kernel
        self._base = session.rig.base
        self._tool = session.rig.base.scan_tool()
        self._quantities = sorted(quantities_of(session.rig.base))
        self._truth = _Truth()
        self._collected_ns = 0
        self._pictures: dict[str, int] = {}
        self._ending = (Ending.FINISHED, "the candidate handed in")

    def record(
        self, attachments: Attachments, inject: Sequence[Command], challenge: str
    ) -> str:
        """Play everything from the agent's first read to the close.

        Args:
            attachments: Name to media type and content.
            inject: Fault-box commands of the variant.
            challenge: What the rig has to show, hexadecimal.

        Returns:
            The digest of the recording.
        """
        for name, (media_type, data) in attachments.items():
            self._writer.attach(name, media_type, data)
        self._sample_truth()
        for channel in self._base.buses:
            self._event("health", {"stream": channel, "error_reporting": True})
        self._beat()
        self._phase("pre")
        self._challenge(challenge)
        self._before(inject)
        self._exam()
        self._after()
        self._phase("closed")
        self._collect()
        end_ns = self._kernel.now_ns
        return self._writer.close(*self._ending, end_ns)

    def _challenge(self, challenge: str) -> None:
        if CHALLENGE in self._base.description.faults:
            outcome = self._fault_box.carry_out({"op": CHALLENGE, "code": challenge})
            self._op(CHALLENGE, {"result": outcome})

    def _before(self, inject: Sequence[Command]) -> None:
        self._advance(BASELINE_NS)
        self._play(self._read_codes())
        if inject:
            self._fault_box.carry_out({"op": "arm"})
        for command in inject:
            outcome = self._fault_box.carry_out(command)
            self._op("inject", {"command": dict(command), "result": outcome})
        self._advance(OBSERVED_NS)
        self._advance(self._session.whole_second_ns() - self._kernel.now_ns)

    def _exam(self) -> None:
        self._collect()
        self._session.start()
        self._phase("exam")
        self._op("start", {})
        while not self._session.stage.over:
            until_ns = min(self._collected_ns + CHUNK_NS, self._session.time_up_ns)
            action = self._session.run(until_ns)
            if action is not None:
                self._perform(action)
                self._session.stage.done()
                continue
            self._collect()
            if self._kernel.now_ns >= self._session.time_up_ns:
                self._time_up()

    def _time_up(self) -> None:
        self._session.stage.over = True
        self._op("stop", {"reason": Ending.TIME_UP.value})
        self._ending = (Ending.TIME_UP, "the time limit was reached")

    def _after(self) -> None:
        self._phase("post")
        self._play(self._read_codes())
        self._fault_box.carry_out({"op": "clear_all"})
        self._op("clear", {"command": {"op": "clear_all"}})
        self._advance(BASELINE_NS)

    def _perform(self, action: Action) -> None:
        body = dict(action.body)
        if action.do == "edit":
            self._event("form", body)
        elif action.do == "submit":
            self._event("form", {**body, "submit": True})
        elif action.do == "capture":
            self._capture(str(body["camera"]), str(body.get("purpose", "still")))
        elif action.do == "op":
            self._op(str(body.pop("op")), body)
        elif action.do == "stop":
            self._op("stop", {"reason": "finished"})

    def _capture(self, camera: str, purpose: str) -> None:
        shot = shoot(self._lenses[camera], self._kernel.now_ns, purpose)
        number = self._pictures.get(camera, 0) + 1
        self._pictures[camera] = number
        name = f"{purpose}-{number:04d}"
        self._writer.picture(
            Picture(
                t_ns=shot.t_ns,
                stream=camera,
                name=name,
                purpose=purpose,
                media_type=shot.media_type,
                data=shot.data,
            )
        )
        if purpose == "still":
            self._op("capture", {"camera": camera, "picture": name})

    def _read_codes(self) -> Process:
        for ecu in self._base.description.ecus:
            reply = yield from self._tool.ask(ecu.name, b"\x19\x02\xff")
            self._op(
                "agent_read",
                {"ecu": ecu.name, "request": "1902ff", "answer": reply.hex()},
            )

    def _play(self, process: Process) -> None:
        for item in process:
            if isinstance(item, int):
                self._kernel.run(self._kernel.now_ns + item)

    def _advance(self, by_ns: int) -> None:
        self._kernel.run(self._kernel.now_ns + by_ns)
        self._collect()

    def _collect(self) -> None:
        self._collected_ns = self._kernel.now_ns
        for channel, frames in self._base.collect().items():
            if len(frames):
                self._writer.frames(channel, frames)

    def _phase(self, phase: str) -> None:
        self._op("phase", {"phase": phase})

    def _op(self, name: str, body: Mapping[str, object]) -> None:
        self._event("ops", {"op": name, **body})

    def _event(self, stream: str, body: Mapping[str, object]) -> None:
        self._writer.event(self._kernel.now_ns, stream, body)

    def _sample_truth(self) -> None:
        measured, truth = truth_of(self._base), self._truth
        values = {name: measured.get(name) for name in self._quantities}
        is_whole = truth.samples % WHOLE_TRUTH_EVERY == 0
        changed = {
            name: value
            for name, value in values.items()
            if name not in truth.values
            or truth.values[name] != value
            or (is_whole and value is not None)
        }
        if changed:
            self._event("truth", changed)
        truth.values, truth.samples = values, truth.samples + 1
        self._kernel.after(TRUTH_NS, self._sample_truth)

    def _beat(self) -> None:
        self._event("health", {"queue_depth": 0})
        self._kernel.after(HEARTBEAT_NS, self._beat)
