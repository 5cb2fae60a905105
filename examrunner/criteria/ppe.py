"""Protective equipment, seen by its markers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.losses import lost_on
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, left_open, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Outcome, Sentence
from examrunner.model.timeline import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Ppe:
    """Every item is seen for a share of the time in which a person is seen.

    A picture holds until the next one, because a camera that only sends what changed
    would otherwise count movement. Too little is never a loss by itself: a marker may
    be hidden, so an examiner looks.

    Attributes:
        items: Marker ids of each item; any of them shows it.
        person: Marker ids of a person.
        camera: Work-area camera.
        share: Share of the time that awards an item.
        window: When to look.
    """

    items: Mapping[str, tuple[int, ...]]
    person: tuple[int, ...]
    camera: str = "work_area"
    share: float = 0.8
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "items": ", ".join(self.items),
            "share": 100 * self.share,
            "window": window_sentence(self.window),
        }
        return Sentence(key="ppe.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        pictures = [s for s in hearing.timeline.sightings if s.camera == self.camera]
        if not pictures:
            raise MissingError("pictures", name=self.camera)
        known = window - lost_on(hearing.timeline, self.camera)
        times = np.array([*(s.t_ns for s in pictures), known.hull_ns[1]], np.int64)
        held = known.overlap_ns(times[:-1], np.maximum(times[1:], times[:-1]))
        person = self._time_with(pictures, held, self.person)
        if not person:
            values = {"span": span_of(window)}
            reason = Sentence(key="ppe.nobody", values=values)
            return self._open(Outcome.NOT_MEASURED, reason, window)
        seen = {
            item: self._time_with(pictures, held, self.person, ids) / person
            for item, ids in self.items.items()
        }
        return self._judged(seen, person, window)

    def _judged(
        self, seen: Mapping[str, float], person_ns: int, window: Spans
    ) -> Judgement:
        worst = round(min(seen.values()), 4)
        parts = tuple(
            Sentence(key="ppe.item", values={"item": item, "seen": round(100 * s, 1)})
            for item, s in seen.items()
        )
        met = worst >= self.share - 1e-9
        reason = Sentence(
            key="ppe.reason" if met else "ppe.review",
            values={
                "person_s": round(seconds(person_ns), 1),
                "each": parts,
                "share": 100 * self.share,
                "span": span_of(window),
            },
        )
        if not met:
            return self._open(Outcome.NEEDS_REVIEW, reason, window, worst)
        return graded(
            1.0,
            reason,
            measured=Measured(value=round(100 * worst, 2), unit="%"),
            evidence=[evidence_of(self.camera, window)],
        )

    def _time_with(
        self,
        pictures: list[Sighting],
        held: np.ndarray[tuple[int], np.dtype[np.int64]],
        *any_of: tuple[int, ...],
    ) -> int:
        """Time of the pictures that show at least one id of every group."""
        ids = np.concatenate([picture.ids for picture in pictures])
        owner = np.repeat(np.arange(len(pictures)), [len(p.ids) for p in pictures])
        shown = np.ones(len(pictures), np.bool_)
        for group in any_of:
            having = np.zeros(len(pictures), np.bool_)
            having[owner[np.isin(ids, group)]] = True
            shown &= having
        return int(held[shown].sum())

    def _open(
        self,
        outcome: Outcome,
        reason: Sentence,
        window: Spans,
        worst: float | None = None,
    ) -> Judgement:
        measured = (
            None if worst is None else Measured(value=round(100 * worst, 2), unit="%")
        )
        shown = [evidence_of(self.camera, window)]
        return left_open(outcome, reason, measured=measured, evidence=shown)
