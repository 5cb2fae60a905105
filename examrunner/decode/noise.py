"""Marks by which the noise of a recording can be recognised.

Of each message that the rig sends again and again, the noisiest of its widest signals
stands for all. Its turning points (raw value, and samples since the one before) are
what noise draws anew every time: 32 in a row carry more than 50 bits. Constant,
slow and periodic signals have few turning points, or the same ones over and over,
and give no marks; nor do commands of the candidate's own tool, which may honestly
send the same thing twice. Every eighth mark is kept, chosen by its own value, so that
a stretch gives the same marks wherever it stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.plans import MessagePlan, SignalPlan
from examrunner.decode.tracks import Source
from examrunner.model.timeline import Series
from examrunner.model.traces import NoiseTrace

CANDIDATES_TOOL: Final = "TOOL"
"""Sender of the databases that is no part of the rig."""
WINDOW: Final = 32
"""Turning points in one mark."""
KEPT_BITS: Final = 3
WIDEST: Final = 3
"""Signals of a message that are looked at."""
PROTECTION_BYTES: Final = 2
"""Bytes of a protected message that hold its checksum and counter."""
LEAST_TURNS: Final = 0.05
"""Turning points per sample below which a signal carries no noise worth marking."""
LONGEST_PERIOD: Final = 16
REPEATED: Final = 0.9
"""Share of a window that equals itself some turns earlier if it is periodic."""
VALUE_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
GAP_FACTOR: Final = np.uint64(0xC2B2AE3D27D4EB4F)
CHAIN_FACTOR: Final = np.uint64(0xD6E8FEB86659FD93)

Marks = NDArray[np.uint64]
Rows = NDArray[np.intp]


def noise_traces(
    sources: Sequence[Source], signals: Mapping[str, Series]
) -> Iterator[NoiseTrace]:
    """The marks of every message of the rig that has a noisy signal.

    Args:
        sources: Messages of the recording.
        signals: Their signals by name.
    """
    for source in sources:
        plan = source.match.plan
        if plan is None or not plan.cycle_s or plan.senders == (CANDIDATES_TOOL,):
            continue
        turned = [
            (len(turns), name, turns)
            for name in _widest(source.name, plan)
            if len(turns := _turns(signals[name])) >= _fewest(signals[name])
        ]
        if turned:
            _, name, turns = max(turned, key=lambda each: each[:2])
            yield _trace(signals[name], turns)


def _widest(message: str, plan: MessagePlan) -> list[str]:
    protected = PROTECTION_BYTES if plan.data_id is not None else 0
    analog = [s for s in plan.signals if _is_analog(s, protected)]
    analog.sort(key=lambda signal: (-signal.layout.length, signal.name))
    return [f"{message}.{signal.name}" for signal in analog[:WIDEST]]


def _is_analog(signal: SignalPlan, protected: int) -> bool:
    """A number in every frame that is neither checksum nor counter."""
    layout = signal.layout
    always = not signal.choices and not signal.gates
    return always and layout.length > 4 and layout.end_byte > protected


def _fewest(series: Series) -> float:
    return max(2.0 * WINDOW, LEAST_TURNS * len(series))


def _turns(series: Series) -> Rows:
    """Rows at which the signal stops rising or falling."""
    moved = np.flatnonzero(np.diff(series.raw)) + 1
    rises = series.raw[moved] > series.raw[moved - 1]
    turns: Rows = moved[:-1][rises[1:] != rises[:-1]]
    return turns


def _trace(series: Series, turns: Rows) -> NoiseTrace:
    symbols = _symbols(series.raw, turns)
    marks = _chained(symbols)
    kept = (marks >> np.uint64(64 - KEPT_BITS)) == 0
    kept &= ~_periodic(symbols)
    first = np.flatnonzero(kept)
    return NoiseTrace(
        name=series.name,
        t_ns=series.t_ns[turns[first]],
        end_ns=series.t_ns[turns[first + WINDOW - 1]],
        marks=marks[first],
    )


def _symbols(raw: NDArray[np.int64], turns: Rows) -> Marks:
    gaps = np.diff(turns, prepend=turns[:1]).astype(np.uint64)
    values = raw[turns].astype(np.uint64)
    found: Marks = values * VALUE_FACTOR + gaps * GAP_FACTOR
    return found


def _chained(symbols: Marks) -> Marks:
    """One number for every ``WINDOW`` symbols in a row; equal rows, equal numbers."""
    count = len(symbols) - WINDOW + 1
    chained = np.zeros(count, np.uint64)
    for offset in range(WINDOW):
        chained = chained * CHAIN_FACTOR + symbols[offset : offset + count]
    mixed = (chained ^ (chained >> np.uint64(29))) * VALUE_FACTOR
    return mixed ^ (mixed >> np.uint64(32))


def _periodic(symbols: Marks) -> NDArray[np.bool_]:
    """Windows that repeat themselves after at most ``LONGEST_PERIOD`` symbols."""
    count = len(symbols) - WINDOW + 1
    found = np.zeros(count, np.bool_)
    for period in range(1, LONGEST_PERIOD + 1):
        same = np.concatenate(([0], np.cumsum(symbols[period:] == symbols[:-period])))
        compared = WINDOW - period
        equal = same[compared : compared + count] - same[:count]
        found |= equal >= REPEATED * compared
    return found
