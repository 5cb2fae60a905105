"""OBD values of mode 01 and 02, SAE J1979 / ISO 15031-5 annex B."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from examrunner.decode.diagnostics.reading import MalformedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Pid:
    """How one parameter is coded: ``value = (raw * numerator / divisor) + offset``.

    Attributes:
        name: Of the parameter.
        unit: Of the value.
        first: First byte of the number.
        count: Its length in bytes.
        numerator: See above; kept apart so that no rounding creeps in.
        divisor: See above.
        offset: See above.
    """

    name: str
    unit: str
    count: int = 1
    first: int = 0
    numerator: float = 1.0
    divisor: float = 1.0
    offset: float = 0.0

    def value(self, data: bytes) -> float:
        """The value that ``data``, the bytes after the parameter's number, codes.

        Raises:
            MalformedError: If bytes are missing.
        """
        raw = data[self.first : self.first + self.count]
        if len(raw) < self.count:
            raise MalformedError(f"{self.name} needs {self.first + self.count} byte(s)")
        return int.from_bytes(raw, "big") * self.numerator / self.divisor + self.offset


def _percent(name: str, **options: int) -> Pid:
    return Pid(name=name, unit="%", numerator=100, divisor=255, **options)


def _temperature(name: str) -> Pid:
    return Pid(name=name, unit="degC", offset=-40)


PIDS: Final[Mapping[int, Pid]] = {
    0x04: _percent("calculated load"),
    0x05: _temperature("coolant temperature"),
    0x0A: Pid(name="fuel pressure", unit="kPa", numerator=3),
    0x0B: Pid(name="intake manifold pressure", unit="kPa"),
    0x0C: Pid(name="engine speed", unit="rpm", count=2, divisor=4),
    0x0D: Pid(name="vehicle speed", unit="km/h"),
    0x0E: Pid(name="timing advance", unit="deg", divisor=2, offset=-64),
    0x0F: _temperature("intake air temperature"),
    0x10: Pid(name="air flow rate", unit="g/s", count=2, divisor=100),
    0x11: _percent("throttle position"),
    **{
        0x14 + sensor: Pid(name=f"oxygen sensor {sensor + 1}", unit="V", divisor=200)
        for sensor in range(8)
    },
    0x1F: Pid(name="run time", unit="s", count=2),
    0x21: Pid(name="distance with lamp on", unit="km", count=2),
    **{
        0x24 + sensor: Pid(
            name=f"wide range oxygen sensor {sensor + 1}",
            unit="V",
            first=2,
            count=2,
            numerator=8,
            divisor=65535,
        )
        for sensor in range(8)
    },
    0x2F: _percent("fuel level"),
    0x33: Pid(name="barometric pressure", unit="kPa"),
    **{
        0x34 + sensor: Pid(
            name=f"oxygen sensor {sensor + 1} current",
            unit="mA",
            first=2,
            count=2,
            divisor=256,
            offset=-128,
        )
        for sensor in range(8)
    },
    0x42: Pid(name="module voltage", unit="V", count=2, divisor=1000),
    0x43: _percent("absolute load", count=2),
    0x45: _percent("relative throttle position"),
    0x46: _temperature("ambient temperature"),
    0x47: _percent("absolute throttle position B"),
    0x49: _percent("accelerator pedal position D"),
    0x4A: _percent("accelerator pedal position E"),
    0x4B: _percent("accelerator pedal position F"),
    0x4C: _percent("commanded throttle"),
    0x53: Pid(name="absolute evaporative pressure", unit="kPa", count=2, divisor=200),
    0x54: Pid(name="evaporative pressure", unit="Pa", count=2, offset=-32767),
    0x5A: _percent("relative accelerator pedal position"),
    0x5C: _temperature("oil temperature"),
    0x5D: Pid(name="injection timing", unit="deg", count=2, divisor=128, offset=-210),
    0x5E: Pid(name="fuel rate", unit="l/h", count=2, divisor=20),
}
"""Numeric parameters by number."""

FUEL_STATES: Final = {
    0x00: "",
    0x01: "open loop, engine cold",
    0x02: "closed loop",
    0x04: "open loop, load or overrun",
    0x08: "open loop, system failure",
    0x10: "closed loop, sensor failure",
}
"""Fuel system states of parameter 0x03; any other value is reserved."""


def fuel_states(data: bytes) -> tuple[str, str] | None:
    """State of both fuel systems, or None where a reserved or no state is coded."""
    if len(data) < 2 or not any(data[:2]):
        return None
    first, second = (FUEL_STATES.get(state) for state in data[:2])
    return None if first is None or second is None else (first, second)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorStatus:
    """Parameter 0x01, as far as every engine shares it."""

    lamp_on: bool
    dtc_count: int
    compression_ignition: bool


def monitor_status(data: bytes) -> MonitorStatus:
    """Lamp, number of codes and kind of engine.

    Raises:
        MalformedError: If the four bytes are not all there.
    """
    if len(data) < 4:
        raise MalformedError("the monitor status needs four bytes")
    return MonitorStatus(
        lamp_on=bool(data[0] & 0x80),
        dtc_count=data[0] & 0x7F,
        compression_ignition=bool(data[1] & 0x08),
    )
