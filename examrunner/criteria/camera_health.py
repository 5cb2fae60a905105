"""A stream was cut off, or a camera showed nothing, for too long."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.criteria.exam_time import seconds
from examrunner.criteria.losses import lost_on
from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S
from examrunner.model.traces import PictureTrace

THUMBNAIL: Final = "thumbnail"
LEAST_CHANGE: Final = 0.2
"""Mean difference of two pictures, in grey values, below which they are one."""
FROZEN_NS: Final = 2 * NS_PER_S
DARKEST: Final = 10.0
LEAST_DETAIL: Final = 0.05
"""Share of a camera's usual detail below which something hides the view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraHealth:
    """No named stream was cut off longer than allowed; named as a veto it is held.

    A camera is also cut off while its thumbnails are frozen (they differ by less than
    0.2 grey values on average for more than 2 s; sensor noise alone makes more), from
    the first to the last of the same, or covered (mean brightness below 10, or
    Laplacian variance below 5 % of the median over all its thumbnails), from the first
    such picture to the next good one. Without thumbnails only losses of the recorder
    count.

    Attributes:
        streams: Cameras, or CAN channels.
        max_outage_s: Longest outage that is nobody's business.
    """

    streams: tuple[str, ...]
    max_outage_s: float

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {"stream": ", ".join(self.streams), "most_s": self.max_outage_s}
        return Sentence(key="camera_health.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        clock = hearing.clock
        exam = Spans.of([(clock.start_ns, clock.stop_ns)])
        out = {name: outages_of(name, hearing) & exam for name in self.streams}
        worst = max(out, key=lambda name: _longest(out[name]))
        longest = round(seconds(_longest(out[worst])), 3)
        shown = _worst(out[worst]) if longest else exam
        values = {
            "stream": worst,
            "longest_s": longest,
            "most_s": self.max_outage_s,
            "span": span_of(shown),
        }
        return graded(
            float(longest <= self.max_outage_s),
            Sentence(key="camera_health.reason", values=values),
            measured=Measured(value=longest, unit="s"),
            evidence=[evidence_of(worst, shown)],
        )


def outages_of(stream: str, hearing: Hearing) -> Spans:
    """Time in which a stream was lost, frozen or covered."""
    timeline = hearing.timeline
    thumbnails = [
        trace
        for trace in timeline.pictures
        if trace.camera == stream and trace.purpose == THUMBNAIL
    ]
    lost = lost_on(timeline, stream)
    if not thumbnails:
        return lost
    end_ns = timeline.duration_ns
    return lost | _frozen(thumbnails) | _covered(thumbnails, end_ns)


def _frozen(thumbnails: Sequence[PictureTrace]) -> Spans:
    found = NOWHERE
    since_ns = thumbnails[0].t_ns
    for trace in thumbnails:
        if trace.change is None or trace.change >= LEAST_CHANGE:
            since_ns = trace.t_ns
        elif trace.t_ns - since_ns > FROZEN_NS:
            found |= Spans.of([(since_ns, trace.t_ns)])
    return found


def _covered(thumbnails: Sequence[PictureTrace], end_ns: int) -> Spans:
    detail = np.array([trace.detail for trace in thumbnails])
    dark = np.array([trace.brightness for trace in thumbnails]) < DARKEST
    hidden: NDArray[np.bool_] = dark | (detail < LEAST_DETAIL * np.median(detail))
    ends = [*(trace.t_ns for trace in thumbnails[1:]), end_ns]
    return Spans.joined(
        np.array([trace.t_ns for trace in thumbnails], np.int64)[hidden],
        np.array(ends, np.int64)[hidden],
    )


def _longest(spans: Spans) -> int:
    return int(spans.lengths_ns().max(initial=0))


def _worst(spans: Spans) -> Spans:
    """The longest of the spans."""
    row = int(np.argmax(spans.lengths_ns()))
    return Spans.of([(int(spans.start_ns[row]), int(spans.end_ns[row]))])
