"""What a station expects of every driver, whatever is behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from examrunner.model.frames import Frames


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenOnly:
    """Whether an adapter is proved to stay silent on the bus.

    Attributes:
        verified: Read back from the adapter, not only asked for.
        proof: What was read back, or why nothing could be.
    """

    verified: bool
    proof: str


class Transmitter(Protocol):
    """The right to send on one channel; exists only before start and after stop."""

    def send(self, can_id: int, data: bytes, *, extended: bool = False) -> None:
        """Put one frame on the bus.

        Raises:
            RigError: If the adapter refuses it.
        """


class CanLink(Protocol):
    """One open CAN channel. It can listen; only a transmitter can send."""

    def receive(self, *, timeout_s: float, most: int) -> Frames:
        """Frames in order of arrival, at once when there are ``most`` of them.

        ``t_ns`` is the adapter's own stamp; capture maps it to recording time.

        Args:
            timeout_s: How long to wait for the first frame.
            most: Largest number of frames to return.

        Raises:
            RigError: If the adapter is gone.
        """

    def silence(self, silent: bool) -> ListenOnly:
        """From now on only listens, or may send again; says what is proved of it.

        While silent, nothing can be sent, not even by a transmitter from before.
        """

    def reports_errors(self) -> bool:
        """Whether error frames are received; if not, their absence says nothing."""

    def bitrate_bps(self) -> int | None:
        """The arbitration bit rate as read back; None if it cannot be."""

    def overruns(self) -> int:
        """Frames that found no room since the link was opened, as far as it says."""

    def transmitter(self) -> Transmitter:
        """The right to send.

        Raises:
            RigError: If the channel is silent.
        """

    def close(self) -> None:
        """Gives the adapter back; closing twice does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture as a camera delivered it.

    Attributes:
        t_ns: The camera's own stamp; None if it has no clock.
        media_type: ``image/png`` or ``image/jpeg``.
        data: The encoded bytes.
    """

    t_ns: int | None
    media_type: str
    data: bytes


class CameraLink(Protocol):
    """One open camera."""

    def still(self) -> Shot:
        """The whole picture, lossless.

        Raises:
            RigError: If the camera delivers none.
        """

    def thumbnail(self) -> Shot:
        """A picture to look at people and the work area with.

        Raises:
            RigError: If the camera delivers none.
        """

    def close(self) -> None:
        """Gives the camera back; closing twice does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a fault box replied.

    Attributes:
        result: ``ok``, ``not_armed``, ``bad_mac``, ``bad_arg``, ``interlock`` or
            ``readback_fail``.
        state: What it reads back, or measures, by name.
    """

    result: str
    state: Mapping[str, object]

    @property
    def is_ok(self) -> bool:
        """Whether the command was carried out and read back."""
        return self.result == "ok"


class FaultBoxLink(Protocol):
    """One fault box, or the person who stands in for one."""

    def command(self, op: str, args: Mapping[str, object]) -> Answer:
        """Carry out one command and read it back.

        Raises:
            RigError: If the box does not answer.
        """

    def close(self) -> None:
        """Gives the box back; closing twice does nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One message of a rig's clock.

    Attributes:
        t_ns: The rig's time.
        sent: Frames that the rig has sent on each channel since its start.
        action: What the candidate does now; the rig waits until it is done.
        is_advanced: Whether this ends an advance that was asked for.
    """

    t_ns: int
    sent: Mapping[str, int]
    action: Mapping[str, object] | None = None
    is_advanced: bool = False


class RigClockLink(Protocol):
    """The clock of a rig whose time is its own.

    Attributes:
        opened_ns: The rig's time when the link was opened.
        opened_sent: Frames that it had sent on each channel by then.
    """

    opened_ns: int
    opened_sent: Mapping[str, int]

    def beats(self, *, timeout_s: float) -> Sequence[Beat]:
        """What has arrived, in order; empty after ``timeout_s`` without any.

        Raises:
            RigError: If the rig is gone.
        """

    def advance(self, by_ns: int) -> None:
        """Lets rig time pass outside the candidate's script."""

    def start(self) -> None:
        """The candidate begins."""

    def done(self) -> None:
        """The last action has been recorded; rig time goes on."""

    def stop(self) -> None:
        """The exam is over, whatever the candidate still meant to do."""

    def quit(self) -> None:
        """The attempt is over."""

    def close(self) -> None:
        """Closes the connection; closing twice does nothing."""
