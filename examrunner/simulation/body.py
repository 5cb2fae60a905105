"""The body network bench: two networks, a gateway between them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.station import Rig
from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.electrics import BATTERY_V
from examrunner.simulation.gateway import Gateway
from examrunner.simulation.history import History
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.obd import legislated_answer
from examrunner.simulation.pedal import Pedal
from examrunner.simulation.pedal_monitor import PedalMonitor
from examrunner.simulation.road import Road
from examrunner.simulation.simulated_rig import SimulatedRig

FAST, SLOW = "HS1", "MS1"
KMH_PER_MPS: Final = 3.6
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
    """The bench: messages, routes, servers. The motor idles until somebody drives.

    Args:
        rig: As its content describes it.
        databases: Content of the database of each channel.
        seed: Of the rig.
        differing: What a variant says about this rig.
    """

    def __init__(
        self,
        rig: Rig,
        databases: Mapping[str, bytes],
        seed: int,
        differing: Mapping[str, object],
    ) -> None:
        self.base = SimulatedRig(rig, databases, seed, BACKBONES)
        self.pedal = Pedal(self.base)
        self.road = Road(self.base.kernel)
        self.gateway = Gateway(self.base, self.road)
        self._lamps: History[int] = History(RESTING_LAMPS)
        for channel, messages in ((FAST, self._fast()), (SLOW, self._slow())):
            for name, signals in messages.items():
                self.base.send_cyclic(channel, name, signals)
            for name in self.base.layouts[channel]:
                if name.startswith("NM_"):
                    node = name.removeprefix("NM_")
                    self.base.send_cyclic(channel, name, partial(self._presence, node))
        self.base.add_servers(self._behaviours())
        self.gateway.start()
        self._monitor = PedalMonitor(self.pedal, self.base)
        self.base.units["VCU"].memory.watchers.append(self._light)

    def press(self, to: float, seconds: float) -> None:
        """Somebody moves the accelerator pedal: 0 released, 1 pressed."""
        self._monitor.move(to, seconds)

    @property
    def speed_mps(self) -> float:
        """How fast the wheel-speed generator lets the vehicle seem."""
        now = np.array([self.base.kernel.now_ns], np.int64)
        return float(self.road.speed_kmh(now)[0]) / KMH_PER_MPS

    def enabled(self) -> bool:
        """Whether an actuator is enabled; the bench has none."""
        return False

    def _fast(self) -> Mapping[str, Signals]:
        return {
            "VCU_Pwt": self._powertrain,
            "ESC_Sts": self._brakes,
            "ESC_Wheel": self._wheels,
            "SAS_Sts": self._steering,
            "PED_Sts": self.pedal.signals,
            "GW_HsSts": self._gateway,
            "GW_BodyToHs": self.gateway.lights,
            "RIG_Status": partial(self.base.bench.signals, FAST),
        }

    def _slow(self) -> Mapping[str, Signals]:
        return {
            "GW_PwtToBody": self.gateway.routed,
            "BCM_Lights": self._lights,
            "BCM_Doors": lambda _: {"BCM_DoorDrv": 1.0},
            "DDM_Sts": lambda _: {
                "DDM_WinPos": 35.0,
                "DDM_MirX": 120.0,
                "DDM_MirY": 96.0,
            },
            "PDM_Sts": lambda _: {"PDM_WinPos": 0.0},
            "HVAC_Sts": lambda _: {"HVAC_Set": 21.5, "HVAC_Fan": 3.0, "HVAC_Ac": 1.0},
            "IC_Sts": self._cluster,
            "IC_Odo": lambda _: {"IC_Odo": 18_342.7, "IC_Trip": 112.3},
            "RIG_Status": partial(self.base.bench.signals, SLOW),
        }

    def _here(self, name: str, t_ns: Times) -> NDArray[np.bool_]:
        """Whether the gateway hears a node."""
        return self.base.heard("GW", name, t_ns)

    def _powertrain(self, t_ns: Times) -> Values:
        return {
            "VCU_Rpm": self.road.rpm(t_ns),
            "VCU_Tq": 14.0 + self.base.noise("torque", 0.3, t_ns),
            "VCU_Accel": self.pedal.believed_pct(t_ns),
            "VCU_Ready": "ON",
        }

    def _brakes(self, t_ns: Times) -> Values:
        return {
            "ESC_VehSpd": self.road.speed_kmh(t_ns),
            "ESC_Yaw": self.base.noise("yaw rate", 0.03, t_ns),
            "ESC_BrkSw": "OFF",
            "ESC_BrkP": 0.0,
        }

    def _wheels(self, t_ns: Times) -> Values:
        speed = self.road.speed_kmh(t_ns)
        return {f"ESC_Spd{wheel}": speed for wheel in ("FL", "FR", "RL", "RR")}

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

    def _cluster(self, t_ns: Times) -> Values:
        return {
            "IC_DispSpd": self.gateway.displayed_kmh(t_ns),
            "IC_Lamps": self._lamps.sample(t_ns),
        }

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
            "GW": Behaviour(
                read={0x0A02: lambda: bytes([24, 9]), 0x0A03: self._bus_states},
                accepts=self.gateway.accepts,
            ),
            "IC": Behaviour(read={0x0C01: self._displayed}),
        }

    def _legislated(self, request: bytes) -> bytes | None:
        now = np.array([self.base.kernel.now_ns], np.int64)
        live = {
            0x0C: round(4.0 * float(self.road.rpm(now)[0])).to_bytes(2, "big"),
            0x0D: bytes([round(KMH_PER_MPS * self.speed_mps)]),
            0x49: self._monitor.percent_byte("PED_App1"),
            0x4A: self._monitor.percent_byte("PED_App2"),
        }
        return legislated_answer(self.base.units["VCU"], request, live)

    def _displayed(self) -> bytes:
        now = np.array([self.base.kernel.now_ns], np.int64)
        return round(100.0 * float(self.gateway.displayed_kmh(now)[0])).to_bytes(
            2, "big"
        )

    def _bus_states(self) -> bytes:
        return bytes(self.base.networks[bus].state_now("GW") for bus in (FAST, SLOW))

    def _light(self) -> None:
        lamp = CHECK_LAMP if self.base.units["VCU"].memory.lamp else 0
        self._lamps.set(self.base.kernel.now_ns, RESTING_LAMPS | lamp)
