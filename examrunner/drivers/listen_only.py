"""What an adapter does besides carrying frames: asked for per interface, read back.

python-can accepts ``listen_only=True`` for every interface, and most ignore it.
"""

from types import ModuleType
from typing import Any, Final

from examrunner.drivers.controller import Controller
from examrunner.drivers.links import ListenOnly

HONOURED: Final = ("slcan", "vector", "nixnet")
"""Interfaces of python-can 4.6 that act on ``listen_only``."""
NO_WIRE: Final = ("virtual", "remote")
"""Interfaces without a transceiver: nothing is acknowledged, whoever listens."""
NOTHING_ACKNOWLEDGED: Final = "no transceiver is on a wire"


def options_for(interface: str, can: ModuleType) -> dict[str, Any]:
    """What to open this interface with, so that it stays silent."""
    if interface in HONOURED:
        return {"listen_only": True}
    if interface == "pcan":
        return {"state": can.BusState.PASSIVE}
    return {}


def proof_of(interface: str, bus: Any, *, asked: bool) -> ListenOnly:
    """What can be said about the silence of an open bus of python-can."""
    if interface in NO_WIRE:
        return ListenOnly(verified=True, proof=NOTHING_ACKNOWLEDGED)
    if not asked:
        return ListenOnly(verified=False, proof="opened to send as well")
    if interface == "pcan":
        passive = bus.state.name == "PASSIVE"
        return ListenOnly(verified=passive, proof=f"the adapter reads {bus.state.name}")
    if interface in HONOURED:
        return ListenOnly(verified=False, proof="asked for; cannot be read back")
    return ListenOnly(verified=False, proof="this interface has no listen-only mode")


def proof_by(controller: Controller | None) -> ListenOnly:
    """What the kernel's answer about a controller proves; None: it gave none."""
    if controller is None:
        return ListenOnly(verified=False, proof="`ip link` gives no details")
    if controller.is_virtual:
        return ListenOnly(verified=True, proof=NOTHING_ACKNOWLEDGED)
    listed = ", ".join(controller.modes) or "none"
    return ListenOnly(
        verified="LISTEN-ONLY" in controller.modes, proof=f"control modes: {listed}"
    )
