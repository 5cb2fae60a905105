"""What stands before the radar, and how its scans show it."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.bodies import Bodies
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

REFLECTOR: Final = "reflector"
RADAR_AT_MM: Final = (2100.0, 0.0, 500.0)
"""In the vehicle's frame."""
REFLECTOR_DBM2: Final = 20.0
HALL: Final = ((8.0, 0.6, 9.0), (11.4, -2.6, 4.0), (14.9, 3.1, 2.0))
"""Metres ahead and to the left and radar cross section of what stands in the hall."""
AZIMUTH_SIGMA_DEG: Final = 0.3
RANGE_SIGMA_M: Final = 0.05
CROSS_SECTION_SIGMA_DBM2: Final = 1.0
DETECTED_SHARE: Final = 0.98
SCAN_NS: Final = 50_000_000

Times = NDArray[np.int64]
Floats = NDArray[np.float64]


def reflector_seen(bodies: Bodies, t_ns: int) -> tuple[float, float] | None:
    """Distance in m and azimuth to the left in degrees; None while it is put away."""
    placement = bodies.where(REFLECTOR, t_ns)
    if placement is None:
        return None
    ahead, left, _ = (
        (a - b) / 1000 for a, b in zip(placement.at_mm, RADAR_AT_MM, strict=True)
    )
    return math.hypot(ahead, left), math.degrees(math.atan2(left, ahead))


def detections(base: SimulatedRig, t_ns: Times, bent_deg: Floats) -> dict[str, Value]:
    """Values of FRAD_Objects: the reflector, if it stands there, then the hall."""
    values: dict[str, Value] = {
        "FRAD_NofObj": float(len(HALL)),
        "FRAD_MeasCnt": (t_ns // SCAN_NS) % 256,
    }
    reflector = _reflector(base.bodies, t_ns)
    shown = ~np.isnan(reflector[0])
    for row, (ahead, left, size) in enumerate(HALL):
        away_m = np.full(len(t_ns), math.hypot(ahead, left))
        azimuth = np.full(len(t_ns), math.degrees(math.atan2(left, ahead)))
        dbm2 = np.full(len(t_ns), size)
        if row == 0:
            away_m = np.where(shown, reflector[0], away_m)
            azimuth = np.where(shown, reflector[1], azimuth)
            dbm2 = np.where(shown, REFLECTOR_DBM2, dbm2)
        values |= _row(base, row, t_ns, (away_m, azimuth + bent_deg, dbm2))
    return values


def _row(
    base: SimulatedRig, row: int, t_ns: Times, seen: tuple[Floats, Floats, Floats]
) -> Mapping[str, Value]:
    head = f"FRAD_O{row}_"
    away_m, azimuth, dbm2 = (
        values + base.noise(f"{head}{name}", sigma, t_ns)
        for name, values, sigma in zip(
            ("x", "az", "rcs"),
            seen,
            (RANGE_SIGMA_M, AZIMUTH_SIGMA_DEG, CROSS_SECTION_SIGMA_DBM2),
            strict=True,
        )
    )
    chance = base.streams.of("detection", row).random(len(t_ns))
    missed = chance > DETECTED_SHARE
    angle = np.radians(azimuth)
    measured = {
        "DistLong": away_m * np.cos(angle),
        "DistLat": away_m * np.sin(angle),
        "Az": azimuth,
        "Rcs": dbm2,
    }
    found: dict[str, Value] = {
        name: np.where(missed, np.nan, v) for name, v in measured.items()
    }
    constant: dict[str, Value] = {
        "Id": row + 1.0,
        "Prob": 98.0,
        "DynProp": "STATIONARY",
        "Len": 0.3,
    }
    return {f"{head}{name}": value for name, value in (found | constant).items()}


def _reflector(bodies: Bodies, t_ns: Times) -> Floats:
    """Distance and azimuth (2, n); NaN while it is put away."""
    found = (reflector_seen(bodies, int(t)) for t in t_ns)
    rows = [(math.nan, math.nan) if each is None else each for each in found]
    return np.array(rows, np.float64).reshape(-1, 2).T
