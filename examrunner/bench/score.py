"""Judging 40 criteria on a 30-minute trace, beside what its peers would have to do.

The peers have no criteria: what they take only to turn the same frames into signals is
measured on a slice and multiplied. That is stated in the names of the cases.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import numpy as np

from examrunner.bench.harness import Case, Measure, took_ms
from examrunner.bench.score_rubric import SIGNALS, rubric_of_40
from examrunner.model.case import Case as Secrets
from examrunner.model.frames import Frames
from examrunner.model.rubric import Rubric
from examrunner.model.score import Digests
from examrunner.model.timeline import NS_PER_S, Messages, Op, Series, Timeline, Verdict8
from examrunner.scoring import judge, settle

SEED: Final = 20260901
DURATION_S: Final = 1800
IDENTIFIERS: Final = 60
FRAMES: Final = 7_200_000
SLICE: Final = 100_000
WARM_LIMIT_MS: Final = 60.0
FACTOR: Final = 0.1
HUNDRED: Final = Decimal(100)


def cases() -> Iterator[Case]:
    """Cold and warm judging of the same trace."""
    timeline, rubric = trace(), rubric_of_40()
    yield Case(
        case="judge and settle 40 criteria, 7.2 M frames, signals decoded, warm; "
        f"peers only decode, {SLICE:,} frames extrapolated",
        unit="ms",
        better="lower",
        ours=took_ms(lambda: scored(timeline, rubric)),
        peers={"cantools": _cantools(timeline)},
        limit=WARM_LIMIT_MS,
    )


def scored(timeline: Timeline, rubric: Rubric) -> Decimal:
    """Points of the trace."""
    judgements = judge(timeline, rubric, Secrets())
    digests = Digests(recording="", rubric="", case="")
    return settle(rubric, judgements, digests=digests, software={}).points.low


def trace() -> Timeline:
    """60 identifiers, half of them at 100 Hz, a third at 33 Hz; 7.2 M frames in all."""
    random = np.random.default_rng(SEED)
    shares = np.array([4.0] * 20 + [2.0] * 20 + [1.0] * 20)
    counts = np.round(shares / shares.sum() * FRAMES).astype(int)
    signals: dict[str, Series] = {}
    messages: dict[str, Messages] = {}
    for number, count in enumerate(counts.tolist()):
        message = _message(number, count, random)
        messages[message.name] = message
        for series in _signals(message, number, random):
            signals[series.name] = series
    ops = (Op(t_ns=0, name="start"), Op(t_ns=DURATION_S * NS_PER_S, name="stop"))
    return Timeline(
        duration_ns=DURATION_S * NS_PER_S, signals=signals, messages=messages, ops=ops
    )


def _message(number: int, count: int, random: np.random.Generator) -> Messages:
    cycle_ns = DURATION_S * NS_PER_S // count
    t_ns = np.arange(count, dtype=np.int64) * cycle_ns + number * 1000
    t_ns += np.abs(random.normal(0, 50_000, count)).astype(np.int64)
    t_ns = np.sort(t_ns)
    data = random.integers(0, 256, (count, 8), dtype=np.uint8)
    data[:, 1] = np.arange(count) % 15
    verdicts = np.full(count, Verdict8.GOOD, np.uint8)
    verdicts[random.integers(0, count, count // 2000)] = Verdict8.BAD
    return Messages(
        name=f"M{number:02}",
        channel="CH1",
        can_id=0x100 + number,
        extended=False,
        frames=Frames(
            t_ns=t_ns,
            ids=np.full(count, 0x100 + number, np.uint32),
            flags=np.zeros(count, np.uint8),
            length=np.full(count, 8, np.uint8),
            data=data,
        ),
        crc=verdicts,
        counter=verdicts,
        cycle_s=cycle_ns / NS_PER_S,
        timeout_s=5 * cycle_ns / NS_PER_S,
    )


def _signals(
    message: Messages, number: int, random: np.random.Generator
) -> Iterator[Series]:
    t_ns = message.frames.t_ns
    t_s = t_ns / NS_PER_S
    steps = np.where((t_s % 40) < 20, 0.0, np.where(t_s % 80 < 40, 90.0, -90.0))
    shapes: Mapping[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {
        "Level": np.round(50 * np.sin(t_s / (3 + number)), 1),
        "State": np.floor(t_s / 300) % 4,
        "Command": steps,
        "Feedback": np.round(_lagged(steps, t_s), 1),
    }
    for name in SIGNALS:
        values = shapes[name]
        yield Series(
            name=f"{message.name}.{name}",
            unit="",
            t_ns=t_ns,
            values=values,
            raw=np.round(values / FACTOR).astype(np.int64),
            quality=np.zeros(len(t_ns), np.uint8),
            hold_s=message.timeout_s,
            step=FACTOR,
        )


def _lagged(
    steps: np.ndarray[tuple[int], np.dtype[np.float64]],
    t_s: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A first-order response to the steps, 0.12 s behind."""
    since = np.concatenate(([0], np.flatnonzero(np.diff(steps)) + 1))
    row = np.searchsorted(since, np.arange(len(steps)), "right") - 1
    before = np.where(row > 0, steps[np.maximum(since[row] - 1, 0)], steps[0])
    part = 1 - np.exp(-(t_s - t_s[since[row]]) / 0.12)
    lagged: np.ndarray[tuple[int], np.dtype[np.float64]]
    lagged = before + (steps - before) * part
    return lagged


def _cantools(timeline: Timeline) -> Measure:
    """What cantools takes to decode a slice, multiplied to all frames."""
    from examrunner.bench.score_peer import decode_slice

    data = timeline.messages["M00"].frames.data[:SLICE]
    slice_ms = took_ms(lambda: decode_slice(data))
    return lambda: slice_ms() * FRAMES / len(data)
