"""Whether an adapter is silent: asked for per interface, and read back.

python-can accepts ``listen_only=True`` for every interface, and most ignore it.
"""

import json
import subprocess
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


def _of_socketcan(channel: str) -> ListenOnly:
    command = ["ip", "-details", "-json", "link", "show", channel]
    try:
        shown = subprocess.run(command, capture_output=True, timeout=5, check=True)
        return read_link(shown.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return ListenOnly(verified=False, proof="`ip link` gives no details")


def read_link(shown: bytes) -> ListenOnly:
    """The proof in the output of ``ip -details -json link show``.

    Raises:
        ValueError: If the output is not JSON of the expected shape.
    """
    links = json.loads(shown)
    try:
        modes = links[0]["linkinfo"]["info_data"].get("ctrlmode", [])
    except (LookupError, TypeError) as error:
        raise ValueError("no CAN details") from error
    silent = "LISTEN-ONLY" in modes
    return ListenOnly(
        verified=silent, proof=f"control modes: {', '.join(modes) or 'none'}"
    )
