"""Opens a CAN channel by the driver that reads its interface best."""

from typing import Any

from examrunner.drivers.links import CanLink


def can_channel(*, interface: str, **options: Any) -> CanLink:
    """Opens one channel.

    Args:
        interface: ``socketcan``, which is read in batches and needs no python-can, or
            any other interface that python-can knows.
        options: See ``SocketCan`` and ``CanBus``.

    Raises:
        RigError: If it cannot be opened.
    """
    # Only what is used is imported: python-can alone takes a third of a second.
    if interface == "socketcan":
        from examrunner.drivers.socketcan import SocketCan

        return SocketCan(**options)
    from examrunner.drivers.can_bus import CanBus

    return CanBus(interface=interface, **options)
