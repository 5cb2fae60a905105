"""What is remembered of pictures, and which pictures it recognises."""

import cv2
import numpy as np
import pytest

from examrunner.criteria.replayed_pictures import ReplayedPictures
from examrunner.decode.vision.pictures import read_gray
from examrunner.decode.vision.traces import picture_trace
from examrunner.model.judgement import Outcome
from examrunner.model.recording import Picture
from examrunner.model.timeline import NS_PER_S, Timeline
from examrunner.model.traces import Earlier, PictureTrace
from examrunner.testing.timelines import a_hearing

SIZE = (720, 1280)


def a_scene() -> np.ndarray:
    """Flat fields with edges and letters, and a slow gradient."""
    scene = np.tile(np.linspace(60, 190, SIZE[1]).astype(np.uint8), (SIZE[0], 1))
    for n in range(6):
        corner = (60 + 200 * n, 80 + 70 * n)
        cv2.rectangle(scene, corner, (corner[0] + 120, corner[1] + 90), 30 * n, -1)
        cv2.putText(scene, "EXAM", corner, cv2.FONT_HERSHEY_PLAIN, 4, 240, 3)
    return scene.astype(np.float64)


def an_exposure(seed: int, sigma: float = 2.0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0.0, sigma, SIZE)
    return np.clip(np.rint(a_scene() + noise), 0, 255).astype(np.uint8)


def traced(gray: np.ndarray, t_s: float, before: np.ndarray | None = None):
    picture = Picture(
        t_ns=round(t_s * NS_PER_S),
        stream="front",
        name=f"still-{t_s:g}",
        purpose="still",
        media_type="image/png",
        data=b"",
    )
    return picture_trace(gray, picture, before)


def judged(traces: list[PictureTrace], *earlier: Earlier):
    timeline = Timeline(duration_ns=100 * NS_PER_S, pictures=traces)
    hearing = a_hearing(timeline, earlier=earlier)
    return ReplayedPictures().judge(hearing)


def through(gray: np.ndarray, extension: str, *options: int) -> np.ndarray:
    data = cv2.imencode(extension, gray, list(options))[1].tobytes()
    return read_gray(data, "here")


def brighter(gray: np.ndarray) -> np.ndarray:
    return cv2.convertScaleAbs(gray, alpha=1.1, beta=9)


def gamma(gray: np.ndarray) -> np.ndarray:
    table = np.rint(255 * (np.arange(256) / 255) ** 0.8).astype(np.uint8)
    return cv2.LUT(gray, table)


COPIES = {
    "as it is": lambda gray: gray,
    "lossless": lambda gray: through(gray, ".png"),
    "jpeg 95": lambda gray: through(gray, ".jpg", cv2.IMWRITE_JPEG_QUALITY, 95),
    "jpeg 98": lambda gray: through(gray, ".jpg", cv2.IMWRITE_JPEG_QUALITY, 98),
    "brighter": brighter,
    "gamma": gamma,
}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_is_recognised(copy: str) -> None:
    original = an_exposure(1)
    found = judged([traced(original, 1), traced(COPIES[copy](original), 50)])
    assert found.outcome is Outcome.NOT_MET
    assert found.evidence[0].from_s == 50


def test_a_copy_from_an_earlier_recording_is_recognised_by_its_name() -> None:
    earlier = Earlier(digest="abcdef0123456789", pictures=(traced(an_exposure(1), 9),))
    found = judged([traced(an_exposure(1), 3), traced(an_exposure(2), 4)], earlier)
    assert found.outcome is Outcome.NOT_MET
    assert found.measured is not None
    assert found.measured.value == 1


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0, 5.0])
def test_exposures_of_a_scene_that_stands_still_are_not_copies(sigma: float) -> None:
    found = judged([traced(an_exposure(seed, sigma), seed) for seed in range(12)])
    assert found.outcome is Outcome.MET


def test_pictures_of_another_size_are_not_compared() -> None:
    small = cv2.resize(an_exposure(1), (640, 360))
    found = judged([traced(an_exposure(1), 1), traced(small, 2)])
    assert found.outcome is Outcome.MET


def test_brightness_detail_and_change_are_those_of_the_picture() -> None:
    dark, bright = np.zeros(SIZE, np.uint8), np.full(SIZE, 100, np.uint8)
    assert traced(dark, 1).brightness == 0
    assert traced(dark, 1).detail == 0
    assert traced(dark, 1).change is None
    assert traced(bright, 2, dark).change == 100
    assert traced(bright[:100], 2, dark).change is None
    assert traced(an_exposure(1), 1).detail > 50
