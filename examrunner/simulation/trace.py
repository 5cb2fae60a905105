"""The log of a candidate's CAN tool."""

from collections.abc import Mapping

from examrunner.model.frames import ERROR, Frames
from examrunner.simulation.kernel import NS_PER_S

SETTLED_NS = 12 * NS_PER_S
"""After so long a frame has been collected, however the rig is run."""


class Trace:
    """Frames of one identifier, from when the log was started.

    Args:
        channel: CAN channel.
        can_id: Identifier.
        from_ns: When it was started, rig time.
    """

    def __init__(self, channel: str, can_id: int, from_ns: int) -> None:
        self._channel = channel
        self._can_id = can_id
        self._from_ns = from_ns
        self._parts: list[Frames] = []

    def take(self, collected: Mapping[str, Frames]) -> None:
        """Keep what belongs into the log."""
        frames = collected[self._channel]
        own = (frames.ids == self._can_id) & (frames.flags & ERROR == 0)
        kept = frames.take(own & (frames.t_ns >= self._from_ns))
        if len(kept):
            self._parts.append(kept)

    def until(self, t_ns: int) -> Frames:
        """The frames before ``t_ns``, which lies ``SETTLED_NS`` back."""
        frames = Frames.concatenate(self._parts)
        return frames.take(frames.t_ns < t_ns)
