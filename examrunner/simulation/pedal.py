"""An accelerator pedal with two sensors, and the control unit that believes them."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.tampering import shown

Times = NDArray[np.int64]
Column = NDArray[np.float64]

NODE: Final = "PED"
MESSAGE: Final = "PED_Sts"
REFERENCE_V: Final = 5.0
REST_V: Final = 0.75
"""Sensor 1 with the pedal released; sensor 2 gives half of everything."""
TRAVEL_V: Final = 3.0
NOISE_V: Final = 0.0015
DID_SIGNALS: Final = ("PED_App1", "PED_App2", "PED_Vref1", "PED_Vref2")


class Pedal:
    """Where the pedal is, and what its sensors say.

    Args:
        base: The rig that it belongs to.
    """

    def __init__(self, base: SimulatedRig) -> None:
        self._base = base
        self._knots: list[tuple[int, float]] = [(0, 0.0)]
        self.reference_v = {1: History(REFERENCE_V), 2: History(REFERENCE_V)}
        self.believed: History[bool] = History(True)
        self._latest: tuple[int, Mapping[str, float]] | None = None
        base.falsified.append(self._forget)
        for number in (1, 2):
            base.gauges[f"{NODE}.vref{number}_v"] = self._gauge(f"PED_Vref{number}")
            base.gauges[f"{NODE}.app{number}_v"] = self._gauge(f"PED_App{number}")

    def move(self, to: float, seconds: float) -> None:
        """Press or release it evenly.

        Args:
            to: Where it ends, 0 released to 1 pressed.
            seconds: How long that takes.
        """
        now_ns = self._base.kernel.now_ns
        here = float(self.position(np.array([now_ns], np.int64))[0])
        self._forget()
        self._knots = [knot for knot in self._knots if knot[0] < now_ns]
        self._knots += [(now_ns, here), (now_ns + round(seconds * NS_PER_S), to)]

    @property
    def moving(self) -> bool:
        """Whether it is on its way."""
        return self._knots[-1][0] > self._base.kernel.now_ns

    @property
    def ends(self) -> tuple[float, float]:
        """Positions between which it moves now, or stands."""
        now = np.array([self._base.kernel.now_ns], np.int64)
        return float(self.position(now)[0]), self._knots[-1][1]

    def position(self, t_ns: Times) -> Column:
        """0 released to 1 pressed, at times (n,)."""
        at, to = zip(*self._knots, strict=True)
        found: Column = np.interp(t_ns, np.array(at, np.float64), to)
        return found

    def believed_pct(self, t_ns: Times) -> Column:
        """Position that control units act on; released while the sensors disagree."""
        return 100.0 * self.position(t_ns) * self.believed.sample(t_ns)

    def signals(self, t_ns: Times) -> Mapping[str, Value]:
        """Values of the pedal's message."""
        noise = self._base.noise("pedal", NOISE_V, t_ns)
        position = self.position(t_ns)
        first, second = (self.reference_v[n].sample(t_ns) for n in (1, 2))
        sensed = REST_V + TRAVEL_V * position + noise
        return {
            "PED_App1": np.maximum(sensed * first / REFERENCE_V, 0.0),
            "PED_App2": np.maximum(0.5 * sensed * second / REFERENCE_V, 0.0),
            "PED_Pct": self.believed_pct(t_ns),
            "PED_Vref1": first,
            "PED_Vref2": second,
        }

    def sensed(self, position: float | None = None) -> Mapping[str, float]:
        """What the message says now without noise, or would at another position."""
        now_ns = self._base.kernel.now_ns
        if position is None:
            return self._sensed_now(now_ns)
        first, second = (self.reference_v[n].latest for n in (1, 2))
        volt = REST_V + TRAVEL_V * position
        true = {
            "PED_App1": volt * first / REFERENCE_V,
            "PED_App2": 0.5 * volt * second / REFERENCE_V,
            "PED_Vref1": first,
            "PED_Vref2": second,
        }
        message = self._base.messages[MESSAGE]
        return shown(message.layout, message.tampers, true, now_ns)

    def _sensed_now(self, now_ns: int) -> Mapping[str, float]:
        if self._latest is None or self._latest[0] != now_ns:
            self._latest = (now_ns, self.sensed(self.ends[0]))
        return self._latest[1]

    def _forget(self) -> None:
        self._latest = None

    def _gauge(self, signal: str) -> "Gauge":
        return Gauge(self, self._base, signal)


class Gauge:
    """What a meter shows at one pin of the pedal's plug."""

    def __init__(self, pedal: Pedal, base: SimulatedRig, signal: str) -> None:
        self._pedal = pedal
        self._base = base
        self._signal = signal

    def __call__(self) -> float:
        """The voltage now; nothing without supply."""
        node = self._base.electrics.nodes[NODE]
        fed = node.plugged and node.supply_v > node.ground_v
        return self._pedal.sensed()[self._signal] if fed else 0.0
