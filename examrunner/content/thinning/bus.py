"""Signals and messages of a recording as a worked example writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from examrunner.content.example_columns import packed
from examrunner.content.example_messages import COUNTER_MODULUS, FAULTS
from examrunner.content.rubric_signals import KnownSignal
from examrunner.content.thinning.knots import knots, ranges
from examrunner.criteria.spans import NOWHERE, Spans
from examrunner.decode.protection import verdicts_of_counts
from examrunner.model.frames import FD
from examrunner.model.timeline import NS_PER_S, Messages, Quality, Series

MOST_KNOTS: Final = 4000
"""Of one signal; about a third of the longest file."""
MANY_KNOTS: Final = 500
"""From which a signal takes less room as it was recorded."""
DIGITS: Final = 6
"""Times are written to the microsecond, values to as many digits."""

Pictures = Literal["new", "all", "places"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarseness:
    """How much is left out.

    Attributes:
        time_s: Largest error of a frame's time.
        steps: Largest error of a value, in raw steps.
        share: Largest error as a share of the value's span; the larger one counts.
        exact: Whether windows that a criterion looks at are left as they are.
        whole: Whether signals that need many lines are written as recorded.
        pictures: Of markers: those that show something new, ``all`` of them, or all
            with the ``places`` of the markers.
    """

    time_s: float
    steps: float
    share: float
    exact: bool = False
    whole: bool = False
    pictures: Pictures = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Frames of one message within the time that counts.

    Attributes:
        entry: What the example says about them.
        rows: Which frames of the recording.
        times_s: Their times as the example gives them.
    """

    entry: dict[str, Any]
    rows: slice
    times_s: NDArray[np.float64]

    def has(self, rows: NDArray[np.intp]) -> bool:
        """Whether these are samples of all its frames."""
        return len(rows) == len(self.times_s)


def sent(
    message: Messages, within_ns: tuple[int, int], coarse: Coarseness
) -> Sent | None:
    """A message's frames; None if there are none in that time."""
    t_ns = message.frames.t_ns
    first, last = (int(row) for row in np.searchsorted(t_ns, within_ns, "left"))
    rows = slice(first, last)
    if first == last:
        return None
    at_s = np.round(t_ns[rows] / NS_PER_S, DIGITS)
    counts = (message.frames.data[rows, 1] & 0x0F).astype(np.int64)
    protected = message.counter is not None
    chains = senders(counts) if protected else [np.arange(last - first)]
    senders_entries = []
    times_s = np.empty(last - first)
    for chain in chains:
        entry, times_s[chain] = _sender(at_s[chain], coarse.time_s)
        if protected:
            entry |= _jumps(counts[chain])
        senders_entries.append(entry)
    entry = senders_entries[0] | _format(message, rows)
    if senders_entries[1:]:
        entry["also"] = senders_entries[1:]
    faulty = _faulty(message, rows, counts)
    if faulty:
        entry["faulty"] = faulty
    return Sent(entry=entry, rows=rows, times_s=times_s)


def payload_entries(
    message: Messages, found: Sent, rows: Sequence[int]
) -> dict[str, Any]:
    """The payloads of some frames, at the times that the example gives them."""
    told: list[list[float | str]] = []
    last = -2
    for row in rows:
        if not found.rows.start <= row < found.rows.stop:
            continue
        at_s = round(float(found.times_s[row - found.rows.start]), DIGITS)
        payload = _payload(message, row)
        if row == last + 1 and told[-1][1] == payload:
            told[-1][2:] = [at_s]
        else:
            told.append([at_s, payload])
        last = row
    return {"payloads": told} if told else {}


def _payload(message: Messages, row: int) -> str:
    length = int(message.frames.length[row])
    return message.frames.data[row, :length].tobytes().hex(" ").upper()


