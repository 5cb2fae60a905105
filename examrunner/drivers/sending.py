"""The right to send on a channel, whatever adapter it has."""

from typing import Protocol

from examrunner.model.errors import RigError


class Voice(Protocol):
    """A channel that can put a frame on its bus."""

    def put(self, can_id: int, data: bytes, *, extended: bool) -> None:
        """Put one frame on the bus.

        Raises:
            RigError: If the channel only listens, or the adapter refuses it.
        """


class Sender:
    """The right to send on one channel."""

    def __init__(self, link: Voice) -> None:
        self._link = link

    def send(self, can_id: int, data: bytes, *, extended: bool = False) -> None:
        """Put one frame on the bus.

        Raises:
            RigError: If the channel only listens by now, or the adapter refuses it.
        """
        self._link.put(can_id, data, extended=extended)


def only_listens(where: str) -> RigError:
    """Somebody wants to send while a candidate works."""
    return RigError(
        "this channel only listens now.",
        where=where,
        remedy="Send before the start or after the stop of an attempt.",
    )
