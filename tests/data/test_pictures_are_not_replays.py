"""Honest pictures of strangers are never taken for copies."""

from itertools import groupby
from pathlib import Path

import pytest

from examrunner.criteria.replayed_pictures import ReplayedPictures, _is_grainy
from examrunner.decode.vision.pictures import read_gray
from examrunner.decode.vision.traces import picture_trace
from examrunner.model.judgement import Outcome
from examrunner.model.recording import Picture
from examrunner.model.timeline import Timeline
from examrunner.testing.timelines import a_hearing

SETS = ("opencv-stereo-chessboard", "udacity-camera_cal")


@pytest.mark.parametrize("name", SETS)
def test_no_picture_of_a_real_set_is_another_one(name: str, shared_data: Path) -> None:
    files = sorted((shared_data / "camera" / name).rglob("*.jpg"))
    traces = []
    for number, file in enumerate(files):
        picture = Picture(
            t_ns=number,
            stream="front",
            name=file.name,
            purpose="still",
            media_type="image/jpeg",
            data=file.read_bytes(),
        )
        traces.append(picture_trace(read_gray(picture.data, "here"), picture, None))
    assert sum(_is_grainy(trace) for trace in traces) > 10
    for _, group in groupby(traces, key=lambda trace: trace.size_px):
        timeline = Timeline(duration_ns=len(files), pictures=tuple(group))
        found = ReplayedPictures().judge(a_hearing(timeline))
        assert found.outcome is Outcome.MET
