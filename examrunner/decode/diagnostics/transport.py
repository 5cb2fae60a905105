"""ISO 15765-2 (ISO-TP) as a listener sees it: columns in, payloads out.

A listener owns no transmit function and no timer that it could be wrong about: it
looks at all frames of one identifier at once. What the frames do not prove is counted
as broken or unfinished, never guessed.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.decode.diagnostics.control import ParsedFrames, parse
from examrunner.decode.diagnostics.payloads import FAULTS, Breakage, Fault, Payloads
from examrunner.model.frames import Frames
from examrunner.model.timeline import NS_PER_S

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LATE_NS: Final = NS_PER_S
"""N_Cr: a receiver may give up after this long (ISO 15765-2:2016 table 16)."""

ABANDONED_NS: Final = 30 * NS_PER_S
"""A listener gives up after this long. Until then a complete sequence proves the
payload, whether or not its receiver was patient: slow tools pause over a second, and
traces with a coarse clock exist."""


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
    parsed = parse(frames, offset)
    groups = _grouped(parsed, frames.t_ns, flow_ns, patience_ns)
    return _collected(frames, parsed, groups)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Groups:
    """How every message that a first frame began ended.

    Attributes:
        last: Row of the last frame that belongs to each.
        fault: int8, position in ``FAULTS``; -1 for a complete message.
        late: Whether N_Cr passed inside it.
        stray: Rows of consecutive frames that belong to no message.
    """

    last: Ints
    fault: NDArray[np.int8]
    late: Bools
    stray: Ints


_GOOD: Final = -1


def _code(fault: Fault) -> int:
    return FAULTS.index(fault)


def _grouped(
    parsed: ParsedFrames, t_ns: Ints, flow_ns: Ints | None, patience_ns: int
) -> _Groups:
    first, all_follows = parsed.first, parsed.follows
    group = np.searchsorted(first, all_follows) - 1
    # A single frame in between ends what the first frame began.
    singles_before = np.searchsorted(parsed.single, first)
    owned = group >= 0
    owned &= np.searchsorted(parsed.single, all_follows) == np.append(
        singles_before, -1
    ).take(group)
    stray, follows, group = all_follows[~owned], all_follows[owned], group[owned]

    # Position of each consecutive frame in its message, from 1.
    begins = np.searchsorted(group, np.arange(len(first)))
    ends = np.append(begins[1:], len(group))
    rank = np.arange(1, len(follows) + 1) - begins[group]
    total = np.cumsum(parsed.carried[follows], dtype=np.int64)
    before = np.append(0, total)[begins]
    missing = parsed.announced[first] - parsed.carried[first] + before

    waited = _waits(t_ns, first, follows, rank, group, flow_ns)
    at_done = _first_true(total >= missing[group], begins, ends)
    at_wrong = _first_true(parsed.sequence[follows] != (rank & 0xF), begins, ends)
    at_late = _first_true(waited > patience_ns, begins, ends)

    broken_at = np.minimum(at_wrong, at_late)
    broke = (broken_at < ends) & (broken_at <= at_done)
    unfinished = ~broke & (at_done >= ends)
    newest = max(parsed.single[-1:].max(initial=-1), first[-1:].max(initial=-1))
    fault = np.select(
        [broke & (at_late <= at_wrong), broke, unfinished & (first == newest)],
        [_code(Fault.TIMEOUT), _code(Fault.WRONG_SEQUENCE), _code(Fault.UNFINISHED)],
        np.where(unfinished, _code(Fault.CUT_OFF), _GOOD),
    ).astype(np.int8)
    stop = np.where(broke, broken_at, np.where(unfinished, ends - 1, at_done))
    last = first.copy()
    some = stop >= begins
    last[some] = follows[stop[some]]
    surplus = np.arange(len(follows)) > stop[group]
    return _Groups(
        last=last,
        fault=fault,
        late=_first_true(waited > LATE_NS, begins, ends) <= stop,
        stray=np.concatenate([stray, follows[surplus]]),
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


def _collected(frames: Frames, parsed: ParsedFrames, groups: _Groups) -> Payloads:
    good = groups.fault == _GOOD
    first = np.concatenate([parsed.single, parsed.first[good]])
    last = np.concatenate([parsed.single, groups.last[good]])
    late = np.concatenate([np.zeros(len(parsed.single), bool), groups.late[good]])
    order = np.argsort(first, kind="stable")
    first, last, late = first[order], last[order], late[order]
    starts = np.append(0, np.cumsum(parsed.announced[first]))
    return Payloads(
        from_ns=frames.t_ns[first],
        to_ns=frames.t_ns[last],
        multi=first != last,
        late=late,
        starts=starts,
        content=_content(frames, parsed, first, last, starts),
        breakage=_breakage(frames.t_ns, parsed, groups),
    )


def _content(
    frames: Frames, parsed: ParsedFrames, first: Ints, last: Ints, starts: Ints
) -> NDArray[np.uint8]:
    """All payload bytes in message order: frames of a message never interleave."""
    message = np.searchsorted(first, parsed.follows, side="right") - 1
    inside = message >= 0
    inside[inside] = parsed.follows[inside] <= last[message[inside]]
    rows = np.concatenate([first, parsed.follows[inside]])
    owner = np.concatenate([np.arange(len(first)), message[inside]])
    order = np.argsort(rows, kind="stable")
    rows, owner = rows[order], owner[order]
    carried = parsed.carried[rows].astype(np.int64)
    position = np.cumsum(carried) - carried
    within = position - position[np.searchsorted(rows, first)].take(owner)
    take = np.minimum(carried, (starts[1:] - starts[:-1]).take(owner) - within)
    begin = parsed.begin[rows]
    end = begin + take.astype(np.uint8)
    columns = np.arange(frames.data.shape[1], dtype=np.uint8)
    mask = (columns >= begin[:, None]) & (columns < end[:, None])
    content: NDArray[np.uint8] = frames.data[rows][mask]
    return content


def _breakage(t_ns: Ints, parsed: ParsedFrames, groups: _Groups) -> Breakage:
    bad = groups.fault != _GOOD
    single_rows = np.concatenate([parsed.malformed, groups.stray])
    faults = np.concatenate(
        [
            groups.fault[bad],
            np.full(len(parsed.malformed), _code(Fault.MALFORMED), np.int8),
            np.full(len(groups.stray), _code(Fault.STRAY), np.int8),
        ]
    )
    from_ns = np.concatenate([t_ns[parsed.first[bad]], t_ns[single_rows]])
    to_ns = np.concatenate([t_ns[groups.last[bad]], t_ns[single_rows]])
    order = np.argsort(from_ns, kind="stable")
    return Breakage(faults=faults[order], from_ns=from_ns[order], to_ns=to_ns[order])
