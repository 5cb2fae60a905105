"""Units that candidates type, and what they are worth in each other."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as factor and offset to the first one of its dimension.

    value_in_base = value * factor + offset
    """

    dimension: str
    factor: float
    offset: float = 0.0


def _units() -> dict[str, Unit]:
    tables: dict[str, dict[str, float]] = {
        "voltage": {"v": 1, "mv": 1e-3, "kv": 1e3, "伏": 1, "毫伏": 1e-3},
        "current": {"a": 1, "ma": 1e-3, "安": 1, "毫安": 1e-3},
        "resistance": {"ohm": 1, "ω": 1, "kohm": 1e3, "kω": 1e3, "欧": 1, "欧姆": 1},
        "time": {"s": 1, "ms": 1e-3, "min": 60, "秒": 1, "毫秒": 1e-3, "分": 60},
        "length": {"m": 1, "cm": 1e-2, "mm": 1e-3, "米": 1, "毫米": 1e-3},
        "angle": {"deg": 1, "°": 1, "rad": 57.29577951308232, "度": 1},
        "frequency": {"hz": 1, "khz": 1e3},
        "bit rate": {"bit/s": 1, "kbit/s": 1e3, "mbit/s": 1e6, "kbps": 1e3},
        "pressure": {"mpa": 1, "kpa": 1e-3, "bar": 0.1, "pa": 1e-6},
        "speed": {"m/s": 1, "km/h": 1 / 3.6},
        "share": {"%": 1},
        "pixels": {"px": 1, "pixel": 1, "像素": 1},
        "count": {"": 1, "1": 1, "次": 1, "个": 1, "times": 1},
    }
    found = {
        name: Unit(dimension=dimension, factor=factor)
        for dimension, names in tables.items()
        for name, factor in names.items()
    }
    celsius = Unit(dimension="temperature", factor=1)
    kelvin = Unit(dimension="temperature", factor=1, offset=-273.15)
    fahrenheit = Unit(dimension="temperature", factor=5 / 9, offset=-160 / 9)
    return found | {
        "degc": celsius, "°c": celsius, "k": kelvin,
        "degf": fahrenheit, "°f": fahrenheit,
    }  # fmt: skip


UNITS: Final = _units()
PREFIXES: Final = {"k": 1e3, "M": 1e6}


def converted(value: float, typed: str, wanted: str) -> float | None:
    """A value in the wanted unit; None if the typed unit has another dimension.

    >>> converted(12000, "mV", "V"), converted(3, "V", "ohm"), converted(500, "k", "")
    (12.0, None, 500000.0)
    """
    target = UNITS.get(wanted.lower())
    if typed == wanted or not typed:
        return value
    source = UNITS.get(typed.lower())
    if source is None or target is None or source.dimension != target.dimension:
        factor = PREFIXES.get(typed)
        return None if factor is None else value * factor
    base = value * source.factor + source.offset
    return (base - target.offset) / target.factor
