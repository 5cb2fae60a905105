"""Gains of the by-wire actuators: what their control units store is what they use."""

from collections.abc import Callable, Mapping
from typing import Final

from examrunner.simulation.actuator import Gains
from examrunner.simulation.chassis_plant import ChassisPlant
from examrunner.simulation.simulated_rig import SimulatedRig

KP, KI, KD, RATE_LIMIT = 0x0210, 0x0211, 0x0212, 0x0213
BRAKE_KP, BRAKE_KI = 0x0310, 0x0311
SPEED_KP, SPEED_KI = 0x0350, 0x0351
FACTORY_RATE_DPS: Final = 250.0

Number = Callable[[int], float]


class Tuning:
    """Steering, brake and speed controller behind EPS, EHB and MCU.

    Args:
        base: The rig.
        plant: What the gains act on.
    """

    def __init__(self, base: SimulatedRig, plant: ChassisPlant) -> None:
        self._base = base
        self._plant = plant

    def store(self) -> None:
        """Put the factory's gains into the control units."""
        plant = self._plant
        steering, brake, speed = (
            plant.steering.gains, plant.brake.gains, plant.drivetrain.gains
        )  # fmt: skip
        for unit, values in (
            (
                "EPS",
                {KP: steering.kp, KI: 0.0, KD: 0.0, RATE_LIMIT: FACTORY_RATE_DPS},
            ),
            ("EHB", {BRAKE_KP: brake.kp, BRAKE_KI: 0.0}),
            ("MCU", {SPEED_KP: speed.kp, SPEED_KI: 0.0}),
        ):
            self._keep(unit, values)

    def steering(self, _did: int, _content: bytes) -> None:
        """Something was written to EPS."""
        number = self._number_of("EPS")
        steering = self._plant.steering
        steering.gains = Gains(kp=number(KP), ki=number(KI), kd=number(KD))
        steering.limit_rate(number(RATE_LIMIT))

    def brake(self, _did: int, _content: bytes) -> None:
        """Something was written to EHB."""
        number = self._number_of("EHB")
        self._plant.brake.gains = Gains(kp=number(BRAKE_KP), ki=number(BRAKE_KI))

    def drive(self, _did: int, _content: bytes) -> None:
        """Something was written to MCU."""
        number = self._number_of("MCU")
        self._plant.drivetrain.gains = Gains(kp=number(SPEED_KP), ki=number(SPEED_KI))

    def _keep(self, unit: str, values: Mapping[int, float]) -> None:
        known = self._base.units.get(unit)
        for did, value in values.items():
            if known is not None and did in known.formats:
                known.stored[did] = known.formats[did].encode([value])

    def _number_of(self, name: str) -> Number:
        """Numbers that a control unit stores, once all before is computed."""
        self._plant.advance(self._base.kernel.now_ns)
        unit = self._base.units[name]
        return lambda did: unit.formats[did].numbers(unit.stored[did])[0]
