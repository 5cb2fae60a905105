"""The ADAS bench: sensors on a frame before calibration targets."""

from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.station import Rig
from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.layouts import Value
from examrunner.simulation.sensors.front_camera import FrontCamera
from examrunner.simulation.sensors.inertial import Inertial
from examrunner.simulation.sensors.lidar import Lidar
from examrunner.simulation.sensors.radar import Radar
from examrunner.simulation.sensors.surround import SurroundView
from examrunner.simulation.sensors.ultrasonic import Ultrasonic
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.turntable import Turntable

CHANNEL: Final = "CH1"
NODE_BITS: Final = ("FRAD", "FCAM", "USSC", "LIDU", "INSU", "SVC")

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class AdasBench:
    """The bench: its sensors, the domain controller, the turntable.

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
        self.base = SimulatedRig(rig, databases, seed)
        self.radar = Radar(self.base, differing)
        self.front_camera = FrontCamera(self.base, differing)
        self.ultrasonic = Ultrasonic(self.base, differing)
        self.lidar = Lidar(self.base, differing)
        self.table = Turntable(self.base.kernel)
        self.inertial = Inertial(self.base, differing, self.table)
        self.surround = SurroundView(self.base, differing)
        sensors = (
            self.radar,
            self.front_camera,
            self.ultrasonic,
            self.lidar,
            self.inertial,
            self.surround,
        )
        behaviours: dict[str, Behaviour] = {}
        for sensor in sensors:
            behaviours |= sensor.behaviours()
            for name, signals in sensor.messages().items():
                self.base.send_cyclic(CHANNEL, name, signals)
        self.base.send_cyclic(CHANNEL, "ADC_Status", self._domain_controller)
        status = partial(self.base.bench.signals, CHANNEL)
        self.base.send_cyclic(CHANNEL, "RIG_Status", status)
        self.base.send_cyclic(CHANNEL, "RIG_Table", self.table.signals)
        self.base.add_servers(behaviours)
        self.front_camera.store_data_sheet()
        self.ultrasonic.switch_on()
        self.inertial.switch_on()
        self.lidar.switch_on()
        self.base.bench.watchers.append(self._follow_stop)

    def enabled(self) -> bool:
        """Whether an actuator is enabled; the bench has none."""
        return False

    def _follow_stop(self) -> None:
        if self.base.bench.stopped:
            self.table.turn(0.0)

    def _domain_controller(self, t_ns: Times) -> Values:
        mask = np.zeros(len(t_ns), np.int64)
        for bit, name in enumerate(NODE_BITS):
            here = self.base.electrics.nodes[name].presence(t_ns)
            mask |= here.astype(np.int64) << bit
        memory = self.base.units["ADC"].memory
        return {
            "ADC_Mode": np.where(mask == (1 << len(NODE_BITS)) - 1, 1.0, 2.0),
            "ADC_NodeMask": mask,
            "ADC_DtcCount": float(len(memory.matching(0x08))),
        }
