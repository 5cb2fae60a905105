"""A body with tags stands where it should at the moment that counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from examrunner.criteria.body_positions import (
    DECIMALS,
    UNITS,
    Rest,
    rest_before,
    shift_between,
)
from examrunner.criteria.events import Event, happenings
from examrunner.criteria.exam_time import seconds
from examrunner.criteria.pose_items import PoseItem
from examrunner.criteria.verdicts import graded, left_open, moment, span
from examrunner.criteria.windows import (
    WHOLE_EXAM,
    Anchor,
    Window,
    anchor_sentence,
    moment_of,
    opened,
)
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import (
    Evidence,
    Judgement,
    Measured,
    Outcome,
    Sentence,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPose:
    """A body stands where it should in the frame of a reference body.

    Value of an item: v = abs(median over the last pictures at rest - wanted), or for
    ``shift`` the distance between two rests. Points: sum w f(v) / sum w, and over
    several moments their mean or the worst. A body that the newest picture does not
    show, that was not at rest for ``fewest`` pictures, or whose position is known no
    better than a third of the full band is left to an examiner.

    Attributes:
        body: The body.
        reference: The body in whose frame positions are said.
        items: What counts; the value of the first one is what limits look at.
        at: The moments; for the end of the exam ``exam.end``.
        since: The moment that ``shift`` counts from.
        origin_mm: Point of that frame that positions are counted from.
        aggregate: What several moments are worth together.
        frames: Pictures that are used at most.
        fewest: Pictures that are needed at least.
        window: When to look for the moments.
    """

    body: str
    reference: str
    items: tuple[PoseItem, ...]
    at: Anchor
    since: Anchor | None = None
    origin_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    aggregate: Literal["mean", "worst"] = "mean"
    frames: int = 30
    fewest: int = 3
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "body": self.body,
            "reference": self.reference,
            "at": anchor_sentence(self.at),
            "items": tuple(
                item.rule(alone=len(self.items) == 1) for item in self.items
            ),
        }
        rule = Sentence(key="target_pose.rule", values=values)
        return Sentence(key="list", values={"parts": (rule, *self._notes())})

    def _notes(self) -> Iterator[Sentence]:
        """What else the rule has to say."""
        if any(self.origin_mm):
            origin = ", ".join(f"{each:g}" for each in self.origin_mm)
            values = {"reference": self.reference, "origin": origin}
            yield Sentence(key="target_pose.origin", values=values)
        if self.since is not None:
            since = {"since": anchor_sentence(self.since)}
            yield Sentence(key="target_pose.since", values=since)
        if self.aggregate == "worst":
            yield Sentence(key="target_pose.worst")
        if self.window != WHOLE_EXAM:
            yield window_sentence(self.window)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        moments = self._moments(hearing)
        before: Rest | None = None
        if self.since is not None:
            first = self._rest(hearing, moment_of(hearing, self.since))
            if isinstance(first, Judgement):
                return first
            before = first
        found: list[_Measured] = []
        for at_ns in moments:
            rest = self._rest(hearing, at_ns)
            if isinstance(rest, Judgement):
                return rest
            found.append(self._measured(hearing, at_ns, rest, before))
        return self._judged(found)

    def _moments(self, hearing: Hearing) -> list[int]:
        window = opened(hearing, self.window)
        if isinstance(self.at, Event):
            times = happenings(hearing.timeline, self.at, window)
            if len(times):
                return [int(t) for t in times]
        # Raises that the window never opened if the event did not happen either.
        return [moment_of(hearing, self.at)]

    def _rest(self, hearing: Hearing, at_ns: int) -> Rest | Judgement:
        rest = rest_before(
            hearing.timeline,
            self.body,
            self.reference,
            at_ns,
            origin_mm=self.origin_mm,
            frames=self.frames,
        )
        if rest is not None and rest.pictures >= self.fewest:
            return rest
        values: dict[str, object] = {"body": self.body, "moment": moment(at_ns)}
        key = "target_pose.unseen"
        if rest is not None:
            key = "target_pose.unsteady"
            values |= {"pictures": rest.pictures, "needed": self.fewest}
        return left_open(
            Outcome.NEEDS_REVIEW,
            Sentence(key=key, values=values),
            evidence=[self._evidence(at_ns, at_ns)],
        )

    def _measured(
        self, hearing: Hearing, at_ns: int, rest: Rest, before: Rest | None
    ) -> "_Measured":
        errors, sigmas = [], []
        for item in self.items:
            if item.of == "shift":
                error, sigma = shift_between(before or rest, rest)
            else:
                want = item.wanted(hearing.timeline, at_ns)
                error = abs(rest.values[item.of] - want)
                sigma = rest.sigmas[item.of]
            errors.append(round(error, DECIMALS[UNITS[item.of]]))
            sigmas.append(sigma)
        return _Measured(at_ns=at_ns, rest=rest, errors=errors, sigmas=sigmas)

    def _judged(self, found: Sequence["_Measured"]) -> Judgement:
        shares = [self._share(each.errors) for each in found]
        shown = found[shares.index(min(shares))]
        worst = max(each.errors[0] for each in found)
        measured = Measured(value=worst, unit=UNITS[self.items[0].of])
        evidence = [self._evidence(each.rest.from_ns, each.at_ns) for each in found]
        for row, item in enumerate(self.items):
            unsure = max(found, key=lambda each: each.sigmas[row])
            if item.is_unsure(unsure.sigmas[row]):
                return left_open(
                    Outcome.NEEDS_REVIEW,
                    self._unsure(item, unsure, row),
                    measured=measured,
                    evidence=evidence,
                    details=_details(unsure.rest),
                )
        whole = min(shares) if self.aggregate == "worst" else float(np.mean(shares))
        return graded(
            whole,
            self._reason(shown, len(found)),
            measured=measured,
            evidence=evidence,
            details=_details(found[-1].rest),
        )

    def _share(self, errors: Sequence[float]) -> float:
        weights = sum(item.weight for item in self.items)
        earned = (
            item.weight * item.score.fraction(error)
            for item, error in zip(self.items, errors, strict=True)
        )
        return sum(earned) / weights

    def _reason(self, shown: "_Measured", moments: int) -> Sentence:
        each = tuple(
            item.reason(error, sigma)
            for item, error, sigma in zip(
                self.items, shown.errors, shown.sigmas, strict=True
            )
        )
        key = "target_pose.reason" if moments == 1 else "target_pose.reasons"
        return Sentence(
            key=key,
            values={
                "body": self.body,
                "items": each,
                "pictures": shown.rest.pictures,
                "moments": moments,
                "span": span(shown.rest.from_ns, shown.at_ns),
            },
        )

    def _unsure(self, item: PoseItem, found: "_Measured", row: int) -> Sentence:
        unit = UNITS[item.of]
        values = {
            "body": self.body,
            "component": Sentence(key=f"pose.{item.of}"),
            "sigma": float(f"{found.sigmas[row]:.2g}"),
            "full": item.full,
            "unit": unit,
            "moment": moment(found.at_ns),
        }
        return Sentence(key="target_pose.unsure", values=values)

    def _evidence(self, from_ns: int, to_ns: int) -> Evidence:
        return Evidence(stream="poses", from_s=seconds(from_ns), to_s=seconds(to_ns))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Measured:
    """What the items are at one moment."""

    at_ns: int
    rest: Rest
    errors: list[float]
    sigmas: list[float]


def _details(rest: Rest) -> Mapping[str, float]:
    return {
        name: round(value, DECIMALS[UNITS[name]] + 1)
        for name, value in rest.values.items()
    }
