from dataclasses import replace

import numpy as np
import pytest

from examrunner.criteria.challenge_seen import ChallengeSeen
from examrunner.model.case import Case
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Op, Sighting, Timeline
from examrunner.testing.timelines import a_body_pose, a_hearing, ns

TOLD = Op(t_ns=ns(1), name="challenge", body={"result": "ok"})


def heard(*poses):
    seen = Sighting(
        camera="targets",
        t_ns=ns(20),
        ids=np.array([40, 41], np.int32),
        corners_px=np.zeros((2, 4, 2)),
    )
    timeline = Timeline(duration_ns=ns(100), sightings=[seen], poses=poses, ops=(TOLD,))
    return replace(a_hearing(timeline), case=Case(challenge="00" * 16))


def test_the_tags_of_a_measured_body_are_no_display():
    with pytest.raises(MissingError):
        ChallengeSeen().judge(heard(a_body_pose(20, "plate")))


def test_the_same_markers_before_another_camera_are_a_wrong_display():
    assert ChallengeSeen().judge(heard()).outcome is Outcome.NOT_MET
