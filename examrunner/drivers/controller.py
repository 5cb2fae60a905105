"""What the kernel says about a CAN controller: modes, bit rate, serial number."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

NO_CONTROLLER: Final = ("vcan", "vxcan")
"""Kinds of interface without a controller: no bit rate, no wire, no bus error."""
DEVICES: Final = Path("/sys/class/net")
ANSWER_S: Final = 5.0
CAN_LINK: Final = "280"
"""``ARPHRD_CAN``, the type of every CAN interface."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """One CAN interface of this PC as it is set now.

    Attributes:
        is_virtual: Whether it has no controller at all.
        modes: Control modes that are on, for example ``LISTEN-ONLY``.
        state: ``ERROR-ACTIVE``, ``BUS-OFF``, ...; None without a controller.
        bitrate_bps: Bit rate of the arbitration phase; None without a controller.
        data_bitrate_bps: Bit rate of the data phase; None without FD.
    """

    is_virtual: bool
    modes: tuple[str, ...] = ()
    state: str | None = None
    bitrate_bps: int | None = None
    data_bitrate_bps: int | None = None


def read_controller(channel: str) -> Controller:
    """Asks the kernel.

    Raises:
        OSError: If ``ip`` is not there.
        subprocess.SubprocessError: If there is no such interface.
        ValueError: If the answer says nothing about CAN.
    """
    command = ["ip", "-details", "-json", "link", "show", channel]
    shown = subprocess.run(command, capture_output=True, timeout=ANSWER_S, check=True)
    return controller_of(shown.stdout)


def controller_of(shown: bytes) -> Controller:
    """The controller in the output of ``ip -details -json link show``.

    Raises:
        ValueError: If the output says nothing about CAN.
    """
    links = json.loads(shown)
    try:
        info: Mapping[str, Any] = links[0]["linkinfo"]
        if info.get("info_kind") in NO_CONTROLLER:
            return Controller(is_virtual=True)
        data: Mapping[str, Any] = info["info_data"]
        return Controller(
            is_virtual=False,
            modes=tuple(data.get("ctrlmode", ())),
            state=data.get("state"),
            bitrate_bps=data.get("bittiming", {}).get("bitrate"),
            data_bitrate_bps=data.get("data_bittiming", {}).get("bitrate"),
        )
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("no CAN details") from error


def serial_of(channel: str, devices: Path = DEVICES) -> str | None:
    """Serial number of the USB adapter behind an interface; None if it has none."""
    device = (devices / channel / "device").resolve()
    for folder in (device, *device.parents):
        number = folder / "serial"
        if number.is_file():
            return number.read_text(errors="replace").strip()
    return None


def interfaces_of(serial: str, devices: Path = DEVICES) -> list[str]:
    """Names of the CAN interfaces of the adapter with this serial number."""
    return sorted(
        folder.name
        for folder in devices.glob("*")
        if _is_can(folder) and serial_of(folder.name, devices) == serial
    )


def _is_can(folder: Path) -> bool:
    kind = folder / "type"
    return kind.is_file() and kind.read_text().strip() == CAN_LINK
