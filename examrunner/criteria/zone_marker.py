"""How often, or for how long, a marker was in a zone."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.losses import lost_on
from examrunner.criteria.predicates import evaluate
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.criteria.zones import Zone, presence
from examrunner.criteria.zones import sentence as zone_sentence
from examrunner.model.errors import MissingError
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence

NOBODY: Final = Scale(full=0, zero=0)
UNITS: Final = {"count": "", "share": "%", "time": "s"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneMarker:
    """Markers stay out of a zone, or in it, as a limit says.

    Value, with P the time in which a marker is in the zone (``zones.presence``) and W
    the window: ``count`` is the number of stretches of P within W, which neither a
    pause nor a loss of the recorder divides, ``share`` is 100 |P and W| / |W known| in
    percent, ``time`` is |P and W| in seconds. Hidden is not gone: see
    ``Zone.absent_s``. If what the window waits for (``while``) never
    holds, all three are 0. Time that the recorder lost is in neither; a
    window that was lost altogether was not measured.

    Attributes:
        zone: Where, and which markers.
        value: What is counted.
        score: Value to share of the points; nobody at all unless said otherwise.
        window: When to look; with ``while`` only as long as something holds.
    """

    zone: Zone
    value: Literal["count", "share", "time"] = "count"
    score: Scale = NOBODY
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "zone": zone_sentence(self.zone),
            "value": Sentence(key=f"zone_marker.{self.value}"),
            "scale": self.score.sentence(UNITS[self.value]),
            "window": window_sentence(self.window),
        }
        return Sentence(key="zone_marker.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, replace(self.window, while_=None))
        counted = self._counted(hearing, window)
        known = window - lost_on(hearing.timeline, self.zone.camera)
        if not len(known):
            raise MissingError("pictures", name=self.zone.camera)
        within = presence(hearing.timeline, self.zone) & known & counted
        time_s, known_ns = seconds(within.total_ns), (known & counted).total_ns
        stays = _stretches(within, known)
        value = {
            "count": float(stays),
            "share": round(100 * within.total_ns / max(1, known_ns), 2),
            "time": round(time_s, 2),
        }[self.value]
        shown = within if len(within) else window
        values = {
            "zone": zone_sentence(self.zone),
            "count": stays,
            "time_s": round(time_s, 2),
            "value": Sentence(key=f"zone_marker.{self.value}"),
            "measured": value,
            "unit": UNITS[self.value],
            "scale": self.score.sentence(UNITS[self.value]),
            "span": span_of(shown),
        }
        return graded(
            self.score.fraction(value),
            Sentence(key="zone_marker.reason", values=values),
            measured=Measured(value=value, unit=UNITS[self.value]),
            evidence=[evidence_of(self.zone.camera, shown)],
            details={"stays": float(stays), "seconds": time_s},
        )

    def _counted(self, hearing: Hearing, window: Spans) -> Spans:
        """The time of the window in which its condition holds, which may be none."""
        if self.window.while_ is None:
            return window
        return evaluate(hearing.timeline, self.window.while_, *window.hull_ns).true


def _stretches(within: Spans, known: Spans) -> int:
    """How many spans there are if the time that is not known did not exist."""
    starts, ends = known.before(within.start_ns), known.before(within.end_ns)
    return len(Spans.joined(starts, ends))
