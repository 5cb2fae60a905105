"""What the recorder lost, by track."""

from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.model.hearing import Hearing
from examrunner.model.timeline import Timeline

FAULT_BOX_STREAM = "truth"


def lost_on(timeline: Timeline, stream: str) -> Spans:
    """Time in which the recorder lost data of one stream."""
    found = NOWHERE
    for loss in timeline.health.losses:
        if loss.stream == stream:
            found |= Spans.of([(loss.from_ns, loss.to_ns)])
    return found


def stream_of(timeline: Timeline, signal: str) -> str:
    """The recorded stream that carries a signal or message; a camera is its own."""
    if signal.startswith("fib."):
        return FAULT_BOX_STREAM
    if "@" in signal:
        return timeline.poses[0].camera if timeline.poses else ""
    if signal.startswith("uds."):
        return _channel_of(timeline, signal.removeprefix("uds."))
    message = timeline.messages.get(signal.partition(".")[0])
    return message.channel if message is not None else signal


def _channel_of(timeline: Timeline, ecu: str) -> str:
    """The channel on which an ECU answered; empty if it never did."""
    found = (e.channel for e in timeline.exchanges if e.ecu == ecu)
    return next(found, "")


def lost_for(hearing: Hearing, signal: str) -> Spans:
    """Time in which the recorder lost data of a signal or message."""
    if not hearing.timeline.health.losses:
        return NOWHERE
    return lost_on(hearing.timeline, stream_of(hearing.timeline, signal))
