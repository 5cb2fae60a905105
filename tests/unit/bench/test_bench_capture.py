"""The capture bench counts what each recorder kept of the same frames."""

from functools import partial
from pathlib import Path

import pytest

from examrunner.bench.capture import (
    CHANNELS,
    PEERS,
    Outcome,
    Recorder,
    Runs,
    by_python_can,
    by_us,
    cases,
)
from examrunner.bench.harness import run
from examrunner.testing.full_buses import RATE_HZ


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "recorder",
    [by_us, *(partial(by_python_can, suffix=suffix) for suffix in PEERS.values())],
    ids=["ours", *PEERS],
)
def test_every_recorder_is_fed_the_same_frames_and_its_file_is_read_back(
    tmp_path: Path, recorder: Recorder
) -> None:
    # What is sent in one second has room in the sockets, however slow the machine is.
    outcome = recorder(tmp_path, 1)

    assert outcome.sent == len(CHANNELS) * RATE_HZ
    assert outcome.kept == outcome.sent
    assert outcome.size_bytes > outcome.sent
    assert outcome.processor_s > 0


def keeping(shares: list[float], folder: Path, seconds: int) -> Outcome:
    assert not list(folder.iterdir())
    return Outcome(
        sent=1000 * seconds,
        kept=round(1000 * seconds * shares.pop(0)),
        processor_s=0.5,
        size_bytes=4000 * seconds,
    )


def test_each_figure_of_a_run_is_told_in_turn_without_running_again() -> None:
    runs = Runs(partial(keeping, [1.0, 0.5]), 2)
    kept = runs.told(lambda outcome: outcome.kept / outcome.sent)

    assert [runs.recorded(), runs.recorded()] == [250.0, 250.0]
    assert [kept(), kept()] == [1.0, 0.5]


def test_a_lost_frame_of_ours_is_not_good_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = [1.0, 0.999]
    monkeypatch.setattr("examrunner.bench.capture.by_us", partial(keeping, ours))
    monkeypatch.setattr(
        "examrunner.bench.capture.by_python_can",
        lambda folder, seconds, suffix: keeping([0.25], folder, seconds),
    )

    _, kept, size = run("capture", cases(1), rounds=1)["cases"]

    assert kept["ours"] == 0.999
    assert kept["peers"] == dict.fromkeys(PEERS, 0.25)
    assert not kept["reached"]
    assert size["ours"] == 4.0
