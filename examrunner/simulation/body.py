"""The body network bench: two networks, a gateway between them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.station import Rig
from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.electrics import BATTERY_V
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_MS, NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.obd import legislated_answer
from examrunner.simulation.pedal import Pedal
from examrunner.simulation.pedal_monitor import PedalMonitor
from examrunner.simulation.simulated_rig import SimulatedRig

FAST, SLOW = "HS1", "MS1"
IDLE_RPM: Final = 812.0
ROUTE_TIMEOUT_NS: Final = 100 * NS_PER_MS
"""How long the gateway keeps the last value of a message that is gone."""
NOT_AVAILABLE: Final = float("nan")
SWITCH_NOT_AVAILABLE: Final = 3.0
NODE_BITS: Final = (
    "VCU", "ESC", "SAS", "PED", "GW", "BCM", "DDM", "PDM", "IC", "HVAC",
)  # fmt: skip
BACKBONES: Final = {
    FAST: ("GW", "VCU", "ESC", "SAS", "PED"),
    SLOW: ("GW", "BCM", "DDM", "PDM", "IC", "HVAC"),
}
"""Nodes along each bus from end A, where the tester's connector is, to end B."""
RESTING_LAMPS: Final = 0x0004
CHECK_LAMP: Final = 0x0008
"""Bit of the malfunction indicator in IC_Lamps."""

Times = NDArray[np.int64]
Values = Mapping[str, Value]
Signals = Callable[[Times], Values]


