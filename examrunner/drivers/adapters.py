"""Finds an adapter by its serial number: ports change places, adapters do not."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from examrunner.model.errors import RigError

SERIAL_PORTS: Final = ("slcan", "serial")
"""Interfaces of python-can whose channel is a serial port."""
SERIAL_KEYS: Final = ("serial", "unique_hardware_id", "device_id", "serial_number")
"""What python-can's interfaces call a serial number when they list adapters."""
ANSWER_S: Final = 0.5

Detect = Callable[[str], Iterable[Mapping[str, Any]]]
"""Lists the adapters of an interface, as options to open them with."""


def channel_of(interface: str, serial: str, channel: Any, detect: Detect) -> Any:
    """The channel of the adapter with this serial number.

    Args:
        interface: python-can's name.
        serial: As it stands on the adapter.
        channel: One of its channels; None where it has one only.
        detect: Lists the adapters that are plugged in.

    Raises:
        RigError: If that adapter, or that channel of it, is not there.
    """
    channels = [
        found.get("channel")
        for found in detect(interface)
        if serial in {str(found[key]) for key in SERIAL_KEYS if key in found}
    ]
    if channel in channels:
        return channel
    if channel is None and len(channels) == 1:
        return channels[0]
    raise RigError(
        f"the adapter {serial} is not there."
        if not channels
        else f"the adapter {serial} has the channels {channels}, not {channel}.",
        where=interface,
        remedy="Plug the adapter of this station in, or correct its profile.",
    )


def detected(interface: str) -> Iterable[Mapping[str, Any]]:
    """Every adapter of an interface that is plugged in now."""
    if interface in SERIAL_PORTS:
        from serial.tools.list_ports import comports

        return [
            {"channel": port.device, "serial": port.serial_number}
            for port in comports()
        ]
    from examrunner.drivers.lean_can import import_can

    found: Iterable[Mapping[str, Any]] = import_can().detect_available_configs(
        interfaces=[interface]
    )
    return found


def require_serial(bus: Any, wanted: str, where: str) -> None:
    """Asks an open slcan adapter who it is.

    Raises:
        RigError: If it is another one, or says nothing.
    """
    answered = bus.get_serial_number(ANSWER_S)
    if answered != wanted:
        raise RigError(
            f"the adapter '{answered or 'without a name'}' answers, not '{wanted}'.",
            where=where,
            remedy="Plug the adapter of this station in, or correct its profile.",
        )
