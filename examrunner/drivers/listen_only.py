"""What an adapter does besides carrying frames: asked for per interface, read back.

python-can accepts ``listen_only=True`` for every interface, and most ignore it.
"""

import json
import subprocess
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Final

from examrunner.drivers.links import ListenOnly

HONOURED: Final = ("slcan", "vector", "nixnet")
"""Interfaces of python-can 4.6 that act on ``listen_only``."""
NO_WIRE: Final = ("virtual", "remote")
"""Interfaces without a transceiver: nothing is acknowledged, whoever listens."""


def options_for(interface: str, can: ModuleType) -> dict[str, Any]:
    """What to open this interface with, so that it stays silent."""
    if interface in HONOURED:
        return {"listen_only": True}
    if interface == "pcan":
        return {"state": can.BusState.PASSIVE}
    return {}


def proof_of(interface: str, bus: Any, *, asked: bool) -> ListenOnly:
    """What can be said about the silence of an open bus."""
    if interface in NO_WIRE:
        return ListenOnly(verified=True, proof="no transceiver is on a wire")
    if not asked:
        return ListenOnly(verified=False, proof="opened to send as well")
    if interface == "pcan":
        passive = bus.state.name == "PASSIVE"
        return ListenOnly(verified=passive, proof=f"the adapter reads {bus.state.name}")
    if interface == "socketcan":
        return _of_socketcan(str(bus.channel))
    if interface in HONOURED:
        return ListenOnly(verified=False, proof="asked for; cannot be read back")
    return ListenOnly(verified=False, proof="this interface has no listen-only mode")


def reports_errors(interface: str, bus: Any) -> bool:
    """Whether an open bus is known to deliver error frames."""
    if interface in NO_WIRE:
        return True
    if interface != "socketcan":
        return False
    try:
        return "BERR-REPORTING" in _modes(str(bus.channel))
    except (OSError, subprocess.SubprocessError, ValueError):
        return False


def _of_socketcan(channel: str) -> ListenOnly:
    try:
        return _proof(_modes(channel))
    except (OSError, subprocess.SubprocessError, ValueError):
        return ListenOnly(verified=False, proof="`ip link` gives no details")


def _modes(channel: str) -> Sequence[str]:
    command = ["ip", "-details", "-json", "link", "show", channel]
    shown = subprocess.run(command, capture_output=True, timeout=5, check=True)
    return control_modes(shown.stdout)


def _proof(modes: Sequence[str]) -> ListenOnly:
    silent = "LISTEN-ONLY" in modes
    return ListenOnly(
        verified=silent, proof=f"control modes: {', '.join(modes) or 'none'}"
    )


def read_link(shown: bytes) -> ListenOnly:
    """The proof in the output of ``ip -details -json link show``.

    Raises:
        ValueError: If the output is not JSON of the expected shape.
    """
    return _proof(control_modes(shown))


def control_modes(shown: bytes) -> Sequence[str]:
    """The modes of a controller in the output of ``ip -details -json link show``.

    Raises:
        ValueError: If the output is not JSON of the expected shape.
    """
    links = json.loads(shown)
    try:
        modes: Sequence[str] = links[0]["linkinfo"]["info_data"].get("ctrlmode", [])
    except (LookupError, TypeError) as error:
        raise ValueError("no CAN details") from error
    return modes
