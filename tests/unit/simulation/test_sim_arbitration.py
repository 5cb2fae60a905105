from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from examrunner.model.frames import BRS, FD, Frames
from examrunner.simulation.arbitration import Arbiter, duration_ns

BITRATES = (500_000, 2_000_000)
READY = st.lists(
    st.tuples(
        st.integers(0, 3_000_000),
        st.integers(0, 0x7FF),
        st.just(0),
        st.binary(min_size=8, max_size=8),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda row: (row[0], row[1]),
)


def sent_at_once(frames: Frames) -> Frames:
    return Arbiter(*BITRATES).settle(frames, 1 << 60)


@given(READY)
@settings(max_examples=60, deadline=None)
def test_frames_neither_overlap_nor_start_before_they_are_ready(
    rows: list[tuple[int, int, int, bytes]],
) -> None:
    sent = sent_at_once(Frames.of(rows))
    lasting = duration_ns(sent, *BITRATES)
    ready = {(row[1], row[3], row[0]) for row in rows}
    assert len(sent) == len(rows)
    assert (sent.t_ns[1:] >= sent.t_ns[:-1] + lasting[:-1]).all()
    for t, can_id, data in zip(sent.t_ns, sent.ids, sent.data, strict=True):
        assert any(i == can_id and d == bytes(data) and r <= t for i, d, r in ready)


@given(READY)
@settings(max_examples=60, deadline=None)
def test_of_the_frames_that_wait_the_lowest_identifier_goes_first(
    rows: list[tuple[int, int, int, bytes]],
) -> None:
    sent = sent_at_once(Frames.of(rows))
    ready = {(row[1], row[3]): row[0] for row in rows}
    lasting = duration_ns(sent, *BITRATES)
    for now in range(1, len(sent)):
        if sent.t_ns[now] > sent.t_ns[now - 1] + lasting[now - 1]:
            continue
        for later in range(now + 1, len(sent)):
            key = (int(sent.ids[later]), bytes(sent.data[later]))
            if ready[key] < sent.t_ns[now]:
                assert sent.ids[now] <= sent.ids[later]


@given(READY, st.lists(st.integers(0, 3_500_000), max_size=5))
@settings(max_examples=60, deadline=None)
def test_settling_in_parts_gives_the_same_as_settling_at_once(
    rows: list[tuple[int, int, int, bytes]], cuts: list[int]
) -> None:
    whole = sent_at_once(Frames.of(rows))
    arbiter = Arbiter(*BITRATES)
    borders = [0, *sorted(cuts), 1 << 60]
    parts = [
        arbiter.settle(Frames.of([r for r in rows if low <= r[0] < high]), high)
        for low, high in pairwise(borders)
    ]
    together = Frames.concatenate(parts)
    assert np.array_equal(together.t_ns, whole.t_ns)
    assert np.array_equal(together.ids, whole.ids)
    assert np.array_equal(together.data, whole.data)


def test_a_bit_rate_switch_shortens_a_long_frame() -> None:
    slow = Frames.of([(0, 1, FD, bytes(64))])
    fast = Frames.of([(0, 1, FD | BRS, bytes(64))])
    assert duration_ns(fast, *BITRATES)[0] < 0.4 * duration_ns(slow, *BITRATES)[0]
