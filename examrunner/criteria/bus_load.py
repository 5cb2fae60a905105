"""How busy a bus is."""

from dataclasses import dataclass
from typing import Final

from examrunner.criteria.arrivals import arrivals
from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.frame_bits import BitRates, occupied_s
from examrunner.criteria.losses import lost_on
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.errors import MissingError
from examrunner.model.frames import Frames
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, Messages, Timeline

DECIMALS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BusLoad:
    """Share of the window for which frames occupy the bus, the most that is possible.

    Attributes:
        bus: CAN channel.
        bitrate_bps: Arbitration bit rate.
        data_bitrate_bps: Bit rate of the data phase of FD frames that switch.
        score: Load in percent to share of the points.
        window: When to look.
    """

    bus: str
    bitrate_bps: float
    score: Scale
    data_bitrate_bps: float | None = None
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "bus": self.bus,
            "scale": self.score.sentence("%"),
            "window": window_sentence(self.window),
        }
        return Sentence(key="bus_load.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        messages = _messages_on(hearing.timeline, self.bus)
        lost = (lost_on(hearing.timeline, self.bus) & window).total_ns
        if lost > MOST_UNKNOWN * window.total_ns:
            return recorder_lost(self.bus, window, lost)
        rates = BitRates(
            bitrate_bps=self.bitrate_bps, data_bitrate_bps=self.data_bitrate_bps
        )
        seen = [each.frames.take(arrivals(each, window).rows) for each in messages]
        times = [occupied_s(frames, rates) for frames in seen]
        whole_s = (window.total_ns - lost) / NS_PER_S
        least = round(100 * sum(low for low, _ in times) / whole_s, DECIMALS)
        most = round(100 * sum(high for _, high in times) / whole_s, DECIMALS)
        return self._judged(least, most, sum(map(len, seen)), window)

    def _judged(
        self, least: float, most: float, frames: int, window: Spans
    ) -> Judgement:
        values = {
            "bus": self.bus,
            "least": least,
            "most": most,
            "frames": frames,
            "scale": self.score.sentence("%"),
            "span": span_of(window),
        }
        return graded(
            self.score.fraction(most),
            Sentence(key="bus_load.reason", values=values),
            measured=Measured(value=most, unit="%"),
            evidence=[evidence_of(self.bus, window)],
            details={"least": least, "most": most, "frames": float(frames)},
        )


def _messages_on(timeline: Timeline, bus: str) -> list[Messages]:
    """The messages of a channel, each once: names may share the same frames.

    Raises:
        MissingError: If nothing of the channel was recorded.
    """
    found = {
        (each.extended, _first(each.frames)): each
        for each in timeline.messages.values()
        if each.channel == bus
    }
    if not found:
        raise MissingError("frames", name=bus)
    return list(found.values())


def _first(frames: Frames) -> tuple[int, int] | None:
    """Identifier and time of the first frame, None without frames."""
    return (int(frames.ids[0]), int(frames.t_ns[0])) if len(frames) else None
