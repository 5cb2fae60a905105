"""Messages of a worked example: when they were sent, counted and protected."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.content.example_entries import (
    Fault,
    LayoutEntry,
    MessageEntry,
    SenderEntry,
)
from examrunner.content.examples import ExampleFile
from examrunner.content.mistakes import nearest
from examrunner.content.rubric_signals import KnownSignal
from examrunner.decode.protection import verdicts_of_counts
from examrunner.model.errors import ContentError
from examrunner.model.frames import BRS, EXTENDED, FD, REMOTE, Frames, width_for
from examrunner.model.timeline import NS_PER_S, Messages, Verdict8

DEFAULT_CYCLE_S: Final = 0.1
COUNTER_BYTES: Final = 2
COUNTER_MODULUS: Final = 15
FAULTS: Final[Mapping[Fault, tuple[bool, Verdict8]]] = {
    "crc": (True, Verdict8.BAD),
    "crc_unknown": (True, Verdict8.UNKNOWN),
    "counter": (False, Verdict8.BAD),
    "repeated": (False, Verdict8.REPEATED),
    "skipped": (False, Verdict8.SKIPPED),
    "unknown": (False, Verdict8.UNKNOWN),
    "good": (False, Verdict8.GOOD),
}
"""Whether a fault is one of the checksum, and its verdict."""


def messages_of(
    example: ExampleFile, known: Mapping[str, KnownSignal]
) -> dict[str, Messages]:
    """Every message that a signal of the example belongs to, or that it names."""
    names = {name.partition(".")[0] for name in example.signals}
    return {
        name: _message(name, example, known)
        for name in sorted(names | set(example.messages))
    }


def _of_message(name: str, known: Mapping[str, KnownSignal]) -> KnownSignal:
    for signal, facts in known.items():
        if signal.partition(".")[0] == name:
            return facts
    raise ContentError(
        f"no database of the rig has a message {name}.",
        where="example",
        remedy=nearest(name, {signal.partition(".")[0] for signal in known}),
    )


def times_of(name: str, example: ExampleFile, cycle_s: float) -> NDArray[np.int64]:
    """When the message of that name was sent, without what a stranger added."""
    entry = example.messages.get(name, MessageEntry())
    if entry.frames:
        return recorded(entry)[0]
    end_s = example.lasting_s if entry.to_s is None else entry.to_s
    cycle_ns = round(cycle_s * NS_PER_S)
    start = round(entry.from_s * NS_PER_S)
    times = np.arange(start, round(end_s * NS_PER_S), cycle_ns, dtype=np.int64)
    for a, b in entry.gaps:
        times = times[(times < a * NS_PER_S) | (times >= b * NS_PER_S)]
    return times


def _message(
    name: str, example: ExampleFile, known: Mapping[str, KnownSignal]
) -> Messages:
    facts = _of_message(name, known)
    entry = example.messages.get(name, MessageEntry())
    if entry.frames:
        times, counts = recorded(entry)
    else:
        cycle_s = facts.cycle_s or DEFAULT_CYCLE_S
        times, counts = _with_strangers(
            times_of(name, example, cycle_s), entry, cycle_s
        )
    frames = _frames(times, counts, entry, facts)
    crc, counter = verdicts_of(entry, times)
    return Messages(
        name=name,
        channel=facts.channel,
        can_id=facts.can_id,
        extended=facts.extended,
        frames=frames,
        crc=crc if facts.protected else None,
        counter=counter if facts.protected else None,
        cycle_s=facts.cycle_s,
        timeout_s=facts.timeout_s,
        data_id=facts.data_id,
        length=facts.length,
        fd=facts.fd,
    )


def _with_strangers(
    own: NDArray[np.int64], entry: MessageEntry, cycle_s: float
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Times and counters, those of a second sender half a cycle later."""
    half_ns = round(cycle_s * NS_PER_S / 2)
    strange = [
        own[(own >= a * NS_PER_S) & (own < b * NS_PER_S)] + half_ns
        for a, b in entry.extra
    ]
    times = np.concatenate([own, *strange])
    theirs = [(np.arange(len(s)) + 7) % COUNTER_MODULUS for s in strange]
    counts = np.concatenate([_counts(entry, len(own)), *theirs]).astype(np.uint8)
    order = np.argsort(times, kind="stable")
    return times[order], counts[order]


