from dataclasses import replace

import numpy as np
import pytest

from examrunner.criteria.msg_layout import MsgLayout
from examrunner.criteria.scales import Scale
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.frames import BRS, EXTENDED, FD
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Health, Timeline
from examrunner.testing.timelines import a_hearing, a_message, losses, ns

TIMES = np.arange(0, 10, 0.1)
RULE = MsgLayout(message="M", score=Scale(full=1, zero=0))
NOTHING_LOST = Health()


def heard(flags=0, length=8, *, times=TIMES, wanted=8, fd=False, health=NOTHING_LOST):
    plain = a_message("M", times)
    size = len(plain.frames)
    frames = replace(
        plain.frames,
        flags=np.resize(np.array(flags, np.uint8), size),
        length=np.resize(np.array(length, np.uint8), size),
    )
    message = replace(plain, frames=frames, length=wanted, fd=fd)
    timeline = Timeline(duration_ns=ns(10), messages={"M": message}, health=health)
    return a_hearing(timeline)


def test_frames_as_in_the_database_are_met():
    assert RULE.judge(heard()).outcome is Outcome.MET
    assert RULE.judge(heard(FD, fd=True)).outcome is Outcome.MET


@pytest.mark.parametrize("wrong", [{"flags": FD}, {"flags": EXTENDED}, {"length": 7}])
def test_another_format_identifier_or_a_truncated_frame_is_not_met(wrong):
    assert RULE.judge(heard(**wrong)).outcome is Outcome.NOT_MET


def test_some_truncated_frames_cost_and_the_first_is_the_evidence():
    found = RULE.judge(heard(length=[8, 8, 8, 5]))
    assert found.outcome is Outcome.PARTLY_MET
    assert found.fraction == 0.75
    assert found.evidence[0].from_s == pytest.approx(0.3)
    assert "75 of 100" in both(found.reason)["en"]


def test_the_bit_rate_switch_counts_only_where_it_is_asked():
    asked = replace(RULE, brs=True)
    assert asked.judge(heard(FD | BRS, fd=True)).outcome is Outcome.MET
    assert asked.judge(heard(FD, fd=True)).outcome is Outcome.NOT_MET


def test_no_frame_is_silence_of_the_bus_or_a_loss_of_the_recorder():
    assert RULE.judge(heard(times=[])).reason.key == "message.silent"
    lost = losses(("CH1", 0, 10))
    found = RULE.judge(heard(times=[], health=lost))
    assert found.outcome is Outcome.NOT_MEASURED


def test_a_message_that_no_database_describes_has_no_layout():
    with pytest.raises(MissingError):
        RULE.judge(heard(wanted=None))
