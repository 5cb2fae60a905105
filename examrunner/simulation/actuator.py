"""A position actuator: PID controller, dead time, velocity servo."""

import dataclasses
import math
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

TICK_S: Final = 0.010
"""The controller's cycle."""
STEP_S: Final = 0.001
"""The plant's step: ten of them in a tick."""
STEPS: Final = 10
HAND_SPEED: Final = 220.0
"""How fast a hand moves it, units per second."""
LOWEST_SPEED: Final = 1e-9
"""Slower than this, units per second, is standing still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """Of u = kp e + ki sum(e dt) + kd de/dt."""

    kp: float
    ki: float = 0.0
    kd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Servo:
    """What is inside the housing.

    Attributes:
        bandwidth_per_s: v' = bandwidth (wanted - v).
        dead_steps: Dead time in milliseconds.
        rate_limit: Largest speed that is wanted, units per second.
        output_limit: Largest output of the controller, units per second.
        stop: Mechanical stops at plus and minus this position.
    """

    bandwidth_per_s: float
    dead_steps: int
    rate_limit: float
    output_limit: float
    stop: float


class Actuator:
    """Position and speed of one actuator, moved tick by tick.

    Args:
        servo: What is inside the housing.
        gains: Gains that it starts with.
    """

    def __init__(self, servo: Servo, gains: Gains) -> None:
        self.servo = servo
        self.gains = gains
        self.position = 0.0
        self.speed = 0.0
        self._sum = 0.0
        self._error: float | None = None
        whole, rest = divmod(servo.dead_steps, STEPS)
        self._outputs = deque([0.0] * (whole + 2), maxlen=whole + 2)
        decay = 1.0 - servo.bandwidth_per_s * STEP_S
        self._early = _Run(decay, rest)
        self._late = _Run(decay, STEPS - rest)

    def limit_rate(self, units_per_s: float) -> None:
        """Allow at most this speed."""
        self.servo = dataclasses.replace(self.servo, rate_limit=units_per_s)

    def run(
        self,
        target: NDArray[np.float64],
        limit: NDArray[np.float64],
        pulled: NDArray[np.float64] | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Position and speed (n,) at the beginning of each of n ticks.

        Args:
            target: Where to go; NaN: no torque is wanted.
            limit: Speed that is allowed beside the servo's own limit.
            pulled: Where a hand pulls it while no torque is wanted; NaN: nowhere.
        """
        hand = np.full(len(target), np.nan) if pulled is None else pulled
        positions = np.full(len(target), self.position)
        speeds = np.full(len(target), self.speed)
        if self._nothing_happens(target, hand):
            return positions, speeds
        for tick, (wanted, allowed, there) in enumerate(
            zip(target.tolist(), limit.tolist(), hand.tolist(), strict=True)
        ):
            positions[tick], speeds[tick] = self.position, self.speed
            if math.isnan(wanted) and not math.isnan(there):
                self._follow_hand(there)
            else:
                self.tick(wanted, min(allowed, self.servo.rate_limit))
        return positions, speeds

    def _follow_hand(self, there: float) -> None:
        """Move as a hand does: with one speed, then stand still."""
        self._outputs.extend([0.0] * len(self._outputs))
        self._sum, self._error = 0.0, None
        end = min(max(there, -self.servo.stop), self.servo.stop)
        most = HAND_SPEED * TICK_S
        moved = min(max(end - self.position, -most), most)
        self.position += moved
        self.speed = moved / TICK_S

    def _nothing_happens(
        self, target: NDArray[np.float64], pulled: NDArray[np.float64]
    ) -> bool:
        """Whether every tick would leave everything as it is."""
        held = np.isnan(pulled) | (pulled == self.position)
        if self.speed or any(self._outputs) or not held.all():
            return False
        if self._error is None:
            return bool(np.isnan(target).all())
        return (
            not self._error and not self._sum and bool((target == self.position).all())
        )

    def tick(self, target: float, rate_limit: float) -> None:
        """One controller cycle towards ``target``; NaN: no torque is wanted."""
        if math.isnan(target):
            self._outputs.append(0.0)
            self._sum, self._error = 0.0, None
        else:
            self._outputs.append(self._control(target))
        for run, output in (
            (self._early, self._outputs[0]),
            (self._late, self._outputs[1]),
        ):
            wanted = min(max(output, -rate_limit), rate_limit)
            self.position += run.distance(self.speed, wanted)
            self.speed = run.speed(self.speed, wanted)
        if abs(self.speed) < LOWEST_SPEED:
            self.speed = 0.0
        if abs(self.position) > self.servo.stop:
            self.position = self.servo.stop if self.position > 0 else -self.servo.stop
            self.speed = 0.0

    def _control(self, target: float) -> float:
        error, limit = target - self.position, self.servo.output_limit
        if self.gains.ki > 0:
            bound = limit / self.gains.ki
            self._sum = min(max(self._sum + error * TICK_S, -bound), bound)
        before = error if self._error is None else self._error
        self._error = error
        output = (
            self.gains.kp * error
            + self.gains.ki * self._sum
            + self.gains.kd * (error - before) / TICK_S
        )
        return min(max(output, -limit), limit)


class _Run:
    """Several plant steps with one wanted speed, in closed form.

    Args:
        decay: What a step leaves of the difference to the wanted speed.
        steps: How many steps.
    """

    def __init__(self, decay: float, steps: int) -> None:
        self._kept = decay**steps
        self._steps = steps
        self._travel = decay * (1.0 - self._kept) / (1.0 - decay)

    def speed(self, speed: float, wanted: float) -> float:
        return wanted + (speed - wanted) * self._kept

    def distance(self, speed: float, wanted: float) -> float:
        return STEP_S * (self._steps * wanted + (speed - wanted) * self._travel)
