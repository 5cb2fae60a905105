"""Step responses as measured on this model; ranges widened to other rigs' seeds."""

import math

import numpy as np
import pytest

from examrunner.simulation.actuator import Actuator, Gains, Servo

SEEDS = range(20)
NEVER = math.nan

TABLE = [
    # gains, step deg, delay s, rise s, overshoot %, settle s, remaining deg
    (Gains(kp=1.2), 90, (0.08, 0.09), (1.61, 1.64), (0, 0), NEVER, (2.43, 2.61)),
    (
        Gains(kp=4),
        90,
        (0.06, 0.071),
        (0.38, 0.391),
        (0.1, 0.6),
        (0.63, 0.71),
        (0, 0.03),
    ),
    (Gains(kp=4), 30, (0.05, 0.061), (0.33, 0.36), (0.3, 1.0), (0.56, 0.64), (0, 0.03)),
    (
        Gains(kp=5, kd=0.08),
        90,
        (0.06, 0.071),
        (0.35, 0.361),
        (0.1, 0.9),
        (0.58, 0.64),
        (0, 0.03),
    ),
    (
        Gains(kp=12),
        90,
        (0.06, 0.071),
        (0.299, 0.311),
        (8.4, 11.2),
        (0.82, 0.901),
        (0, 0.03),
    ),
    (
        Gains(kp=12),
        30,
        (0.05, 0.051),
        (0.119, 0.131),
        (23, 29),
        (0.76, 0.911),
        (0, 0.03),
    ),
    (
        Gains(kp=8, ki=6),
        90,
        (0.06, 0.071),
        (0.299, 0.311),
        (24, 27.6),
        NEVER,
        (2.85, 3.0),
    ),
]


def response(gains: Gains, target: float, seed: int) -> np.ndarray:
    """3 s of reported angle from the moment of the step, every 10 ms."""
    unit = np.random.default_rng(seed)
    servo = Servo(
        bandwidth_per_s=18 * unit.uniform(0.9, 1.1),
        dead_steps=round(30 * unit.uniform(0.9, 1.1)),
        rate_limit=250,
        output_limit=400,
        stop=480,
    )
    angle, _ = Actuator(servo, gains).run(np.full(300, target), np.full(300, np.inf))
    return np.round((angle + unit.normal(0, 0.05, 300)) / 0.1) * 0.1


def measured(angle: np.ndarray, target: float) -> dict[str, float]:
    share, seconds = angle / target, np.arange(len(angle)) / 100
    first = {level: seconds[np.argmax(share >= level)] for level in (0.02, 0.1, 0.9)}
    outside = np.flatnonzero(np.abs(share - 1) > 0.02)
    settled = seconds[outside[-1]] + 0.01
    return {
        "delay": first[0.02],
        "rise": first[0.9] - first[0.1],
        "overshoot": 100 * max(0.0, share.max() - 1),
        "settle": settled if settled <= 2.5 else NEVER,
        "remaining": abs(target - angle[-50:].mean()),
    }


@pytest.mark.parametrize(("gains", "target", *"drose"), TABLE)
def test_the_response_lies_in_the_measured_range(
    gains: Gains, target: float, d: object, r: object, o: object, s: object, e: object
) -> None:
    rows = [measured(response(gains, target, seed), target) for seed in SEEDS]
    wanted = dict(zip(rows[0], (d, r, o, s, e), strict=True))
    for name, limits in wanted.items():
        values = [row[name] for row in rows]
        if limits is NEVER:
            assert all(math.isnan(value) for value in values), name
            continue
        low, high = limits
        assert low - 0.011 <= min(values), (name, values)
        assert max(values) <= high + 0.011, (name, values)


@pytest.mark.parametrize("gains", [Gains(kp=4), Gains(kp=5, ki=1, kd=0.08)])
def test_it_does_not_matter_in_which_chunks_the_ticks_are_computed(
    gains: Gains,
) -> None:
    target = np.concatenate(
        [
            np.full(50, np.nan),
            np.full(120, 40.0),
            np.full(200, 0.0),
            np.full(90, np.nan),
        ]
    )
    servo = Servo(
        bandwidth_per_s=18, dead_steps=33, rate_limit=250, output_limit=400, stop=480
    )
    limit = np.full(len(target), 200.0)
    whole, _ = Actuator(servo, gains).run(target, limit)
    piecewise = Actuator(servo, gains)
    parts = [
        piecewise.run(target[at : at + 7], limit[at : at + 7])[0]
        for at in range(0, len(target), 7)
    ]
    assert np.array_equal(np.concatenate(parts), whole)


def test_the_actuator_stops_at_its_mechanical_end() -> None:
    servo = Servo(
        bandwidth_per_s=18, dead_steps=30, rate_limit=250, output_limit=400, stop=100
    )
    angle, _ = Actuator(servo, Gains(kp=8)).run(
        np.full(200, 300.0), np.full(200, 999.0)
    )
    assert angle.max() == 100