def senders(counts: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Rows of one sender, or of two whose counters interleave.

    Each frame belongs to the sender whose counter it goes on from; a jump is the
    first sender's.
    """
    chains: tuple[list[int], list[int]] = ([0], [])
    last = [int(counts[0]), -2]
    for row, count in enumerate(counts[1:].tolist(), 1):
        wanted = [(value + 1) % COUNTER_MODULUS for value in last]
        mine = 0
        if count != wanted[0] and (count == wanted[1] or last[1] == -2):
            mine = 1
        chains[mine].append(row)
        last[mine] = count
    jumps = len(_breaks(counts))
    split = [np.array(chain, np.intp) for chain in chains if chain]
    left = sum(len(_breaks(counts[chain])) for chain in split)
    return split if 4 * left < jumps else [np.arange(len(counts))]


def _sender(
    at_s: NDArray[np.float64], tolerance_s: float
) -> tuple[dict[str, Any], NDArray[np.float64]]:
    number = np.arange(len(at_s), dtype=np.float64)
    chosen = knots(number, at_s, tolerance_s)
    entry = {"frames": [[row, float(at_s[row])] for row in chosen]}
    return entry, np.interp(number, chosen, at_s[chosen])


def _jumps(counts: NDArray[np.int64]) -> dict[str, Any]:
    """Counters that do not go on from the last one."""
    first = _breaks(counts)
    if len(first) == 1 and not counts[0]:
        return {}
    stands = np.isin(first + 1, first) & (first + 1 < len(counts))
    stands[stands] = counts[first[stands]] == counts[first[stands] + 1]
    found: list[list[int]] = []
    for row, still in zip(first.tolist(), stands.tolist(), strict=True):
        count = int(counts[row])
        if found and len(found[-1]) == 3 and found[-1][1] == count:
            continue
        found.append([row, count, 0] if still else [row, count])
    return {"counts": found}


def _breaks(counts: NDArray[np.int64]) -> NDArray[np.intp]:
    """Rows whose counter does not go on from the last one, and the first row."""
    goes_on = counts[1:] == (counts[:-1] + 1) % COUNTER_MODULUS
    return np.concatenate(([0], np.flatnonzero(~goes_on) + 1))


def _faulty(
    message: Messages, rows: slice, counts: NDArray[np.int64]
) -> list[list[int | str]]:
    """Frames whose verdict is not what checksum and counter would have one expect."""
    found: list[list[int | str]] = []
    expected = verdicts_of_counts(counts)
    for fault, (of_crc, verdict) in FAULTS.items():
        column = message.crc if of_crc else message.counter
        if column is None:
            continue
        wrong = column[rows] == verdict
        if not of_crc:
            wrong &= expected != verdict
        found += [[first, end, fault] for first, end in ranges(wrong)]
    return sorted(found)


def _format(message: Messages, rows: slice) -> dict[str, Any]:
    """Length and format of the frames, where all of them differ from the database."""
    found: dict[str, Any] = {}
    lengths = np.unique(message.frames.length[rows])
    if message.length is not None and lengths.tolist() != [message.length]:
        found["length"] = int(lengths[-1])
    fds = np.unique((message.frames.flags[rows] & FD) != 0)
    if message.fd is not None and fds.tolist() != [message.fd]:
        found["fd"] = bool(fds[-1])
    return found


def signal_entry(
    series: Series,
    frames: Sent,
    facts: KnownSignal,
    coarse: Coarseness,
    looked_at: Spans = NOWHERE,
) -> dict[str, Any] | None:
    """A signal's values as holds or lines, whichever is shorter; None if it has none.

    Args:
        series: The signal.
        frames: Its message, whose times the example gives.
        facts: What the database says about it.
        coarse: What may be left out.
        looked_at: Where every value stays.
    """
    rows, at_s = _rows_in(series, frames)
    if not len(rows):
        return None
    values = series.values[rows]
    values = np.where(np.isfinite(values), values, 0.0)
    held = np.concatenate(([0], np.flatnonzero(np.diff(values)) + 1))
    texts = {raw * facts.step: text for raw, text in facts.choices.items()}
    drawn = [] if texts else _drawn(at_s, values, facts.step, coarse)
    if coarse.exact and not texts:
        kept = np.flatnonzero(looked_at.holds(series.t_ns[rows])).tolist()
        drawn = sorted({*drawn, *kept})
    absent = (series.quality[rows] & int(Quality.NOT_AVAILABLE)) != 0
    entry: dict[str, Any]
    if coarse.whole and facts.step and len(drawn) > MANY_KNOTS and frames.has(rows):
        base, steps = packed(values, facts.step)
        entry = {"recorded": {"base": base, "step": facts.step, "steps": steps}}
    elif texts or len(held) <= len(drawn):
        entry = {
            "hold": [[_floor(at_s[row]), _text(values[row], texts)] for row in held]
        }
    else:
        entry = {"line": [[_floor(at_s[r]), _plain(values[r])] for r in drawn]}
    if absent.any():
        after = np.append(at_s[1:], at_s[-1] + 1.0)
        entry["absent"] = [
            [_floor(at_s[a]), _floor(after[b - 1])] for a, b in ranges(absent)
        ]
    return entry


def _drawn(
    at_s: NDArray[np.float64],
    values: NDArray[np.float64],
    step: float,
    coarse: Coarseness,
) -> list[int]:
    """Knots of a signal; a noisy one is drawn more coarsely until they are few."""
    spread = float(np.ptp(values))
    tolerance = max(coarse.steps * step, coarse.share * spread)
    drawn = knots(at_s, values, tolerance)
    while len(drawn) > MOST_KNOTS:
        tolerance = max(2 * tolerance, spread / 1000)
        drawn = knots(at_s, values, tolerance)
    return drawn


def _rows_in(
    series: Series, frames: Sent
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Samples within the frames, with the times that the example gives them."""
    count = frames.rows.stop - frames.rows.start
    if len(series) >= frames.rows.stop:
        rows = np.arange(frames.rows.start, frames.rows.stop)
        return rows, frames.times_s
    first, last = frames.times_s[0] - 1e-6, frames.times_s[count - 1] + 1e-6
    at_s = series.t_ns / NS_PER_S
    rows = np.flatnonzero((at_s >= first) & (at_s <= last))
    return rows, at_s[rows]


def _floor(seconds: float) -> float:
    """The microsecond before, so that a value is there when its frame is."""
    return round(float(np.floor(seconds * 1e6 + 1e-3)) / 1e6, DIGITS)


def _plain(value: float) -> float:
    return round(float(value), DIGITS)


def _text(value: float, texts: Mapping[float, str]) -> float | str:
    return texts.get(float(value), _plain(value))
