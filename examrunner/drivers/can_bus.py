"""A CAN channel behind any interface that python-can knows."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final, NoReturn

from examrunner.drivers.adapters import (
    SERIAL_PORTS,
    channel_of,
    detected,
    require_serial,
)
from examrunner.drivers.can_columns import columns_of
from examrunner.drivers.lean_can import import_can
from examrunner.drivers.links import ListenOnly, Transmitter
from examrunner.drivers.listen_only import NO_WIRE, options_for, proof_of
from examrunner.drivers.sending import Sender, only_listens
from examrunner.model.errors import RigError
from examrunner.model.frames import Frames

FAREWELL_S: Final = 0.5


class CanBus:
    """One python-can bus, read by a loop of our own.

    python-can's Notifier ends for ever on the first exception of a listener, and a
    bus error is exactly what some tasks are about; so nothing here uses it.

    Args:
        interface: python-can's name: ``pcan``, ``slcan``, ``remote``, ...
        channel: As that interface wants it; None where ``serial`` says enough.
        serial: Serial number of the adapter; another one is refused.
        error_reporting: Whether the adapter delivers error frames; None: as far as
            that can be read back.
        options: Further arguments of that interface, for example ``bitrate``.
    """

    def __init__(
        self,
        *,
        interface: str,
        channel: Any = None,
        serial: str = "",
        error_reporting: bool | None = None,
        **options: Any,
    ) -> None:
        self._where = f"{interface} {serial if channel is None else channel}"
        self._interface = interface
        self._channel = channel
        self._serial = serial
        self._options = {"interface": interface, **options}
        self._error_reporting = error_reporting
        self._is_silent = False
        self._closed = False
        self._can = import_can()
        self._bus: Any = self._opened({})

    def receive(self, *, timeout_s: float, most: int) -> Frames:
        with self._wrapped("the CAN adapter is gone"):
            first = self._bus.recv(timeout_s)
            if first is None:
                return Frames.empty()
            messages = [first]
            while len(messages) < most:
                message = self._bus.recv(0)
                if message is None:
                    break
                messages.append(message)
        return columns_of(messages)

    def silence(self, silent: bool) -> ListenOnly:
        quiet = options_for(self._interface, self._can)
        if quiet and silent != self._is_silent:
            self._bus.shutdown()
            self._bus = self._opened(quiet if silent else {})
        self._is_silent = silent
        return proof_of(self._interface, self._bus, asked=silent)

    def reports_errors(self) -> bool:
        if self._error_reporting is not None:
            return self._error_reporting
        return self._interface in NO_WIRE

    def bitrate_bps(self) -> int | None:
        return None  # python-can reads none back

    def overruns(self) -> int:
        return 0  # nor does it count them

    def transmitter(self) -> Transmitter:
        self._require_voice()
        return Sender(self)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        with suppress(Exception):  # what is gone cannot be closed
            if self._interface == "remote":
                self._close_remote()
            else:
                self._bus.shutdown()

    def _close_remote(self) -> None:
        """Leaves without waiting: its own shutdown waits for ever on a dead peer."""
        self._can.BusABC.shutdown(self._bus)
        try:
            self._bus.remote_protocol.close()
            until = time.monotonic() + FAREWELL_S
            while time.monotonic() < until:
                self._bus.remote_protocol.recv(FAREWELL_S)  # ends by an exception
        finally:
            self._bus.socket.close()

    def put(self, can_id: int, data: bytes, *, extended: bool) -> None:
        """Sends one frame; only a transmitter calls this."""
        self._require_voice()
        message = self._can.Message(
            arbitration_id=can_id, is_extended_id=extended, data=data
        )
        with self._wrapped("a frame cannot be sent"):
            self._bus.send(message, timeout=1.0)

    def _opened(self, quiet: Mapping[str, Any]) -> Any:
        with self._wrapped("the CAN adapter cannot be opened"):
            asks = self._serial and self._interface in SERIAL_PORTS and self._channel
            channel = self._channel
            if self._serial and not asks:
                channel = channel_of(
                    self._interface, self._serial, self._channel, detected
                )
            bus = self._can.Bus(**{**self._options, "channel": channel, **quiet})
            if asks:
                self._require_serial(bus)
            return bus

    def _require_serial(self, bus: Any) -> None:
        try:
            require_serial(bus, self._serial, self._where)
        except Exception:
            bus.shutdown()
            raise

    def _require_voice(self) -> None:
        if self._is_silent:
            raise only_listens(self._where)

    @contextmanager
    def _wrapped(self, problem: str) -> Iterator[None]:
        try:
            yield
        except RigError:
            raise
        except Exception as error:  # noqa: BLE001  # every interface raises its own
            self._fail(problem, error)

    def _fail(self, problem: str, error: Exception) -> NoReturn:
        raise RigError(
            f"{problem} ({type(error).__name__}).",
            where=self._where,
            remedy="Check the cable, the adapter's driver and the station profile.",
        ) from error
