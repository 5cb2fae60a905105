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
    message = timeline.messages.get(signal.partition(".")[0])
    return message.channel if message is not None else signal


def diagnostics_lost(timeline: Timeline, ecu: str = "") -> Spans:
    """Time in which the recorder lost data of a channel that carries diagnostics.

    Args:
        timeline: What was recorded.
        ecu: Only the channels on which this ECU spoke; where nobody was heard to
            speak, any channel may have carried it.
    """
    if not timeline.health.losses:
        return NOWHERE
    channels = {e.channel for e in timeline.exchanges if ecu in {"", e.ecu}}
    channels = channels or {e.channel for e in timeline.exchanges}
    lost = NOWHERE
    for stream in sorted(channels or {each.stream for each in timeline.health.losses}):
        lost |= lost_on(timeline, stream)
    return lost


def lost_for(hearing: Hearing, signal: str) -> Spans:
    """Time in which the recorder lost data of a signal or message."""
    if not hearing.timeline.health.losses:
        return NOWHERE
    if signal.startswith("uds."):
        return diagnostics_lost(hearing.timeline, signal.removeprefix("uds."))
    return lost_on(hearing.timeline, stream_of(hearing.timeline, signal))
