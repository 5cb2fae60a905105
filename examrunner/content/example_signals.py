"""Signals of a worked example as columns."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.content.example_columns import unpacked
from examrunner.content.example_entries import MessageEntry, RecordedEntry, SignalEntry
from examrunner.content.example_messages import (
    DEFAULT_CYCLE_S,
    times_of,
    verdicts_of,
)
from examrunner.content.examples import ExampleFile
from examrunner.content.mistakes import nearest
from examrunner.content.rubric_signals import KnownSignal
from examrunner.decode.protection import protection_quality
from examrunner.model.errors import ContentError
from examrunner.model.timeline import NS_PER_S, Quality, Series

SUBSTEP_S: Final = 0.001
NOT_AVAILABLE: Final = "SNA"
"""Written where a signal is sent, but says that it has no value."""


def series_of(
    example: ExampleFile, known: Mapping[str, KnownSignal]
) -> dict[str, Series]:
    """Every signal that the example describes.

    Raises:
        ContentError: If the rig has no such signal or value.
    """
    return {
        name: _series(name, entry, example, known)
        for name, entry in example.signals.items()
    }


def _known(name: str, known: Mapping[str, KnownSignal]) -> KnownSignal:
    if name not in known:
        raise ContentError(
            f"no database of the rig has a signal {name}.",
            where="example",
            remedy=nearest(name, known),
        )
    return known[name]


def _series(
    name: str,
    entry: SignalEntry,
    example: ExampleFile,
    known: Mapping[str, KnownSignal],
) -> Series:
    facts = _known(name, known)
    message = name.partition(".")[0]
    times = times_of(message, example, facts.cycle_s or DEFAULT_CYCLE_S)
    values = _values(name, entry, times, example, facts)
    unknown = np.isnan(values)
    raw = np.round(np.where(unknown, 0, values) / (facts.step or 1.0)).astype(np.int64)
    if facts.step:
        values = np.where(unknown, np.nan, raw * facts.step)
    faults = example.messages.get(message, MessageEntry())
    crc, counter = verdicts_of(faults, times) if facts.protected else (None, None)
    quality = protection_quality(len(times), crc, counter)
    quality[unknown] |= int(Quality.NOT_AVAILABLE)
    quality[_outside(values, facts)] |= int(Quality.OUT_OF_RANGE)
    for from_s, to_s in entry.absent:
        absent = (times >= from_s * NS_PER_S) & (times < to_s * NS_PER_S)
        quality[absent] |= int(Quality.NOT_AVAILABLE)
    return Series(
        name=name,
        unit=facts.unit,
        t_ns=times,
        values=values,
        raw=raw,
        quality=quality,
        hold_s=facts.hold_s,
        step=facts.step,
        choices=facts.choices,
    )


def _outside(values: NDArray[np.float64], facts: KnownSignal) -> NDArray[np.bool_]:
    """Which values the database does not allow; half a raw step does not count."""
    slack = abs(facts.step) / 2
    outside = np.zeros(len(values), np.bool_)
    if facts.low is not None:
        outside |= values < facts.low - slack
    if facts.high is not None:
        outside |= values > facts.high + slack
    return outside


def _values(
    name: str,
    entry: SignalEntry,
    times: NDArray[np.int64],
    example: ExampleFile,
    facts: KnownSignal,
) -> NDArray[np.float64]:
    if entry.recorded is not None:
        return _recorded(name, entry.recorded, len(times))
    if entry.follow is not None:
        leader = example.signals[entry.follow.signal]
        return _followed(entry, leader, times, example.lasting_s)
    if entry.line:
        at, to = np.array(entry.line, np.float64).T
        drawn: NDArray[np.float64] = np.interp(times / NS_PER_S, at, to)
        return drawn
    steps = [(t_s, _number(name, value, facts)) for t_s, value in entry.hold]
    return _held(steps, times / NS_PER_S)


def _recorded(name: str, entry: RecordedEntry, count: int) -> NDArray[np.float64]:
    try:
        return unpacked(entry.base, entry.step, entry.steps, count)
    except ValueError as error:
        raise ContentError(
            f"the recorded values of {name} cannot be read: {error}.",
            where="example",
            remedy="Make the example anew from its recording.",
        ) from None


def _number(name: str, value: float | str, facts: KnownSignal) -> float:
    if not isinstance(value, str):
        return value
    if value == NOT_AVAILABLE:
        return float("nan")
    for raw, text in facts.choices.items():
        if text == value:
            return raw * facts.step
    raise ContentError(
        f"{name} has no value '{value}'.",
        where="example",
        remedy=nearest(value, facts.choices.values()),
    )


def _held(
    steps: Iterable[tuple[float, float]], times_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    at, to = np.array(list(steps), np.float64).reshape(-1, 2).T
    rows = np.searchsorted(at, times_s + 1e-9, "right") - 1
    held: NDArray[np.float64] = to[np.maximum(rows, 0)]
    return held


def _followed(
    entry: SignalEntry,
    leader: SignalEntry,
    times: NDArray[np.int64],
    lasting_s: float,
) -> NDArray[np.float64]:
    """Second-order response to a leader that holds numbers."""
    shape = entry.follow
    fine = np.arange(0.0, lasting_s, SUBSTEP_S)
    numbers = [(t, float(v)) for t, v in leader.hold]
    command = _held(numbers, fine - (shape.dead_s if shape else 0.0))
    omega, damping = (shape.omega_per_s, shape.damping) if shape else (1.0, 1.0)
    position = np.empty(len(fine))
    place, speed = float(command[0]), 0.0
    for index, target in enumerate(command.tolist()):
        position[index] = place
        pull = omega * omega * (target - place) - 2 * damping * omega * speed
        speed += pull * SUBSTEP_S
        place += speed * SUBSTEP_S
    rows = np.clip((times / NS_PER_S / SUBSTEP_S).round().astype(int), 0, len(fine) - 1)
    sampled: NDArray[np.float64] = position[rows]
    return sampled
