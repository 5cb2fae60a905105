"""One attempt as the station's own screen knows it."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

from examrunner.agent.console.stills import Stills
from examrunner.agent.desk import Desk
from examrunner.agent.pause_causes import CAUSE_WORDS
from examrunner.agent.states import Phase, Progress
from examrunner.model.errors import ContentError
from examrunner.model.recording import Picture
from examrunner.model.rubric import Field, Rubric
from examrunner.model.station import Rig
from examrunner.model.text import Text

NS_PER_S = 1_000_000_000
LARGEST_ANSWER = 2_000_000
"""Characters of one answer; a calibration file has a few thousand."""


class Sitting:
    """Sheet, form, clock and stills of the attempt that runs.

    Args:
        rubric: What is asked.
        rig: The rig.
        sheets: Task sheet by language.
        candidate: Code of the candidate.
        mode: ``exam``, ``practice`` or ``rehearsal``.
        answers: What was saved before the station was interrupted.
    """

    def __init__(
        self,
        rubric: Rubric,
        rig: Rig,
        *,
        sheets: Mapping[str, str],
        candidate: str,
        mode: str,
        answers: Mapping[str, object] | None = None,
    ) -> None:
        self.desk = Desk()
        self._rubric = rubric
        self._sheets = sheets
        self._candidate = candidate
        self._mode = mode
        self._fields = {field.id: field for field in rubric.form}
        self._reported = _reported(rubric)
        self._values: dict[str, object] = dict(answers or {})
        self._saved_ns = 0
        self._shown = (Progress(), 0)
        self._lock = Lock()
        wanted = {field.camera for field in rubric.form if field.tool}
        self._stills = {
            camera.name: Stills(camera.board)
            for camera in rig.cameras
            if camera.board is not None and camera.name in wanted
        }

    @property
    def progress(self) -> Progress:
        """How far the attempt is."""
        return self._shown[0]

    @property
    def now_ns(self) -> int:
        """Recording time when that was last heard."""
        return self._shown[1]

    @property
    def answers(self) -> Mapping[str, object]:
        """The form as it was saved."""
        return dict(self._values)

    @property
    def limit_s(self) -> float:
        """Time limit with what was credited."""
        return self._rubric.limit_s + self.progress.credited_ns / NS_PER_S

    @property
    def rubric(self) -> Rubric:
        """What is asked."""
        return self._rubric

    @property
    def gives_feedback(self) -> bool:
        """Whether tool and station say how good the work is: only in practice."""
        return self._mode == "practice"

    def follow(self, progress: Progress, now_ns: int) -> None:
        """The attempt has got further."""
        with self._lock:
            self._shown = (progress, now_ns)

    def edit(self, name: str, value: object) -> None:
        """Save an answer; returns when it is on the disk.

        Raises:
            ContentError: If the form has no such field, or the answer is too long.
            RecordingError: If no exam runs.
        """
        if name not in self._fields:
            raise ContentError(
                f"the form has no field '{name}'.",
                where="form",
                remedy=f"It has: {', '.join(self._fields)}.",
            )
        if len(str(value)) > LARGEST_ANSWER:
            raise ContentError(
                "the answer is too long.",
                where=name,
                remedy=f"Hand in at most {LARGEST_ANSWER} characters.",
            )
        body = {"do": "edit", "field": name, "value": value}
        saved = self.desk.hand_in(body)
        with self._lock:
            self._values[name] = value
            self._saved_ns = saved.t_ns

    def hand_in(self) -> None:
        """Submit the whole form and end the exam."""
        self.desk.hand_in({"do": "submit"})
        self.desk.hand_in({"do": "stop"})

    def hand_in_field(self, name: str) -> None:
        """Submit one answer as it stands, for example a fault that was found.

        Raises:
            ContentError: If it was not answered yet.
        """
        if name not in self._values:
            raise ContentError(
                f"the field '{name}' has no answer yet.",
                where="form",
                remedy="Fill it in first.",
            )
        value = self._values[name]
        self.desk.hand_in({"do": "submit", "field": name, "value": value})

    def take_still(self, camera: str) -> Picture:
        """Take a still of the board and look at it."""
        stills = self.stills(camera)
        taken = self.desk.hand_in({"do": "capture", "camera": camera})
        if taken.picture is None:
            raise TypeError("a capture answered without a picture")
        stills.add(taken.picture)
        return taken.picture

    def discard_still(self, camera: str, name: str) -> None:
        """Throw a still away: it does not count, and the recording keeps it."""
        stills = self.stills(camera)
        stills.find(name)
        body = {"op": "discard", "camera": camera, "picture": name}
        self.desk.hand_in({"do": "op", **body})
        stills.discard(name)

    def stills(self, camera: str) -> Stills:
        """The stills of one camera.

        Raises:
            ContentError: If the task has no tool for that camera.
        """
        found = self._stills.get(camera)
        if found is None:
            raise ContentError(
                f"the task takes no stills of a camera '{camera}'.",
                where="form",
                remedy=f"It takes them of: {', '.join(self._stills) or 'none'}.",
            )
        return found

    def description(self) -> dict[str, Any]:
        """What does not change: names, sheets, form."""
        return {
            "task": self._rubric.id,
            "title": _words(self._rubric.title),
            "candidate": self._candidate,
            "mode": self._mode,
            "sheets": dict(self._sheets),
            "limit_s": self._rubric.limit_s,
            "form": [
                {**_field(field), "reported": field.id in self._reported}
                for field in self._rubric.form
            ],
            "values": dict(self._values),
        }

    def state(self) -> dict[str, Any]:
        """What changes: phase, clock, what is saved."""
        with self._lock:
            progress, now_ns = self._shown
            saved_ns = self._saved_ns
        used_s = progress.exam_ns(now_ns) / NS_PER_S
        started_ns = progress.started_ns or 0
        return {
            "phase": progress.phase.value,
            "left_s": max(0.0, self.limit_s - used_s),
            "paused": _paused(progress),
            "saved_age_s": self.desk.saved_age_s,
            "lost": list(self.desk.lost),
            "outcome": progress.outcome,
            "saved_s": (saved_ns - started_ns) / NS_PER_S if saved_ns else None,
        }


def _reported(rubric: Rubric) -> frozenset[str]:
    """Fields that are handed in one by one, because every try counts."""
    criteria = [line.criterion for group in rubric.groups for line in group.lines]
    return frozenset(
        str(getattr(criterion, "field", ""))
        for criterion in criteria
        if getattr(criterion, "attempts", None)
    )


def _paused(progress: Progress) -> dict[str, str] | None:
    """Cause of the pause that lasts, for people; None while the clock runs."""
    if progress.phase is not Phase.PAUSED:
        return None
    pause = progress.pauses[-1]
    return {**_words(CAUSE_WORDS[pause.cause]), "note": pause.note}


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _field(field: Field) -> dict[str, Any]:
    return {
        "id": field.id,
        "type": field.type,
        "label": _words(field.label),
        "unit": field.unit,
        "options": {key: _words(label) for key, label in field.options.items()},
        "rows": {key: _words(label) for key, label in field.rows.items()},
        "mandatory": field.mandatory,
        "tool": field.tool,
        "camera": field.camera,
    }
