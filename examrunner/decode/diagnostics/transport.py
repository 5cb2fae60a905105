"""ISO 15765-2 (ISO-TP) as a listener sees it: columns in, payloads out.

A listener owns no transmit function and no timer that it could be wrong about: it
looks at all frames of one identifier at once. What the frames do not prove is counted
as broken or unfinished, never guessed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames
from examrunner.model.timeline import NS_PER_S

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SINGLE, FIRST, CONSECUTIVE, FLOW = range(4)
"""Frame types: the high nibble of the protocol control byte."""

LATE_NS: Final = NS_PER_S
"""N_Cr: a receiver may give up after this long (ISO 15765-2:2016 table 16)."""

ABANDONED_NS: Final = 30 * NS_PER_S
"""A listener gives up after this long. Until then a complete sequence proves the
payload, whether or not its receiver was patient: slow tools pause over a second, and
traces with a coarse clock exist."""

LARGEST_MESSAGE_BYTES: Final = 1 << 24
"""Longer announcements are refused: no diagnostic answer has 16 MiB."""


class Fault(StrEnum):
    """Why a message could not be put together."""

    CUT_OFF = "cut_off"
    """Another message began before it was complete."""
    WRONG_SEQUENCE = "wrong_sequence"
    """A consecutive frame is missing, doubled or out of order."""
    TIMEOUT = "timeout"
    """Too long passed between two of its frames."""
    UNFINISHED = "unfinished"
    """The recording ended first."""
    MALFORMED = "malformed"
    """Its length field contradicts its frame."""
    STRAY = "stray"
    """A consecutive frame that belongs to no message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A message, or a frame, that could not be used."""

    fault: Fault
    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Payloads:
    """The messages of one identifier.

    Attributes:
        from_ns: int64 (m,), first frame of each complete message.
        to_ns: int64 (m,), last frame.
        multi: bool (m,), whether it took more than one frame.
        late: bool (m,), whether a frame came after N_Cr: its receiver may have given
            up, which its answer shows.
        starts: int64 (m + 1,), where each message starts in ``content``.
        content: uint8, all payloads in a row.
        broken: What could not be put together, in order of time.
    """

    from_ns: Ints
    to_ns: Ints
    multi: Bools
    late: Bools
    starts: Ints
    content: NDArray[np.uint8]
    broken: tuple[Broken, ...]

    def __len__(self) -> int:
        return len(self.from_ns)

    def payload(self, index: int) -> bytes:
        """One message."""
        return self.content[self.starts[index] : self.starts[index + 1]].tobytes()

    def count(self, fault: Fault) -> int:
        """How many messages or frames broke in that way."""
        return sum(1 for broken in self.broken if broken.fault is fault)


def reassemble(
    frames: Frames,
    *,
    offset: int = 0,
    flow_ns: Ints | None = None,
    patience_ns: int = ABANDONED_NS,
) -> Payloads:
    """Put the messages of one identifier together.

    Args:
        frames: All frames of the identifier, in order of arrival.
        offset: Bytes before the protocol control byte: 0 for normal and normal fixed
            addressing, 1 for extended and mixed addressing.
        flow_ns: Times of flow control frames on the opposite identifier; a sender
            that was told to wait is not late.
        patience_ns: Longest wait between two frames of a message.
    """
    parsed = _parse(frames, offset)
    groups = _grouped(parsed, frames.t_ns, flow_ns, patience_ns)
    return _collected(frames, parsed, groups)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Parsed:
    """Every frame by itself: type, announced length, and where its bytes lie."""

    kind: Ints
    announced: Ints
    begin: Ints
    carried: Ints
    sequence: Ints
    malformed: Bools


def _parse(frames: Frames, offset: int) -> _Parsed:
    data = np.zeros((len(frames), max(frames.data.shape[1], offset + 6)), np.uint8)
    data[:, : frames.data.shape[1]] = frames.data
    length = frames.length.astype(np.int64)
    control = data[:, offset]
    kind = (control >> 4).astype(np.int64)
    kind[length <= offset] = -1
    nibble = (control & 0xF).astype(np.int64)
    second = data[:, offset + 1].astype(np.int64)

    long_single = (kind == SINGLE) & (nibble == 0) & (length > 8)
    short_first = (nibble << 8) | second
    long_first = (kind == FIRST) & (short_first == 0)
    escape = data[:, offset + 2 : offset + 6].astype(np.int64) @ _BIG_ENDIAN_32
    announced = np.select(
        [long_single, kind == SINGLE, long_first, kind == FIRST],
        [second, nibble, escape, short_first],
        0,
    )
    begin = offset + np.select([long_single, long_first, kind == FIRST], [2, 6, 2], 1)
    carried = np.maximum(length - begin, 0)
    single_bad = (announced == 0) | (announced > carried)
    single_bad |= (kind == SINGLE) & ~long_single & (length > 8)
    first_bad = (announced <= carried) | (announced > LARGEST_MESSAGE_BYTES)
    first_bad |= long_first & (announced <= _LARGEST_12_BIT)
    malformed = np.where(kind == SINGLE, single_bad, (kind == FIRST) & first_bad)
    malformed |= kind > FLOW
    malformed |= (kind == CONSECUTIVE) & (carried == 0)
    return _Parsed(
        kind=kind,
        announced=announced,
        begin=begin,
        carried=carried,
        sequence=nibble,
        malformed=malformed,
    )


_BIG_ENDIAN_32: Final = np.array([1 << 24, 1 << 16, 1 << 8, 1], np.int64)
_LARGEST_12_BIT: Final = 0xFFF


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Groups:
    """Which message every consecutive frame belongs to, and how that message ended."""

    first: Ints
    last: Ints
    fault: NDArray[np.int8]
    fault_at: Ints
    late: Bools
    stray: Ints


_FAULTS: Final = (
    None,
    Fault.CUT_OFF,
    Fault.WRONG_SEQUENCE,
    Fault.TIMEOUT,
    Fault.UNFINISHED,
)
_GOOD, _CUT_OFF, _WRONG_SEQUENCE, _TIMEOUT, _UNFINISHED = range(5)


def _grouped(
    parsed: _Parsed, t_ns: Ints, flow_ns: Ints | None, patience_ns: int
) -> _Groups:
    opens = ~parsed.malformed & (parsed.kind <= FIRST) & (parsed.kind >= SINGLE)
    first = np.flatnonzero(opens & (parsed.kind == FIRST))
    follows = np.flatnonzero((parsed.kind == CONSECUTIVE) & ~parsed.malformed)
    opener = np.maximum.accumulate(np.where(opens, np.arange(len(opens)), -1))
    owner = opener[follows]
    owned = owner >= 0
    owned[owned] = parsed.kind[owner[owned]] == FIRST
    stray, follows = follows[~owned], follows[owned]
    group = np.searchsorted(first, opener[follows])

    # Position of each consecutive frame in its message, from 1.
    begins = np.searchsorted(group, np.arange(len(first)))
    ends = np.searchsorted(group, np.arange(len(first)), side="right")
    rank = np.arange(len(follows)) - begins[group] + 1
    total = np.cumsum(parsed.carried[follows])
    before = np.concatenate([[0], total])[begins]
    held = parsed.carried[first][group] + total - before[group]

    waited = _waits(t_ns, first, follows, rank, group, flow_ns)
    wrong = parsed.sequence[follows] != rank % 16
    done = held >= parsed.announced[first][group]
    at_done = _first_true(done, begins, ends)
    at_wrong = _first_true(wrong, begins, ends)
    at_late = _first_true(waited > patience_ns, begins, ends)

    fault = np.full(len(first), _GOOD, np.int8)
    broken_at = np.minimum(at_wrong, at_late)
    broke = (broken_at < ends) & (broken_at <= at_done)
    fault[broke] = np.where(at_late <= at_wrong, _TIMEOUT, _WRONG_SEQUENCE)[broke]
    open_end = ~broke & (at_done >= ends)
    nothing_after = np.searchsorted(np.flatnonzero(opens), first, side="right") == (
        np.count_nonzero(opens)
    )
    fault[open_end] = np.where(nothing_after, _UNFINISHED, _CUT_OFF)[open_end]

    stop = np.where(fault == _GOOD, at_done, np.where(broke, broken_at, ends - 1))
    last = first.copy()
    some = stop >= begins
    last[some] = follows[stop[some]]
    surplus = np.arange(len(follows)) > stop[group]
    return _Groups(
        first=first,
        last=last,
        fault=fault,
        fault_at=last,
        late=_first_true(waited > LATE_NS, begins, ends) <= stop,
        stray=np.sort(np.concatenate([stray, follows[surplus]])),
    )


def _first_true(flags: Bools, begins: Ints, ends: Ints) -> Ints:
    """Index of the first true flag of each [begin, end), or ``end``."""
    hits = np.flatnonzero(flags)
    position = np.searchsorted(hits, begins)
    found = np.append(hits, np.iinfo(np.int64).max)[position]
    nearest: Ints = np.minimum(found, ends)
    return nearest


def _waits(
    t_ns: Ints,
    first: Ints,
    follows: Ints,
    rank: Ints,
    group: Ints,
    flow_ns: Ints | None,
) -> Ints:
    """Time since the frame before, or since the receiver's last flow control."""
    previous = np.empty_like(follows)
    previous[1:] = follows[:-1]
    previous[rank == 1] = first[group[rank == 1]]
    since = t_ns[previous]
    if flow_ns is not None and len(flow_ns):
        nearest = np.searchsorted(flow_ns, t_ns[follows]) - 1
        since = np.where(nearest >= 0, np.maximum(since, flow_ns[nearest]), since)
    waited: Ints = t_ns[follows] - since
    return waited


