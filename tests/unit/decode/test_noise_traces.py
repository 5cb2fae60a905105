"""Marks of noisy signals: what gives some, what gives none, what they survive."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.decode.noise import WINDOW, _fewest, _trace, _turns
from examrunner.model.timeline import Series
from examrunner.testing.timelines import a_series


def noisy(seed: int, count: int = 6000, sigma: float = 1.0) -> Series:
    values = np.random.default_rng(seed).normal(0.0, sigma, count)
    return a_series("M.S", [(0.01 * n, v) for n, v in enumerate(values)], step=0.5)


def cut(series: Series, rows: slice | np.ndarray) -> Series:
    parts = {name: getattr(series, name)[rows] for name in ("t_ns", "values", "raw")}
    return replace(series, quality=series.quality[rows], **parts)


def marks(series: Series) -> set[int]:
    return set(_trace(series, _turns(series)).marks.tolist())


def is_traced(series: Series) -> bool:
    return len(_turns(series)) >= _fewest(series)


def test_noise_gives_about_one_mark_for_eight_turns() -> None:
    series = noisy(1)
    assert is_traced(series)
    share = len(marks(series)) / len(_turns(series))
    assert share == pytest.approx(1 / 8, abs=0.03)


@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_two_draws_of_noise_have_no_mark_in_common(one: int, other: int) -> None:
    if one != other:
        assert not marks(noisy(one, 3000)) & marks(noisy(other, 3000))


@given(st.integers(0, 4000), st.integers(600, 1500))
def test_a_stretch_gives_the_same_marks_wherever_it_stands(
    first: int, length: int
) -> None:
    whole = noisy(7)
    part = cut(whole, slice(first, first + length))
    late = replace(part, t_ns=part.t_ns[::1] * 3 + 10**15)
    # The first turn has no distance to the one before, so one window may differ.
    assert len(marks(late) - marks(whole)) <= 1
    assert len(marks(late) & marks(whole)) > 10


def test_half_a_percent_of_lost_frames_leaves_most_marks() -> None:
    whole = noisy(7)
    kept = np.random.default_rng(3).random(len(whole)) >= 0.005
    survived = marks(cut(whole, kept)) & marks(whole)
    assert len(survived) > 0.5 * len(marks(whole))


@pytest.mark.parametrize("noise", [0.05, 0.2])
def test_noise_of_one_step_is_enough(noise: float) -> None:
    values = 0.03 + np.random.default_rng(1).normal(0.0, noise, 6000)
    series = a_series("M.S", [(0.01 * n, v) for n, v in enumerate(values)], step=0.1)
    assert is_traced(series)
    assert marks(series)


SECONDS = 0.01 * np.arange(6000)
QUIET = {
    "constant": np.full(6000, 3.0),
    "ramp": 0.5 * np.arange(6000),
    "sine": 100 * np.sin(SECONDS),
    "steps": np.floor(SECONDS / 7) % 3,
}
PERIODIC = {
    "toggling": np.arange(6000) % 2,
    "sawtooth": np.arange(6000) % 7,
    "pattern": np.array([0, 3, 1, 2, 5, 1])[np.arange(6000) % 6],
}


@pytest.mark.parametrize("shape", QUIET)
def test_smooth_signals_are_not_traced(shape: str) -> None:
    series = a_series("M.S", zip(SECONDS, QUIET[shape], strict=True), step=0.5)
    assert not is_traced(series)


@pytest.mark.parametrize("shape", PERIODIC)
def test_periodic_signals_give_no_marks(shape: str) -> None:
    series = a_series("M.S", zip(SECONDS, PERIODIC[shape], strict=True), step=0.5)
    assert not marks(series)


def test_a_mark_says_where_its_stretch_begins_and_ends() -> None:
    series = noisy(1)
    trace = _trace(series, _turns(series))
    turns = series.t_ns[_turns(series)].tolist()
    for begin, end in zip(trace.t_ns.tolist(), trace.end_ns.tolist(), strict=True):
        assert turns.index(end) - turns.index(begin) == WINDOW - 1
