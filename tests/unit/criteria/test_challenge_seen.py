"""What the rig shows of the attempt's challenge."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.criteria.challenge_seen import ChallengeSeen
from examrunner.criteria.wording import say
from examrunner.model.case import Case
from examrunner.model.challenge import DISPLAY_NUMBERS, display_number, marks
from examrunner.model.errors import MissingError
from examrunner.model.judgement import Outcome
from examrunner.model.timeline import Op, Series, Sighting, Timeline
from examrunner.testing.timelines import a_hearing, a_series, ns

OURS, OTHERS = "0a1b2c3d", "ffeeddcc"
TOLD = Op(t_ns=ns(2.0), name="challenge", body={"result": "ok"})
NAME = "RIG_Status.RIG_Mark"


def bits(
    challenge: str, *, delay_s: float = 0.03, drift: float = 0.0, lasting_s: float = 300
) -> list[tuple[float, float]]:
    count = int(lasting_s * 10)
    shown = marks(challenge, count)
    times = 2.0 + delay_s + 0.1 * np.arange(count) * (1 + drift)
    return [(t, float(b)) for t, b in zip(times, shown, strict=True)]


def a_sighting(t_s: float, *numbers: int) -> Sighting:
    ids = np.array(sorted(numbers), np.int32)
    return Sighting(
        camera="work_area",
        t_ns=ns(t_s),
        ids=ids,
        corners_px=np.zeros((len(ids), 4, 2)),
    )


def displayed(
    challenge: str, times_s: Iterable[float], late_s: float = 0.0
) -> list[Sighting]:
    return [
        a_sighting(t, 901, 910, display_number(challenge, ns(t - 2.0 - late_s)))
        for t in times_s
    ]


def judged(
    samples: Iterable[tuple[float, float]] = (),
    sightings: Iterable[Sighting] = (),
    ops: tuple[Op, ...] = (TOLD,),
    challenge: str = OURS,
):
    rows = list(samples)
    signals: dict[str, Series] = {NAME: a_series(NAME, rows)} if rows else {}
    timeline = Timeline(
        duration_ns=ns(310), signals=signals, sightings=tuple(sightings), ops=ops
    )
    case = Case(challenge=challenge)
    hearing = a_hearing(timeline, start_s=10.0, stop_s=300.0, case=case)
    return ChallengeSeen().judge(hearing)


def test_the_right_bits_and_numbers_are_met() -> None:
    found = judged(bits(OURS), displayed(OURS, range(12, 299, 3)))
    assert found.outcome is Outcome.MET


def test_another_attempts_bits_are_not_met_and_show_when() -> None:
    forged = [b if t < 100 else o for b, o, t in _side_by_side()]
    found = judged(forged)
    assert found.outcome is Outcome.NOT_MET
    assert found.evidence[0].from_s == pytest.approx(100, abs=7)
    assert found.evidence[0].to_s == pytest.approx(300, abs=7)
    assert NAME in say(found.reason, "zh")


def _side_by_side():
    ours, others = bits(OURS), bits(OTHERS)
    return [(a, b, a[0]) for a, b in zip(ours, others, strict=True)]


def test_an_earlier_stretch_of_the_same_attempt_is_not_met() -> None:
    samples = bits(OURS)
    loop = [(t, samples[n % 600][1]) for n, (t, _) in enumerate(samples)]
    assert judged(loop).outcome is Outcome.NOT_MET


@given(
    st.floats(0.0, 0.35), st.floats(-0.0008, 0.0008), st.integers(0, 2**31), st.data()
)
def test_delay_drift_and_lost_frames_do_not_hide_the_challenge(
    delay_s: float, drift: float, seed: int, data: st.DataObject
) -> None:
    samples = bits(OURS, delay_s=delay_s, drift=drift)
    lost = data.draw(st.floats(0, 0.3))
    kept = np.random.default_rng(seed).random(len(samples)) >= lost
    rows = [row for row, keep in zip(samples, kept, strict=True) if keep]
    assert judged(rows).outcome is Outcome.MET


def test_another_number_on_the_display_is_not_met() -> None:
    found = judged(bits(OURS), displayed(OTHERS, range(12, 299, 3)))
    assert found.outcome is Outcome.NOT_MET
    assert found.evidence[0].stream == "work_area"


def test_the_number_before_is_right_for_two_seconds() -> None:
    times = [31.0, 33.5, 35.0]  # the number changes at 32 s
    assert judged(sightings=displayed(OURS, times, 1.9)).outcome is Outcome.MET
    assert (
        judged(sightings=displayed(OURS, range(12, 299, 3), 9)).outcome
        is Outcome.NOT_MET
    )


def test_a_hidden_display_proves_nothing() -> None:
    seen = [a_sighting(t, 901, 910) for t in range(12, 299, 3)]
    assert judged(bits(OURS), seen).outcome is Outcome.MET
    with pytest.raises(MissingError, match="challenge shown"):
        judged(sightings=seen)


def test_without_a_challenge_it_is_not_measured() -> None:
    refused = Op(t_ns=ns(2), name="challenge", body={"result": "bad_arg"})
    for ops, challenge in (((), OURS), ((refused,), OURS), ((TOLD,), "")):
        with pytest.raises(MissingError, match="challenge"):
            judged(bits(OURS), ops=ops, challenge=challenge)


def test_too_few_bits_prove_nothing() -> None:
    sparse = [row for n, row in enumerate(bits(OTHERS)) if n % 3 == 0]
    with pytest.raises(MissingError):
        judged(sparse)


def test_numbers_and_bits_come_from_the_challenge_alone() -> None:
    assert marks(OURS, 130).tolist() == marks(OURS, 200)[:130].tolist()
    assert marks(OURS, 0).tolist() == []
    assert marks(OURS, 600).tolist() != marks(OTHERS, 600).tolist()
    assert 0.4 < marks(OURS, 6000).mean() < 0.6
    numbers = {display_number(OURS, ns(30 * k)) for k in range(200)}
    assert max(numbers) < DISPLAY_NUMBERS
    assert len(numbers) > 150
