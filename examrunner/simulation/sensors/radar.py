"""The millimetre-wave radar: detections, and the angle it is bent by.

A detection's azimuth is that of the reflector as the radar stands, plus the angle by
which its bracket is bent: ``az = geometry + bent + noise``. The radar cannot tell the
two apart: who slides the reflector sideways makes a bent radar look straight.
"""

import math
import struct
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.sensors.radar_scene import (
    AZIMUTH_SIGMA_DEG,
    detections,
    reflector_seen,
)
from examrunner.simulation.simulated_rig import SimulatedRig

ECU: Final = "FRAD"
MEASURE, STORE = 0x0302, 0x0303
"""Routines; the same numbers are data identifiers of the measured and stored angles."""
MEASURING_NS: Final = 2 * NS_PER_S
SCANS: Final = 40
ALIGNMENT_INCORRECT, MISSING_CALIBRATION = 0x5B7878, 0x5B7854
NOT_ALIGNED, RUNNING, ALIGNED, FAILED, OUT_OF_RANGE = range(5)
"""FRAD_AlignState."""
COMPLETED, UNSUCCESSFUL, CONDITIONS, RANGE = b"\x02", b"\x03", b"\x04", b"\x05"
"""Status of a routine."""

ELEVATION_DEG: Final = 0.15
SHOWN_SIGMA_DEG: Final = 0.01
ACCEPTED_DEG: Final = 0.60
ASKED_M, FARTHEST_OFF_M = 4.0, 0.5
DEG_PER_TURN: Final = 0.45
BACKLASH_DEG: Final = 0.1
UNKNOWN: Final = float("nan")

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class Radar:
    """Front radar.

    Args:
        base: The rig.
        differing: What a variant says about this rig: under ``radar`` the ``bent_deg``
            that its bracket is found with.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        given = differing.get("radar")
        own = given if isinstance(given, Mapping) else {}
        self._base = base
        self.bent_deg: History[float] = History(float(own.get("bent_deg", 0.05)))
        self.measured_deg: History[float] = History(UNKNOWN)
        self.stored_deg = 0.0
        self._state: History[int] = History(ALIGNED)
        self._slack_deg = 0.0

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"FRAD_Status": self._radar_status, "FRAD_Objects": self._radar_objects}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        routines = {
            MEASURE: Routine(
                lasting_ns=MEASURING_NS, run=self._measure, begin=self._begin
            ),
            STORE: Routine(run=self._confirm),
        }
        read = {MEASURE: self._read_measured, STORE: self._read_stored}
        return {ECU: Behaviour(read=read, routines=routines)}

    def bend(self, by_deg: float) -> None:
        """Bend the bracket; the radar notices by what stands beside the road."""
        self.bent_deg.set(self._base.kernel.now_ns, self.bent_deg.latest + by_deg)
        self.lose(ALIGNMENT_INCORRECT)

    def lose(self, code: int) -> None:
        """The radar is no longer aligned, and says so with a trouble code."""
        self._set_state(NOT_ALIGNED)
        self._base.units[ECU].memory.observe(code, failing=True)

    def keep(self, code: int) -> None:
        """A trouble code has no reason any more."""
        self._base.units[ECU].memory.observe(code, failing=False)

    @property
    def aligned(self) -> bool:
        """Whether the radar takes itself for aligned."""
        return self._state.latest == ALIGNED

    def align(self) -> None:
        """As after a successful alignment."""
        self._set_state(ALIGNED)
        self.keep(ALIGNMENT_INCORRECT)
        self.keep(MISSING_CALIBRATION)

    def turn_screw(self, turns: float) -> None:
        """Turn the adjusting screw; positive turns the axis to the left.

        The first part of a turn after a change of direction only takes up slack.
        """
        wanted = turns * DEG_PER_TURN
        slack = self._slack_deg + wanted
        self._slack_deg = min(max(slack, 0.0), BACKLASH_DEG)
        moved = slack - self._slack_deg
        # An axis that points further left sees everything further right.
        self.bent_deg.set(self._base.kernel.now_ns, self.bent_deg.latest - moved)

    def _begin(self) -> None:
        self._set_state(RUNNING)

    def _measure(self) -> bytes:
        """Mean azimuth of 40 scans of the reflector, taken for dead ahead."""
        now_ns = self._base.kernel.now_ns
        seen = reflector_seen(self._base.bodies, now_ns)
        if seen is None or abs(seen[0] - ASKED_M) > FARTHEST_OFF_M:
            self._set_state(FAILED)
            return UNSUCCESSFUL
        scans = self._base.streams.of("alignment").normal(0, AZIMUTH_SIGMA_DEG, SCANS)
        found = seen[1] + self.bent_deg.latest + float(scans.mean())
        self.measured_deg.set(now_ns, found)
        self._set_state(NOT_ALIGNED)
        return COMPLETED + self._read_measured()

    def _confirm(self) -> bytes:
        """Store what was measured if it is small; nothing is corrected by software."""
        found = self.measured_deg.latest
        if math.isnan(found):
            return CONDITIONS
        if abs(found) > ACCEPTED_DEG:
            self._set_state(OUT_OF_RANGE)
            return RANGE
        self.stored_deg = found
        self.align()
        return COMPLETED

    def _read_measured(self) -> bytes:
        found = self.measured_deg.latest
        azimuth = 0 if math.isnan(found) else round(100 * found)
        return struct.pack(">2h", azimuth, round(100 * ELEVATION_DEG))

    def _read_stored(self) -> bytes:
        stored = round(100 * self.stored_deg), round(100 * ELEVATION_DEG)
        return struct.pack(">2h", *stored)

    def _set_state(self, state: int) -> None:
        self._state.set(self._base.kernel.now_ns, state)

    def _radar_status(self, t_ns: Times) -> Values:
        found = self.measured_deg.sample(t_ns)
        return {
            "FRAD_AlignState": self._state.sample(t_ns),
            "FRAD_AzMis": found + self._base.noise("AzMis", SHOWN_SIGMA_DEG, t_ns),
            "FRAD_ElMis": ELEVATION_DEG
            + self._base.noise("ElMis", SHOWN_SIGMA_DEG, t_ns),
            "FRAD_Temp": 31.0,
            "FRAD_MotionRx": "OK",
        }

    def _radar_objects(self, t_ns: Times) -> Values:
        return detections(self._base, t_ns, self.bent_deg.sample(t_ns))