def recorded(entry: MessageEntry) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Times and counters of every sender's frames, in order of time."""
    times, counts = [], []
    for sender in (entry, *entry.also):
        number, at_s = np.array(sender.frames, np.float64).reshape(-1, 2).T
        between = np.interp(np.arange(int(number[-1]) + 1), number, at_s)
        times.append(np.round(between * NS_PER_S).astype(np.int64))
        counts.append(_counts(sender, len(between)))
    joined = np.concatenate(times)
    order = np.argsort(joined, kind="stable")
    return joined[order], np.concatenate(counts)[order]


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
    for t_s, payload, *to_s in entry.payloads:
        first, last = (
            int(np.argmin(np.abs(t_ns - at_s * NS_PER_S)))
            for at_s in (t_s, *(to_s or [t_s]))
        )
        sent = np.frombuffer(bytes.fromhex(payload), np.uint8)
        data[first : last + 1, :length] = sent
    flags = EXTENDED * facts.extended | (FD | BRS) * fd
    frames = Frames(
        t_ns=t_ns,
        ids=np.full(count, facts.can_id, np.uint32),
        flags=np.full(count, flags, np.uint8),
        length=np.full(count, length, np.uint8),
        data=data,
    )
    for layout in entry.layouts:
        _lay_out(frames, layout)
    return frames


def _lay_out(frames: Frames, layout: LayoutEntry) -> None:
    """Make frames of a stretch look otherwise."""
    first, last = (round(at_s * NS_PER_S) for at_s in (layout.from_s, layout.to_s))
    inside = (frames.t_ns >= first) & (frames.t_ns < last)
    if layout.length is not None:
        frames.length[inside] = layout.length
    for bit, wanted in (
        (FD, layout.fd),
        (BRS, layout.brs),
        (EXTENDED, layout.extended),
        (REMOTE, layout.remote),
    ):
        if wanted is not None:
            frames.flags[inside] &= 0xFF & ~bit
            frames.flags[inside] |= bit * wanted


def _counts(entry: SenderEntry, count: int) -> NDArray[np.uint8]:
    """The counter of each frame."""
    number = np.arange(count)
    if not entry.counts:
        return (number % COUNTER_MODULUS).astype(np.uint8)
    stated = [(each[0], each[1], len(each) == 2) for each in entry.counts]
    first, value, moves = np.array(stated, np.int64).T
    row = np.maximum(np.searchsorted(first, number, "right") - 1, 0)
    # 15 is no counter: it stays as it was sent and nothing is counted on from it.
    going_on = (value[row] + number - first[row]) % COUNTER_MODULUS
    sent: NDArray[np.uint8] = np.where(
        (number == first[row]) | (moves[row] == 0), value[row], going_on
    ).astype(np.uint8)
    return sent


def verdicts_of(
    entry: MessageEntry, times: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Verdicts about checksum and counter of each frame."""
    crc = np.full(len(times), Verdict8.GOOD, np.uint8)
    counter = np.full(len(times), Verdict8.GOOD, np.uint8)
    crc[_every(entry.bad_crc_every, entry, times)] = Verdict8.BAD
    counter[_every(entry.bad_counter_every, entry, times)] = Verdict8.BAD
    counter[:1] = Verdict8.UNKNOWN
    if entry.frames:
        counter = verdicts_of_counts(recorded(entry)[1].astype(np.int64))
    for first, end, fault in entry.faulty:
        of_crc, verdict = FAULTS[fault]
        (crc if of_crc else counter)[first:end] = verdict
    return crc, counter


def _every(
    each: int | None, entry: MessageEntry, times: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Rows of the frames that are wrong."""
    if each is None:
        return np.zeros(0, np.intp)
    rows = np.arange(each - 1, len(times), each)
    if entry.bad_to_s is None:
        return rows
    wrong: NDArray[np.intp] = rows[times[rows] < entry.bad_to_s * NS_PER_S]
    return wrong
