from dataclasses import replace

import numpy as np
import pytest

from examrunner.criteria.bus_load import BusLoad
from examrunner.criteria.frame_bits import BitRates, occupied_s
from examrunner.criteria.scales import Scale
from examrunner.criteria.wording import both
from examrunner.model.errors import MissingError
from examrunner.model.frames import BRS, EXTENDED, FD, REMOTE, Frames
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Timeline
from examrunner.testing.timelines import a_hearing, a_message, losses, ns

RULE = BusLoad(bus="CH1", bitrate_bps=500_000, score=Scale(full=3, zero=6))


def bits(flags, size, data_bps=None):
    rates = BitRates(bitrate_bps=1.0, data_bitrate_bps=data_bps)
    return occupied_s(Frames.of([(0, 1, flags, bytes(size))]), rates)


@pytest.mark.parametrize(
    ("flags", "size", "least", "most"),
    [
        (0, 8, 111, 135),
        (0, 0, 47, 55),
        (EXTENDED, 8, 131, 160),
        (REMOTE, 8, 47, 55),
        (FD, 8, 30 + 96, 34 + 113),
        (FD, 64, 30 + 549, 34 + 678),
    ],
)
def test_frames_have_as_many_bits_as_their_formats_say(flags, size, least, most):
    assert bits(flags, size) == (least, most)


def test_the_data_phase_is_faster_only_with_the_bit_rate_switch():
    assert bits(FD | BRS, 8, data_bps=4.0)[0] == 30 + 96 / 4
    assert bits(FD, 8, data_bps=4.0)[0] == 30 + 96


def heard(count, **more):
    message = a_message("M", np.linspace(0, 10, count, endpoint=False))
    timeline = Timeline(duration_ns=ns(10), messages={"M": message}, **more)
    return a_hearing(timeline)


@pytest.mark.parametrize(
    ("count", "outcome"),
    [
        (1000, Outcome.MET),
        (1500, Outcome.PARTLY_MET),
        (3000, Outcome.NOT_MET),
        (0, Outcome.MET),
    ],
)
def test_a_busy_bus_costs(count, outcome):
    found = RULE.judge(heard(count))
    assert found.outcome is outcome
    assert found.measured.value == pytest.approx(count * 135 / 50_000)


def test_the_reason_tells_both_bounds():
    words = both(RULE.judge(heard(1000)).reason)
    assert "at most 2.7 % (2.22 % without" in words["en"]


def test_an_identifier_with_two_names_counts_once():
    message = a_message("M", np.linspace(0, 10, 1000, endpoint=False))
    both_names = {"M": message, "N": replace(message, name="N")}
    hearing = a_hearing(Timeline(duration_ns=ns(10), messages=both_names))
    assert RULE.judge(hearing).details["frames"] == 1000


def test_a_lossy_recorder_or_a_missing_channel_is_not_measured():
    found = RULE.judge(heard(1000, health=losses(("CH1", 1, 2))))
    assert found.outcome is Outcome.NOT_MEASURED
    with pytest.raises(MissingError):
        replace(RULE, bus="CH2").judge(heard(1000))
