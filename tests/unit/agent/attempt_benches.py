"""An attempt on a small rig of its own, and people at its screen."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from examrunner.agent.attempt import Attempt
from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.desk import Desk, NotNowError
from examrunner.agent.states import Phase, Progress
from examrunner.agent.task import Task
from examrunner.archive.reading import Recording, open_recording
from examrunner.capture.plan import Plan
from examrunner.model.recording import Header
from examrunner.model.station import Channel, Ecu, Rig
from examrunner.model.text import Text
from examrunner.testing.rig_peer import REQUEST_ID, RESPONSE_ID, RigPeer
from examrunner.wire import PointsMessage, ScoreMessage

S = 1_000_000_000
RIG = Rig(
    name="peer",
    title=Text(zh="", en=""),
    channels=(Channel(name="CH1", database="none.dbc", bitrate_bps=500_000),),
    ecus=(
        Ecu(name="VCU", channel="CH1", request_id=REQUEST_ID, response_id=RESPONSE_ID),
    ),
)
SCORE = ScoreMessage(
    points=PointsMessage(low=1, high=2, max=3), verdict="undecided", criteria=[]
)
SCRIPT: Sequence[tuple[int, Mapping[str, Any]]] = [
    (1 * S, {"do": "edit", "field": "gain", "value": 3}),
    (2 * S, {"do": "capture", "camera": "front"}),
    (3 * S, {"do": "submit"}),
    (4 * S, {"do": "stop"}),
]
FAULT = [{"op": "node.power", "args": {"node": "ESC", "on": False}}]


class Bench:
    """One attempt on a peer, with everything that it tells."""

    def __init__(self, rig: RigPeer, folder: Path) -> None:
        self.rig = rig
        self.files = AttemptFiles(folder=folder)
        self.phases: list[Phase] = []
        self.looked_at: list[str] = []
        self.shown: list[ScoreMessage | None] = []
        self.stop = threading.Event()
        self.on_phase: Mapping[Phase, Any] = {}
        self.desk: Desk | None = None
        self.task = Task(
            rig=RIG,
            inject=[],
            limit_s=60.0,
            post_s=60.0,
            attachments={"rubric.yaml": ("application/yaml", b"id: X\n")},
            look=lambda picture: self.looked_at.append(picture.name),
            judge=lambda path: SCORE,
        )
        self.plan = Plan(
            folder=self.files.recording,
            header=Header(attempt_id="a", mode="exam", nonce="ab", software={}),
            can={"CH1": rig.can},
            cameras={"front": rig.camera},
            fault_box=rig.fault_box,
            clock=rig.clock,
        )
        folder.mkdir()

    def run(self, **changes: Any) -> Progress:
        return Attempt(
            replace(self.task, **changes),
            self.plan,
            self.files,
            notice=self.noticed,
            shown=self.shown.append,
            wants_stop=self.stop.is_set,
            desk=self.desk,
            waits=self.desk is not None,
        ).run()

    def noticed(self, progress: Progress, now_ns: int) -> None:
        if not self.phases or self.phases[-1] is not progress.phase:
            self.phases.append(progress.phase)
            self.on_phase.get(progress.phase, lambda: None)()

    def recording(self) -> Recording:
        return open_recording(self.files.recording)

    def operations(self) -> list[str]:
        bodies = [event.body for event in self.recording().events("ops")]
        return [str(b["phase"] if b["op"] == "phase" else b["op"]) for b in bodies]


class People:
    """Somebody at the screen, on a thread of their own, act after act."""

    def __init__(self, bench: Bench, *acts: Mapping[str, Any]) -> None:
        self.desk = Desk()
        bench.desk = self.desk
        self.refused: list[str] = []
        self.failure: BaseException | None = None
        self._acts = acts
        self._thread = threading.Thread(target=self.run_acts)
        bench.on_phase = {Phase.READY: lambda: self._thread.start()}

    def act_instead(self, act: Callable[[], None]) -> None:
        """Something else than the acts one after the other."""

        def run() -> None:
            try:
                act()
            except BaseException as error:
                self.failure = error
                raise

        self._thread = threading.Thread(target=run)

    def run_acts(self) -> None:
        for act in self._acts:
            try:
                self.desk.hand_in(act)
            except NotNowError as error:
                self.refused.append(error.problem)

    def done(self) -> None:
        self._thread.join(120)
        assert not self._thread.is_alive()


EDIT = {"do": "edit", "field": "gain", "value": 1}
START = {"do": "start", "by": "Zhang"}
PAUSE = {"do": "op", "op": "pause", "cause": "medical", "note": "", "by": "Zhang"}
RESUME = {"do": "op", "op": "resume", "by": "Li"}
CREDIT = {"do": "op", "op": "credit", "cause": "rig_fault", "seconds": 9, "by": "Li"}
SWAP = {
    "do": "op", "op": "reassign", "planned": "A", "actual": "B", "by": "Li",
    "reason": "sat down at the wrong place",
}  # fmt: skip


def an_end(outcome: str) -> dict[str, Any]:
    return {"do": "end", "outcome": outcome, "by": "Li", "reason": "as seen"}