class BodyNetwork:
    """The bench: messages, routes, servers. The vehicle stands, its motor idles.

    Args:
        rig: As its content describes it.
        databases: Content of the database of each channel.
        seed: Of the rig.
        differing: What a variant says about this rig.
    """

    speed_mps = 0.0

    def __init__(
        self,
        rig: Rig,
        databases: Mapping[str, bytes],
        seed: int,
        differing: Mapping[str, object],
    ) -> None:
        self.base = SimulatedRig(rig, databases, seed, BACKBONES)
        self.pedal = Pedal(self.base)
        self._lamps: History[int] = History(RESTING_LAMPS)
        for channel, messages in ((FAST, self._fast()), (SLOW, self._slow())):
            for name, signals in messages.items():
                self.base.send_cyclic(channel, name, signals)
            for name in self.base.layouts[channel]:
                if name.startswith("NM_"):
                    node = name.removeprefix("NM_")
                    self.base.send_cyclic(channel, name, partial(self._presence, node))
        self.base.add_servers(self._behaviours())
        self._monitor = PedalMonitor(self.pedal, self.base)
        self.base.units["VCU"].memory.watchers.append(self._light)

    def press(self, to: float, seconds: float) -> None:
        """Somebody moves the accelerator pedal: 0 released, 1 pressed."""
        self._monitor.move(to, seconds)

    def enabled(self) -> bool:
        """Whether an actuator is enabled; the bench has none."""
        return False

    def _fast(self) -> Mapping[str, Signals]:
        return {
            "VCU_Pwt": self._powertrain,
            "ESC_Sts": self._brakes,
            "ESC_Wheel": lambda _: {},
            "SAS_Sts": self._steering,
            "PED_Sts": self.pedal.signals,
            "GW_HsSts": self._gateway,
            "GW_BodyToHs": lambda _: {"GW_LowBeam": 1.0, "GW_Hvac": 2.0},
            "RIG_Status": partial(self.base.bench.signals, FAST),
        }

    def _slow(self) -> Mapping[str, Signals]:
        return {
            "GW_PwtToBody": self._routed,
            "BCM_Lights": self._lights,
            "BCM_Doors": lambda _: {"BCM_DoorDrv": 1.0},
            "DDM_Sts": lambda _: {
                "DDM_WinPos": 35.0,
                "DDM_MirX": 120.0,
                "DDM_MirY": 96.0,
            },
            "PDM_Sts": lambda _: {"PDM_WinPos": 0.0},
            "HVAC_Sts": lambda _: {"HVAC_Set": 21.5, "HVAC_Fan": 3.0, "HVAC_Ac": 1.0},
            "IC_Sts": lambda t_ns: {"IC_Lamps": self._lamps.sample(t_ns)},
            "IC_Odo": lambda _: {"IC_Odo": 18_342.7, "IC_Trip": 112.3},
            "RIG_Status": partial(self.base.bench.signals, SLOW),
        }

    def _here(self, name: str, t_ns: Times) -> NDArray[np.bool_]:
        """Whether the gateway hears a node."""
        return self.base.heard("GW", name, t_ns)

    def _powertrain(self, t_ns: Times) -> Values:
        return {
            "VCU_Rpm": _rpm(t_ns),
            "VCU_Tq": 14.0 + self.base.noise("torque", 0.3, t_ns),
            "VCU_Accel": 100.0
            * self.pedal.position(t_ns)
            * self.pedal.believed.sample(t_ns),
            "VCU_Ready": "ON",
        }

    def _brakes(self, t_ns: Times) -> Values:
        return {
            "ESC_VehSpd": 0.0,
            "ESC_Yaw": self.base.noise("yaw rate", 0.03, t_ns),
            "ESC_BrkSw": "OFF",
            "ESC_BrkP": 0.0,
        }

    def _steering(self, t_ns: Times) -> Values:
        return {"SAS_Cal": 1.0, "SAS_AngB": -3.2 + self.base.noise("angle", 0.05, t_ns)}

    def _gateway(self, t_ns: Times) -> Values:
        mask = np.zeros(len(t_ns), np.int64)
        for bit, name in enumerate(NODE_BITS):
            mask |= self._here(name, t_ns).astype(np.int64) << bit
        return {
            "GW_NodeMask": mask,
            "GW_Hs1Load": 12.0,
            "GW_Ms1Load": 4.5,
            "GW_Hs1State": self.base.networks[FAST].state("GW", t_ns),
            "GW_Ms1State": self.base.networks[SLOW].state("GW", t_ns),
        }

    def _routed(self, t_ns: Times) -> Values:
        """HS1 0x0C0 and 0x0D0 as MS1 0x2A0."""
        powertrain = self._recently("VCU", t_ns)
        brakes = self._recently("ESC", t_ns)
        return {
            "GW_VehSpd": np.where(brakes, 0.0, NOT_AVAILABLE),
            "GW_Rpm": np.where(powertrain, _rpm(t_ns - 10 * NS_PER_MS), NOT_AVAILABLE),
            "GW_Ready": np.where(powertrain, 1.0, 0.0),
            "GW_BrkSw": np.where(brakes, 0.0, SWITCH_NOT_AVAILABLE),
        }

    def _recently(self, name: str, t_ns: Times) -> NDArray[np.bool_]:
        before = np.maximum(t_ns - ROUTE_TIMEOUT_NS, 0)
        return self._here(name, t_ns) | self._here(name, before)

    def _lights(self, t_ns: Times) -> Values:
        return {
            "BCM_LowBeam": "ON",
            "BCM_KL15": "ON",
            "BCM_UBat": BATTERY_V + self.base.noise("battery", 0.03, t_ns),
        }

    def _presence(self, name: str, t_ns: Times) -> Values:
        node = self.base.electrics.nodes[name]
        return {
            f"NM_{name}_Src": float(NODE_BITS.index(name) + 1),
            f"NM_{name}_Ctl": 1.0,
            f"NM_{name}_Up": np.floor((t_ns - node.woken_ns.sample(t_ns)) / NS_PER_S),
        }

    def _behaviours(self) -> Mapping[str, Behaviour]:
        return {
            "VCU": Behaviour(
                read={
                    0x0803: lambda: self._monitor.did(0),
                    0x0804: lambda: self._monitor.did(1),
                    0x0805: lambda: self._monitor.did(2, 3),
                },
                obd=self._legislated,
                frozen=(0x0803, 0x0804, 0x0805),
            ),
            "BCM": Behaviour(read={0x0B01: lambda: bytes([round(10 * BATTERY_V)])}),
            "GW": Behaviour(read={0x0A02: lambda: bytes([24, 9])}),
        }

    def _legislated(self, request: bytes) -> bytes | None:
        live = {
            0x49: self._monitor.percent_byte("PED_App1"),
            0x4A: self._monitor.percent_byte("PED_App2"),
        }
        return legislated_answer(self.base.units["VCU"], request, live)

    def _light(self) -> None:
        lamp = CHECK_LAMP if self.base.units["VCU"].memory.lamp else 0
        self._lamps.set(self.base.kernel.now_ns, RESTING_LAMPS | lamp)


def _rpm(t_ns: Times) -> NDArray[np.float64]:
    """An idle that hunts a little."""
    idle: NDArray[np.float64] = IDLE_RPM + 9.0 * np.sin(
        2.0 * np.pi * t_ns / (7.0 * NS_PER_S)
    )
    return idle
