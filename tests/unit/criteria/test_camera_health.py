"""Cameras that were cut off, frozen or covered."""

import numpy as np
import pytest

from examrunner.criteria.camera_health import CameraHealth
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Timeline
from examrunner.model.traces import PictureTrace
from examrunner.testing.timelines import a_hearing, losses, ns

HEALTHY = CameraHealth(streams=("work_area",), max_outage_s=10.0)
SOUND = Health()


def a_thumbnail(
    t_s: float,
    *,
    change: float | None = 0.6,
    brightness: float = 150.0,
    detail: float = 900.0,
    purpose: str = "thumbnail",
) -> PictureTrace:
    return PictureTrace(
        camera="work_area",
        picture=f"{t_s}",
        t_ns=ns(t_s),
        purpose=purpose,
        size_px=(640, 360),
        brightness=brightness,
        detail=detail,
        change=change,
        grain=np.zeros(16, np.uint64),
        flat=np.zeros(16, np.uint64),
    )


def judged(*pictures: PictureTrace, health: Health = SOUND):
    timeline = Timeline(duration_ns=ns(100), pictures=pictures, health=health)
    return HEALTHY.judge(a_hearing(timeline))


def every_three_seconds(**between: float):
    """Thumbnails that are as said from 30 to 50 s."""
    return [
        a_thumbnail(t, **(between if 30 <= t < 50 else {})) for t in range(0, 99, 3)
    ]


def test_a_camera_that_watches_is_met() -> None:
    assert judged(*every_three_seconds()).outcome is Outcome.MET


def test_pictures_that_do_not_differ_are_one() -> None:
    found = judged(*every_three_seconds(change=0.1))
    assert found.outcome is Outcome.NOT_MET
    assert found.evidence[0].from_s == 27
    assert found.evidence[0].to_s == 48
    assert judged(*every_three_seconds(change=0.2)).outcome is Outcome.MET


@pytest.mark.parametrize("hidden", [{"brightness": 9.9}, {"detail": 44.0}])
def test_a_covered_camera_is_out_until_it_sees_again(hidden: dict[str, float]) -> None:
    found = judged(*every_three_seconds(**hidden))
    assert found.outcome is Outcome.NOT_MET
    assert found.measured is not None
    assert found.measured.value == 21
    assert found.evidence[0].from_s == 30
    assert found.evidence[0].to_s == 51


@pytest.mark.parametrize("dim", [{"brightness": 10.0}, {"detail": 45.0}])
def test_a_dim_camera_still_sees(dim: dict[str, float]) -> None:
    assert judged(*every_three_seconds(**dim)).outcome is Outcome.MET


def test_ten_seconds_are_nobodys_business() -> None:
    pictures = [a_thumbnail(t, brightness=0.0 if t == 50 else 99) for t in (0, 50, 60)]
    assert judged(*pictures).outcome is Outcome.MET
    pictures = [a_thumbnail(t, brightness=0.0 if t == 50 else 99) for t in (0, 50, 61)]
    assert judged(*pictures).outcome is Outcome.NOT_MET


def test_stills_may_be_as_dark_as_they_like() -> None:
    stills = [a_thumbnail(t, brightness=0.0, purpose="still") for t in (10, 40, 80)]
    assert judged(*stills).outcome is Outcome.MET


def test_a_loss_counts_with_and_without_pictures() -> None:
    lost = losses(("work_area", 40, 55))
    assert judged(health=lost).outcome is Outcome.NOT_MET
    found = judged(*every_three_seconds(brightness=1.0), health=lost)
    assert found.measured is not None
    assert found.measured.value == 25
