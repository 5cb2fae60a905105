"""Signals and messages of a worked example as columns."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.content.examples import ExampleFile, MessageEntry, SignalEntry
from examrunner.content.mistakes import nearest
from examrunner.content.rubric_signals import KnownSignal
from examrunner.model.errors import ContentError
from examrunner.model.frames import BRS, EXTENDED, FD, Frames, width_for
from examrunner.model.timeline import NS_PER_S, Messages, Quality, Series, Verdict8

SUBSTEP_S: Final = 0.001
NOT_AVAILABLE: Final = "SNA"
"""Written where a signal is sent, but says that it has no value."""
DEFAULT_CYCLE_S: Final = 0.1
COUNTER_BYTES: Final = 2


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


def messages_of(
    example: ExampleFile, known: Mapping[str, KnownSignal]
) -> dict[str, Messages]:
    """Every message that a signal of the example belongs to, or that it names."""
    names = {name.partition(".")[0] for name in example.signals if "@" not in name}
    return {
        name: _message(name, example, known)
        for name in sorted(names | set(example.messages))
    }


def _known(name: str, known: Mapping[str, KnownSignal]) -> KnownSignal:
    if name not in known:
        raise ContentError(
            f"no database of the rig has a signal {name}.",
            where="example",
            remedy=nearest(name, known),
        )
    return known[name]


def _of_message(name: str, known: Mapping[str, KnownSignal]) -> KnownSignal:
    for signal, facts in known.items():
        if signal.partition(".")[0] == name:
            return facts
    raise ContentError(
        f"no database of the rig has a message {name}.",
        where="example",
        remedy=nearest(name, {signal.partition(".")[0] for signal in known}),
    )


def _times(name: str, example: ExampleFile, cycle_s: float) -> NDArray[np.int64]:
    """When the message of that name was sent, without what a stranger added."""
    entry = example.messages.get(name, MessageEntry())
    end_s = example.lasting_s if entry.to_s is None else entry.to_s
    cycle_ns = round(cycle_s * NS_PER_S)
    start = round(entry.from_s * NS_PER_S)
    times = np.arange(start, round(end_s * NS_PER_S), cycle_ns, dtype=np.int64)
    for a, b in entry.gaps:
        times = times[(times < a * NS_PER_S) | (times >= b * NS_PER_S)]
    return times


def _series(
    name: str,
    entry: SignalEntry,
    example: ExampleFile,
    known: Mapping[str, KnownSignal],
) -> Series:
    facts = _known(name, known)
    message = name.partition(".")[0]
    times = _times(message, example, facts.cycle_s or DEFAULT_CYCLE_S)
    values = _values(name, entry, times, example, facts)
    unknown = np.isnan(values)
    raw = np.round(np.where(unknown, 0, values) / (facts.step or 1.0)).astype(np.int64)
    quality = (unknown * int(Quality.NOT_AVAILABLE)).astype(np.uint8)
    faults = example.messages.get(message, MessageEntry())
    quality[_every(faults.bad_crc_every, len(times))] |= int(Quality.BAD_CRC)
    quality[_every(faults.bad_counter_every, len(times))] |= int(Quality.BAD_COUNTER)
    return Series(
        name=name,
        unit=facts.unit,
        t_ns=times,
        values=np.where(unknown, np.nan, raw * facts.step) if facts.step else values,
        raw=raw,
        quality=quality,
        hold_s=facts.hold_s,
        step=facts.step,
        choices=facts.choices,
    )


def _every(each: int | None, count: int) -> NDArray[np.intp]:
    if each is None:
        return np.zeros(0, np.intp)
    return np.arange(each - 1, count, each)


def _values(
    name: str,
    entry: SignalEntry,
    times: NDArray[np.int64],
    example: ExampleFile,
    facts: KnownSignal,
) -> NDArray[np.float64]:
    if entry.follow is not None:
        leader = example.signals[entry.follow.signal]
        return _followed(entry, leader, times, example.lasting_s)
    if entry.line:
        at, to = np.array(entry.line, np.float64).T
        drawn: NDArray[np.float64] = np.interp(times / NS_PER_S, at, to)
        return drawn
    steps = [(t_s, _number(name, value, facts)) for t_s, value in entry.hold]
    return _held(steps, times / NS_PER_S)


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


def _message(
    name: str, example: ExampleFile, known: Mapping[str, KnownSignal]
) -> Messages:
    facts = _of_message(name, known)
    entry = example.messages.get(name, MessageEntry())
    own = _times(name, example, facts.cycle_s or DEFAULT_CYCLE_S)
    counts = (np.arange(len(own)) % 15).astype(np.uint8)
    half_ns = round((facts.cycle_s or DEFAULT_CYCLE_S) * NS_PER_S / 2)
    strange = [
        own[(own >= a * NS_PER_S) & (own < b * NS_PER_S)] + half_ns
        for a, b in entry.extra
    ]
    times = np.concatenate([own, *strange])
    counts = np.concatenate(
        [counts, *((np.arange(len(s)) + 7) % 15 for s in strange)]
    ).astype(np.uint8)
    order = np.argsort(times, kind="stable")
    frames = _frames(times[order], counts[order], entry, facts)
    crc = np.full(len(times), Verdict8.GOOD, np.uint8)
    crc[_every(entry.bad_crc_every, len(times))] = Verdict8.BAD
    counter = np.full(len(times), Verdict8.GOOD, np.uint8)
    counter[_every(entry.bad_counter_every, len(times))] = Verdict8.BAD
    counter[:1] = Verdict8.UNKNOWN
    return Messages(
        name=name,
        channel=facts.channel,
        can_id=facts.can_id,
        extended=facts.extended,
        frames=frames,
        crc=crc,
        counter=counter,
        cycle_s=facts.cycle_s,
        timeout_s=facts.timeout_s,
        length=facts.length,
        fd=facts.fd,
    )


def _frames(
    t_ns: NDArray[np.int64],
    counts: NDArray[np.uint8],
    entry: MessageEntry,
    facts: KnownSignal,
) -> Frames:
    """Frames with their counter and nothing else in the payload."""
    count = len(t_ns)
    length = facts.length if entry.length is None else entry.length
    fd = facts.fd if entry.fd is None else entry.fd
    data = np.zeros((count, width_for(max(length, COUNTER_BYTES))), np.uint8)
    data[:, 1] = counts
    flags = EXTENDED * facts.extended | (FD | BRS) * fd
    return Frames(
        t_ns=t_ns,
        ids=np.full(count, facts.can_id, np.uint32),
        flags=np.full(count, flags, np.uint8),
        length=np.full(count, length, np.uint8),
        data=data,
    )
