"""A CAN channel of the Linux kernel, read in batches."""

import os
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from examrunner.drivers.can_datagrams import datagram_of, frames_of
from examrunner.drivers.controller import (
    DEVICES,
    Controller,
    interfaces_of,
    read_controller,
    serial_of,
)
from examrunner.drivers.datagram_batch import (
    SO_RXQ_OVFL,
    SO_TIMESTAMPNS,
    DatagramReader,
)
from examrunner.drivers.links import ListenOnly, Transmitter
from examrunner.drivers.listen_only import proof_by
from examrunner.drivers.sending import Sender, only_listens
from examrunner.drivers.wall_stamps import WallStamps
from examrunner.model.errors import RigError
from examrunner.model.frames import Frames

GATHER_S: Final = 0.005
"""How long frames may gather: the kernel has stamped them already."""
BUFFER_BYTES: Final = 8 << 20
SO_RCVBUFFORCE: Final = 33
CAN_RAW_ERR_FILTER: Final = 2
EVERY_ERROR: Final = 0x1FFFFFFF
SEND_S: Final = 1.0


class SocketCan:
    """One interface, opened for classic and FD frames and for error frames.

    Whether it is silent, and at which bit rate it runs, is set by whoever may, with
    ``ip link``; here it is read back.

    Args:
        channel: Interface, ``can0``; empty where ``serial`` names an adapter with one.
        serial: Serial number of the USB adapter; another one is refused.
        bitrate: Arbitration bit rate in bit/s; another one is refused.
        error_reporting: Whether the adapter delivers error frames; None: as far as
            that can be read back.
        opening: Opens the socket of an interface.
        controller: Asks about an interface.
    """

    def __init__(
        self,
        *,
        channel: str = "",
        serial: str = "",
        bitrate: int | None = None,
        error_reporting: bool | None = None,
        opening: Callable[[str], socket.socket] | None = None,
        controller: Callable[[str], Controller] = read_controller,
    ) -> None:
        self._channel = bound(channel, serial) if serial else channel
        self._where = f"socketcan {self._channel}"
        self._controller = controller
        self._error_reporting = error_reporting
        self._is_silent = False
        self._closed = False
        self._require_bitrate(bitrate)
        try:
            self._socket = (opening or opened_socket)(self._channel)
        except OSError as error:
            self._fail("the CAN interface cannot be opened", error)
        self._reader = DatagramReader(self._socket)
        self._overruns = 0
        self._stamps = WallStamps(
            partial(time.clock_gettime_ns, time.CLOCK_REALTIME), time.monotonic_ns
        )

    def receive(self, *, timeout_s: float, most: int) -> Frames:
        if not self._reader.wait(timeout_s):
            return Frames.empty()
        time.sleep(min(GATHER_S, timeout_s))
        try:
            datagrams = self._reader.read(most)
            frames = frames_of(datagrams, self._stamps.monotonic(datagrams.wall_ns))
        except (OSError, ValueError) as error:
            self._fail("the CAN interface is gone", error)
        self._overruns = datagrams.dropped
        return frames

    def silence(self, silent: bool) -> ListenOnly:
        self._is_silent = silent
        return proof_by(self._asked())

    def reports_errors(self) -> bool:
        if self._error_reporting is not None:
            return self._error_reporting
        found = self._asked()
        return found is not None and (
            found.is_virtual or "BERR-REPORTING" in found.modes
        )

    def bitrate_bps(self) -> int | None:
        found = self._asked()
        return None if found is None else found.bitrate_bps

    def overruns(self) -> int:
        return self._overruns

    def transmitter(self) -> Transmitter:
        self._require_voice()
        return Sender(self)

    def put(self, can_id: int, data: bytes, *, extended: bool) -> None:
        """Sends one frame; only a transmitter calls this."""
        self._require_voice()
        try:
            self._socket.send(datagram_of(can_id, data, extended=extended))
        except OSError as error:
            self._fail("a frame cannot be sent", error)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._socket.close()

    def _asked(self) -> Controller | None:
        with suppress(OSError, subprocess.SubprocessError, ValueError):
            return self._controller(self._channel)
        return None

    def _require_bitrate(self, wanted_bps: int | None) -> None:
        found = None if wanted_bps is None else self.bitrate_bps()
        if found is not None and found != wanted_bps:
            raise RigError(
                f"the channel runs at {found} bit/s, not at {wanted_bps}.",
                where=self._where,
                remedy=f"Set it down, then `ip link set {self._channel} type can "
                f"bitrate {wanted_bps}`, then up.",
            )

    def _require_voice(self) -> None:
        if self._is_silent:
            raise only_listens(self._where)

    def _fail(self, problem: str, error: Exception) -> NoReturn:
        raise RigError(
            f"{problem} ({type(error).__name__}).",
            where=self._where,
            remedy="Check the adapter and that `ip link` shows the interface up.",
        ) from error


def opened_socket(channel: str) -> socket.socket:
    """A raw CAN socket that hears everything there is on ``channel``.

    Raises:
        OSError: If this system has no CAN, or no such interface.
    """
    if not hasattr(socket, "AF_CAN"):
        raise OSError("this system has no SocketCAN")
    opened = socket.socket(socket.AF_CAN, socket.SOCK_RAW, socket.CAN_RAW)
    try:
        opened.setsockopt(socket.SOL_CAN_RAW, socket.CAN_RAW_FD_FRAMES, 1)
        mask = struct.pack("=I", EVERY_ERROR)
        opened.setsockopt(socket.SOL_CAN_RAW, CAN_RAW_ERR_FILTER, mask)
        prepare(opened)
        opened.bind((channel,))
        _require_up(opened)
    except OSError:
        opened.close()
        raise
    return opened


def _require_up(opened: socket.socket) -> None:
    """An interface that is down lets itself be bound, and only then complains."""
    if down := opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        raise OSError(down, os.strerror(down))


def prepare(opened: socket.socket) -> None:
    """Asks for stamps, for a count of what had no room, and for much room."""
    opened.settimeout(SEND_S)
    opened.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    opened.setsockopt(socket.SOL_SOCKET, SO_RXQ_OVFL, 1)
    try:
        opened.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    except OSError:  # only an administrator may; what the system allows must do
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)


def bound(channel: str, serial: str, devices: Path = DEVICES) -> str:
    """The interface of the adapter with this serial number.

    Raises:
        RigError: If another adapter is there, or several interfaces are.
    """
    if channel:
        found = serial_of(channel, devices)
        if found == serial:
            return channel
        raise RigError(
            f"the adapter with serial number {found or 'unknown'} is there, "
            f"not {serial}.",
            where=f"socketcan {channel}",
            remedy="Plug the adapter of this station in, or correct its profile.",
        )
    channels = interfaces_of(serial, devices)
    if len(channels) == 1:
        return channels[0]
    raise RigError(
        f"the adapter {serial} has {len(channels)} CAN interfaces.",
        where="socketcan",
        remedy="Plug it in; name its channel in the profile if it has several.",
    )
