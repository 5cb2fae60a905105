import day
import pytest

from examrunner.delivery.courier import Courier


class CarelessCourier(Courier):
    """Believes that what it sends has arrived."""

    def _deliver_packed(self, delivery) -> None:
        if delivery.result_kept and not delivery.packed_kept:
            self._outbox.packed_is_kept(delivery.attempt_id)
            super()._deliver_packed(delivery)

    def _step_receipt(self, _delivery) -> bool:
        return True


def is_as_a_calm_day(seed: int, hall: day.Hall) -> None:
    played = day.play(seed, hall, day.ROUGH)
    problems = day.problems_of(played, hall)
    if problems:
        pytest.fail(day.told(seed, hall, problems))
    assert played.faults
    # Whoever dies between the disk and the screen has saved more than it showed.
    assert 0.9 < played.acked / (hall.attempts * 4) <= 1


def test_a_calm_day_delivers_everything_and_scores_it() -> None:
    played = day.play(1, day.SMALL, day.CALM)
    assert day.problems_of(played, day.SMALL) == []
    assert played.faults == []


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_rough_day_comes_to_the_same_totals(seed: int) -> None:
    is_as_a_calm_day(seed, day.SMALL)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 201))
def test_each_of_many_rough_days_comes_to_the_same_totals(seed: int) -> None:
    is_as_a_calm_day(seed, day.SMALL)


@pytest.mark.slow
def test_a_rough_day_of_the_whole_hall_comes_to_the_same_totals() -> None:
    is_as_a_calm_day(1, day.FULL)


def test_a_careless_courier_is_caught() -> None:
    hall = day.Hall(stations=2, candidates=6)
    rough = (
        day.play(seed, hall, day.ROUGH, courier_of=CarelessCourier)
        for seed in range(1, 6)
    )
    assert any("recordings of" in p for d in rough for p in d.problems)


def test_a_service_that_acknowledges_before_it_syncs_is_caught() -> None:
    hall = day.Hall(stations=2, candidates=6)
    rough = (
        day.play(seed, hall, day.ROUGH, careless_service=True) for seed in range(1, 6)
    )
    assert any(
        "was changed" in problem or "cannot be read" in problem
        for played in rough
        for problem in played.problems
    )
