"""The by-wire chassis on its bus and behind its diagnostic servers."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.did_format import parse_did_format
from examrunner.model.frames import Frames
from examrunner.model.station import Rig
from examrunner.simulation.chassis_plant import AUTO, NOBODY, ChassisPlant
from examrunner.simulation.commands import CommandSender
from examrunner.simulation.control_unit import Behaviour
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.obd import legislated_answer
from examrunner.simulation.simulated_rig import SimulatedRig
from examrunner.simulation.steering_sensor import ZERO_IMPLAUSIBLE, SteeringSensor
from examrunner.simulation.tuning import Tuning
from examrunner.simulation.wheels import Wheels

CHANNEL: Final = "CH1"
CIRCUMFERENCE_M: Final = 1.985
GEAR_RATIO: Final = 8.2
RPM_PER_MPS: Final = 60.0 / CIRCUMFERENCE_M * GEAR_RATIO
NM_PER_PCT: Final = 0.9
TUNED: Final = ("steering", "brake", "drive")
VERSION: Final = (1, 2)
RIG_NUMBER: Final = 17

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class Chassis:
    """The chassis: plant, messages, servers.

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
        self.base = SimulatedRig(rig, databases, seed)
        self.plant = ChassisPlant(
            self.base.layouts[CHANNEL],
            self.base.bench,
            self.base.streams,
            {name: _numbers(differing.get(name)) for name in TUNED},
        )
        self._tuning = Tuning(self.base, self.plant)
        self.steering_sensor = SteeringSensor(
            self.base,
            self.plant,
            lambda: self.speed_mps,
            _numbers(differing.get("steering_sensor")),
        )
        self.wheels = Wheels(self.base, self.plant, _numbers(differing.get("wheels")))
        self._noise = {
            name: self.base.streams.of("noise", name)
            for name in ("angle", "torque", "pressure", "voltage", "current")
        }
        self.base.forget = self.plant.forget
        for name, signals in self._messages().items():
            self.base.send_cyclic(CHANNEL, name, signals)
        for name, log in self.plant.commands.items():
            self._hear_single(self.base.layouts[CHANNEL][name].can_id, log.hear)
        self.base.add_servers(self._behaviours())
        self.steering_sensor.start()
        self.wheels.start()
        self._tuning.store()

    def add_sender(self, sender: CommandSender) -> None:
        """Let a candidate's tool send a command message."""
        self.plant.senders.append(sender)
        self.base.buses[CHANNEL].add(sender)

    def pull_wheel(self, to_deg: float | None) -> None:
        """Let a hand turn the steering wheel; None: it lets go."""
        there = NOBODY if to_deg is None else to_deg
        self.plant.wheel_deg.set(self.base.kernel.now_ns, there)

    def enabled(self) -> bool:
        """Whether an actuator is enabled."""
        self.plant.advance(self.base.kernel.now_ns)
        return AUTO in {self.plant.latest(n) for n in ("steer", "brake", "drive")}

    @property
    def speed_mps(self) -> float:
        """How fast the wheels turn."""
        return self.plant.latest("speed_mps") + self.wheels.speed_mps

    def _hear_single(self, can_id: int, hear: Callable[[Frames], None]) -> None:
        kernel = self.base.kernel

        def listener(payload: bytes) -> None:
            hear(Frames.of([(kernel.now_ns, can_id, 0, payload)]))

        self.base.buses[CHANNEL].listen(can_id, listener)

    def _messages(self) -> Mapping[str, Callable[[Times], Values]]:
        return {
            "RPT_Throttle": self._throttle,
            "RPT_Brake": self._brake,
            "RPT_Steer": self._steer,
            "RPT_Gear": lambda t: {"RPT_GearAct": self._one(t, "gear")},
            "RPT_Park": self._park,
            "RPT_VCU": self._vcu,
            "ABS_WheelSpeed": self.wheels.speeds,
            "ABS_WheelPulse": self.wheels.pulses,
            "BMS_Status": self._battery,
            "VCU_Info": self._information,
            "SAS_Angle": self.steering_sensor.signals,
            "RIG_Status": partial(self.base.bench.signals, CHANNEL),
        }

    def _one(self, t_ns: Times, name: str) -> NDArray[np.float64]:
        return self.plant.sample(t_ns, (name,))[name]

    def _throttle(self, t_ns: Times) -> Values:
        now = self.plant.sample(t_ns, ("drive", "pedal_pct", "speed_mps"))
        return {
            "RPT_ThrState": now["drive"],
            "RPT_ThrPedalAct": now["pedal_pct"],
            "RPT_MotSpd": now["speed_mps"] * RPM_PER_MPS,
            "RPT_MotTq": NM_PER_PCT * now["pedal_pct"],
        }

    def _brake(self, t_ns: Times) -> Values:
        now = self.plant.sample(t_ns, ("brake", "pressure_mpa"))
        noise = self._noise["pressure"].normal(0.0, 0.004, len(t_ns))
        pressure = np.maximum(0.0, now["pressure_mpa"] + noise)
        return {
            "RPT_BrkState": now["brake"],
            "RPT_BrkPedalAct": 12.0 * now["pressure_mpa"],
            "RPT_BrkPressAct": pressure,
            "RPT_BrkTravel": 3.2 * now["pressure_mpa"],
        }

    def _steer(self, t_ns: Times) -> Values:
        now = self.plant.sample(t_ns, ("steer", "angle_deg", "rate_dps"))
        noise = self._noise["angle"].normal(0.0, 0.05, len(t_ns))
        torque = self._noise["torque"].normal(0.0, 0.03, len(t_ns))
        return {
            "RPT_StrState": now["steer"],
            "RPT_StrAngAct": now["angle_deg"] + noise,
            "RPT_StrRateAct": now["rate_dps"],
            "RPT_StrTqAct": 0.012 * now["rate_dps"] + torque,
        }

    def _park(self, t_ns: Times) -> Values:
        now = self.plant.sample(t_ns, ("parked", "park_force_kn"))
        return {"RPT_ParkAct": now["parked"], "RPT_ParkForce": now["park_force_kn"]}

    def _vcu(self, t_ns: Times) -> Values:
        names = ("mode", "acceleration_mps2", "turn", "overdue")
        now = self.plant.sample(t_ns, (*names, "pressure_mpa"))
        stopped = self.base.bench.switches["RIG_EStop"].sample(t_ns)
        return {
            "RPT_VehMode": now["mode"],
            "RPT_VehSpd": self.wheels.vehicle_mps(t_ns),
            "RPT_VehAcc": now["acceleration_mps2"],
            "RPT_BrkLight": np.where(now["pressure_mpa"] > 0.1, 1.0, 0.0),
            "RPT_TurnLight": now["turn"],
            "RPT_ChassisErr": np.where(stopped > 0, 5.0, 0.0),
            "RPT_CtrlTimeout": now["overdue"],
        }

    def _battery(self, t_ns: Times) -> Values:
        return {
            "BMS_Volt": 51.2 + self._noise["voltage"].normal(0.0, 0.02, len(t_ns)),
            "BMS_Curr": 1.8 + self._noise["current"].normal(0.0, 0.05, len(t_ns)),
            "BMS_Soc": 78.0,
        }

    def _information(self, t_ns: Times) -> Values:
        page = (t_ns // NS_PER_S) % 4
        vin = self.base.units["VCU"].stored[0xF190]
        parts = (vin[0:7], vin[7:14], vin[14:17])
        numbers = [int.from_bytes(part, "little") for part in parts]
        return {
            "VCU_InfoMux": page,
            **{
                f"VCU_Vin{row + 1}": np.where(page == row, number, 0)
                for row, number in enumerate(numbers)
            },
            "VCU_SwMajor": np.where(page == 3, VERSION[0], 0),
            "VCU_SwMinor": np.where(page == 3, VERSION[1], 0),
            "VCU_RigId": np.where(page == 3, RIG_NUMBER, 0),
        }

    def _behaviours(self) -> Mapping[str, Behaviour]:
        return {
            "EPS": Behaviour(
                read={0x0205: lambda: self._live("s16 0.1 deg", "angle_deg")},
                written=self._tuning.steering,
                busy=self.enabled,
                safe=self._wheels_safe,
                prompted=frozenset({ZERO_IMPLAUSIBLE}),
            ),
            "EHB": Behaviour(
                read={0x0301: lambda: self._live("u16 0.01 MPa", "pressure_mpa")},
                written=self._tuning.brake,
                busy=self.enabled,
                safe=self._wheels_safe,
            ),
            "MCU": Behaviour(
                read={
                    0x0341: lambda: self._live("s16 rpm", "speed_mps", RPM_PER_MPS),
                    0x0342: lambda: self._live("s16 0.1 Nm", "pedal_pct", NM_PER_PCT),
                },
                written=self._tuning.drive,
                busy=self.enabled,
                safe=self._wheels_safe,
            ),
            "EPB": Behaviour(
                read={0x0331: lambda: self._live("u8 0.1 kN", "park_force_kn")}
            ),
            "SAS": self.steering_sensor.behaviour(),
            "ABS": self.wheels.behaviour(),
            "VCU": Behaviour(
                obd=self._legislated,
                written=lambda did, content: self.wheels.stored("VCU", did, content),
            ),
        }

    def _wheels_safe(self) -> bool:
        return self.base.bench.switches["RIG_Wheels"].latest == 0

    def _legislated(self, request: bytes) -> bytes | None:
        return legislated_answer(self.base.units["VCU"], request, self._live_pids())

    def _live_pids(self) -> Mapping[int, bytes]:
        turns = self.speed_mps * RPM_PER_MPS
        return {
            0x0C: round(turns * 4).to_bytes(2, "big"),
            0x0D: bytes([min(255, round(self.speed_mps * 3.6))]),
        }

    def _live(self, form: str, name: str, scale: float = 1.0) -> bytes:
        self.plant.advance(self.base.kernel.now_ns)
        return parse_did_format(form).encode([scale * self.plant.latest(name)])


def _numbers(given: object) -> Mapping[str, float]:
    """The numbers of a part of a variant's ``rig``."""
    if not isinstance(given, Mapping):
        return {}
    return {str(k): float(v) for k, v in given.items() if isinstance(v, int | float)}
