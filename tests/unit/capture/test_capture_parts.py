import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.capture.bus_watch import BusWatch
from examrunner.capture.clock import AdapterStamps, FollowedClock
from examrunner.capture.diagnostic_client import Reassembly
from examrunner.capture.frame_queue import FrameQueue
from examrunner.model.frames import ERROR, Frames

S = 1_000_000_000
MS = 1_000_000


def frames_at(*times_ns: int, can_id: int = 0x100) -> Frames:
    return Frames.of([(t_ns, can_id, 0, b"\x01") for t_ns in times_ns])


def test_a_full_queue_drops_and_counts() -> None:
    queue = FrameQueue(capacity=3)
    queue.put(frames_at(1, 2))
    queue.put(frames_at(3, 4))
    queue.put(frames_at(5))
    queue.put(frames_at(6, 7))
    kept, dropped = queue.take()
    assert list(kept.t_ns) == [1, 2, 5]
    assert dropped is not None
    assert (dropped.count, dropped.from_ns, dropped.to_ns) == (4, 3, 7)
    assert queue.take()[1] is None


def test_rig_time_never_runs_backwards_and_stamps_are_exact() -> None:
    clock = FollowedClock(5 * S)
    clock.follow(7 * S)
    clock.follow(6 * S)
    assert clock.now_ns() == 2 * S
    mapped = clock.mapping()(np.array([5 * S, 5 * S + 7], np.int64))
    assert list(mapped) == [0, 7]


@given(
    st.lists(st.integers(0, 30 * MS), min_size=2, max_size=50),
    st.integers(-(10**18), 10**18),
)
def test_an_adapters_stamps_lose_their_offset_and_this_pcs_jitter(
    delays_ns: list[int], offset_ns: int
) -> None:
    truth = [S + number * 20 * MS for number in range(len(delays_ns))]
    times = iter([t + d for t, d in zip(truth, delays_ns, strict=True)])
    stamps = AdapterStamps(lambda: next(times))
    least_ns = 30 * MS
    for t_ns, delay_ns in zip(truth, delays_ns, strict=True):
        least_ns = min(least_ns, delay_ns)
        mapped = stamps.mapped(np.array([t_ns + offset_ns], np.int64))
        assert mapped[0] - t_ns == least_ns


@pytest.mark.parametrize("by_ns", [864_000 * S, -864_000 * S, -1_700_000_000 * S, S])
@pytest.mark.parametrize("at", [0, 1, 7, 20, 23])
def test_an_adapter_whose_clock_is_set_moves_no_frame(by_ns: int, at: int) -> None:
    truth = [S + number * 10 * MS for number in range(40)]
    stamps = [1_700_000_000 * S + t for t in truth]
    stamps = [t + (by_ns if number >= at else 0) for number, t in enumerate(stamps)]
    now = [0]
    adapter = AdapterStamps(lambda: now[0])
    found: list[int] = []
    for start in range(0, 40, 8):
        now[0] = truth[start + 7] + MS
        mapped = adapter.mapped(np.array(stamps[start : start + 8], np.int64))
        found.extend(int(t) for t in mapped)
    # Set within the first batch, there is nothing yet to tell the two clocks apart.
    first = 8 if at in range(1, 8) else 0
    assert found[first:] == [t + MS for t in truth[first:]]


def test_an_observation_counts_frames_and_its_longest_silence() -> None:
    watch = BusWatch("CH1", 0)
    watch.add(frames_at(*range(0, 500 * MS, 20 * MS)))
    watch.add(frames_at(900 * MS, 920 * MS))
    watch.add(Frames.of([(930 * MS, 0, ERROR, b"")]))
    (heard,) = watch.report(S)
    assert heard.count == 27
    assert heard.longest_gap_s == 0.42
    assert watch.report(3 * S)[0].longest_gap_s == 2.08


def test_a_long_answer_is_put_together_and_acknowledged_once() -> None:
    acknowledged = []
    answers = Reassembly(
        response_id=0x7E8, acknowledge=lambda: acknowledged.append(True)
    )
    parts = [b"\x10\x0a" + bytes(range(6)), b"\x21" + bytes(range(6, 10)) + b"\xcc" * 3]
    answers.hear(Frames.of([(0, 0x7E8, 0, parts[0]), (1, 0x123, 0, b"\x01\x02")]))
    answers.hear(Frames.of([(2, 0x7E8, 0, parts[1])]))
    assert answers.complete == [bytes(range(10))]
    assert acknowledged == [True]


def test_a_consecutive_frame_out_of_order_does_not_make_an_answer() -> None:
    answers = Reassembly(response_id=0x7E8, acknowledge=lambda: None)
    answers.hear(Frames.of([(0, 0x7E8, 0, b"\x10\x0a" + bytes(6))]))
    answers.hear(Frames.of([(1, 0x7E8, 0, b"\x22" + bytes(7))]))
    assert answers.complete == []
