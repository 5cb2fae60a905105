"""Four surround-view cameras: calibration states and seams."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.cyclic import Signals
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.sensors.mat_position import hubs_of, position_of
from examrunner.simulation.simulated_rig import SimulatedRig

ECU: Final = "SVC"
MAT: Final = "mat"
ROUTINES: Final = {0x0310: "F", 0x0311: "B", 0x0312: "L", 0x0313: "R"}
"""Routine to the side whose camera it calibrates."""
CODES: Final = {"F": 0x5F1054, "B": 0x5F1154, "L": 0x5F1254, "R": 0x5F1354}
SIDES: Final = "FBLR"
SEAMS: Final = ("FL", "FR", "BL", "BR")
DIMENSIONS_DID: Final = 0x0321
DISTANCES_DID: Final = 0x0322
LASTING_NS: Final = 6 * NS_PER_S

NOT_CALIBRATED, CALIBRATED, FAILED = 0, 2, 3
DONE, CONDITIONS, OUT_OF_RANGE = b"\x02", b"\x04", b"\x05"
LEAST_SEAM_MM: Final = 4.0
LEVER_MM: Final = 2200.0
MOST_SHOWN_MM: Final = 127.0
NOISE_MM: Final = 1.0
FACTORY_MM: Final = 5.0
"""Misfit of a side that was calibrated before."""
ERASED_MM: Final = 58.0
"""Misfit of a side that has only its nominal pose."""
FARTHEST_MM: Final = 300.0
"""A mat that is farther off than this from where it is said to be is not accepted."""

Times = NDArray[np.int64]
Floats = NDArray[np.float64]
Values = Mapping[str, Value]


class SurroundView:
    """Surround view.

    A routine sees the mat and takes its place from the six distances that were
    written. What the mat really is off from there stays as the misfit of that side,
    ``hypot(lateral error, 2.2 m x yaw error)``; a seam shows 4 mm and the larger
    misfit of its two sides.

    Args:
        base: The rig.
        differing: What a variant says about this rig.
    """

    def __init__(self, base: SimulatedRig, differing: Mapping[str, object]) -> None:
        self._base = base
        self._states = {side: History(CALIBRATED) for side in SIDES}
        self._misfits = {side: History(FACTORY_MM) for side in SIDES}

    def messages(self) -> Mapping[str, Signals]:
        """Signals by message."""
        return {"SVC_Status": self._status}

    def behaviours(self) -> Mapping[str, Behaviour]:
        """What its control unit does beyond the common services."""
        routines = {
            number: Routine(lasting_ns=LASTING_NS, run=partial(self._calibrate, side))
            for number, side in ROUTINES.items()
        }
        return {ECU: Behaviour(routines=routines)}

    def erase(self) -> None:
        """Forget every calibration."""
        for side in SIDES:
            self._keep(side, NOT_CALIBRATED, ERASED_MM)

    def restore(self) -> None:
        """Bring back what was forgotten and was not calibrated since."""
        for side, state in self._states.items():
            if state.latest == NOT_CALIBRATED:
                self._keep(side, CALIBRATED, FACTORY_MM)

    def calibrated(self) -> bool:
        """Whether every side is calibrated."""
        return all(state.latest == CALIBRATED for state in self._states.values())

    def seams_mm(self) -> dict[str, float]:
        """What a tool shows now, by seam and without noise."""
        return {
            seam: min(MOST_SHOWN_MM, LEAST_SEAM_MM + self._worse(seam))
            for seam in SEAMS
        }

    def _status(self, t_ns: Times) -> Values:
        misfits = {s: history.sample(t_ns) for s, history in self._misfits.items()}
        values: dict[str, Value] = {
            f"SVC_Cal{side}": history.sample(t_ns)
            for side, history in self._states.items()
        }
        for seam in SEAMS:
            worse = np.maximum(misfits[seam[0]], misfits[seam[1]])
            noise = self._base.noise(f"seam {seam}", NOISE_MM, t_ns)
            shown = LEAST_SEAM_MM + worse + noise
            values[f"SVC_Seam{seam}"] = np.clip(shown, 0, MOST_SHOWN_MM)
        return values

    def _worse(self, seam: str) -> float:
        """The larger misfit of the two sides of a seam."""
        return max(self._misfits[side].latest for side in seam)

    def _calibrate(self, side: str) -> bytes:
        now_ns = self._base.kernel.now_ns
        standing = self._base.bodies.standing(MAT, now_ns)
        believed = self._believed()
        if standing.placement is None or standing.moving or believed is None:
            return CONDITIONS
        x_mm, y_mm, _ = standing.placement.at_mm
        along, across = x_mm - believed[0], y_mm - believed[1]
        turned = np.radians(standing.placement.yaw_deg - believed[2])
        misfit = float(np.hypot(across, LEVER_MM * turned))
        if np.hypot(along, misfit) > FARTHEST_MM:
            self._keep(side, FAILED, ERASED_MM)
            return OUT_OF_RANGE
        self._keep(side, CALIBRATED, misfit)
        return DONE

    def _believed(self) -> tuple[float, float, float] | None:
        """Where the control unit takes the mat to be; None if nobody said."""
        stored = self._base.units[ECU].stored
        dimensions, distances = (
            np.frombuffer(stored[did], ">u2").astype(np.float64)
            for did in (DIMENSIONS_DID, DISTANCES_DID)
        )
        if not dimensions[:3].all() or not distances.all():
            return None
        return position_of(distances, hubs_of(*(float(d) for d in dimensions[:3])))

    def _keep(self, side: str, state: int, misfit: float) -> None:
        now_ns = self._base.kernel.now_ns
        self._states[side].set(now_ns, state)
        self._misfits[side].set(now_ns, misfit)
        self._note(side, state)

    def _note(self, side: str, state: int) -> None:
        memory = self._base.units[ECU].memory
        memory.observe(CODES[side], failing=state != CALIBRATED)