def _collected(frames: Frames, parsed: _Parsed, groups: _Groups) -> Payloads:
    singles = np.flatnonzero((parsed.kind == SINGLE) & ~parsed.malformed)
    good = groups.fault == _GOOD
    first = np.concatenate([singles, groups.first[good]])
    last = np.concatenate([singles, groups.last[good]])
    order = np.argsort(first, kind="stable")
    late = np.concatenate([np.zeros(len(singles), bool), groups.late[good]])
    first, last = first[order], last[order]
    sizes = parsed.announced[first]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Payloads(
        from_ns=frames.t_ns[first],
        to_ns=frames.t_ns[last],
        multi=first != last,
        late=late[order],
        starts=starts,
        content=_content(frames, parsed, groups, singles, first, starts),
        broken=_broken(frames, parsed, groups),
    )


def _content(
    frames: Frames,
    parsed: _Parsed,
    groups: _Groups,
    singles: Ints,
    first: Ints,
    starts: Ints,
) -> NDArray[np.uint8]:
    """All payload bytes in message order: frames of a message never interleave."""
    used = np.zeros(len(frames), bool)
    used[first] = True
    change = np.zeros(len(frames) + 1, np.int64)
    good = groups.fault == _GOOD
    change[groups.first[good]] += 1
    change[groups.last[good] + 1] -= 1
    inside = np.cumsum(change[:-1]) > 0
    used |= inside & (parsed.kind == CONSECUTIVE) & ~parsed.malformed
    rows = np.flatnonzero(used)
    message = np.searchsorted(first, rows, side="right") - 1
    carried = parsed.carried[rows]
    carried[np.isin(rows, singles, assume_unique=True)] = parsed.announced[
        rows[np.isin(rows, singles, assume_unique=True)]
    ]
    position = np.cumsum(carried) - carried
    begun = np.searchsorted(rows, first)
    within = position - position[begun][message] if len(rows) else position
    room = (starts[1:] - starts[:-1])[message] - within
    take = np.minimum(carried, room)
    columns = np.arange(frames.data.shape[1])
    begin = parsed.begin[rows]
    mask = (columns >= begin[:, None]) & (columns < (begin + take)[:, None])
    return frames.data[rows][mask]


def _broken(frames: Frames, parsed: _Parsed, groups: _Groups) -> tuple[Broken, ...]:
    found = [
        Broken(
            fault=Fault(_FAULTS[groups.fault[index]] or Fault.UNFINISHED),
            from_ns=int(frames.t_ns[groups.first[index]]),
            to_ns=int(frames.t_ns[groups.fault_at[index]]),
        )
        for index in np.flatnonzero(groups.fault != _GOOD)
    ]
    for fault, rows in (
        (Fault.MALFORMED, np.flatnonzero(parsed.malformed)),
        (Fault.STRAY, groups.stray),
    ):
        found += [
            Broken(fault=fault, from_ns=moment, to_ns=moment)
            for moment in frames.t_ns[rows].tolist()
        ]
    return tuple(sorted(found, key=lambda broken: (broken.from_ns, broken.fault)))


def flow_controls(frames: Frames, *, offset: int = 0) -> Ints:
    """Times (n,) of the flow control frames among ``frames``."""
    if not len(frames):
        return np.empty(0, np.int64)
    control = frames.data[:, offset] >> 4
    times: Ints = frames.t_ns[(control == FLOW) & (frames.length > offset)]
    return times
