"""Seventy-two hours without a line: the exam goes on, and everything arrives after."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import day
import pytest
from day_service import Site
from day_station import Pc
from day_world import World

CUT_S = day.HOUR_S / 4
BACK_S = CUT_S + 72 * day.HOUR_S
SMALL = dataclasses.replace(day.SMALL, has_packs=True)
MINUTE_S = 60.0


@dataclass
class Partition:
    """Cuts every line of a hall, and looks what there is when it comes back."""

    pcs: Sequence[Pc] = ()
    handed_in: int = 0
    waiting_bytes: int = 0

    def prepare(self, world: World, _site: Site, pcs: list[Pc]) -> None:
        self.pcs = pcs
        for pc in pcs:
            outages = [(CUT_S, BACK_S)]
            pc.line.weather = dataclasses.replace(pc.line.weather, outages=outages)
        world.at(BACK_S - 1, self._look)

    @property
    def peak(self) -> int:
        """Most requests of the whole hall within one minute, once the line is back."""
        times_s = [at_s for pc in self.pcs for at_s, _ in pc.line.requests]
        minutes = Counter(int(at_s // MINUTE_S) for at_s in times_s if at_s >= BACK_S)
        return max(minutes.values())

    def _look(self) -> None:
        for pc in self.pcs:
            attempts = pc.drive.folder / "attempts"
            manifests = list(attempts.glob("*/recording/manifest.json"))
            self.handed_in += len(manifests)
            files = (path for path in attempts.rglob("*") if path.is_file())
            self.waiting_bytes += sum(path.stat().st_size for path in files)


def told(hall: day.Hall, cut: Partition, played: day.Day) -> str:
    late_s = played.ended_s - BACK_S
    return (
        f"{hall.stations} stations, {cut.handed_in} of {hall.attempts} attempts handed "
        f"in without a line, {cut.waiting_bytes} bytes waiting; all delivered "
        f"{late_s:.0f} s after it was back, at most {cut.peak} requests a minute"
    )


@pytest.mark.parametrize(
    ("hall", "faults"),
    [
        (SMALL, day.CALM),
        pytest.param(SMALL, day.ROUGH, marks=pytest.mark.slow),
    ],
)
def test_an_exam_goes_on_through_three_days_without_a_line(
    hall: day.Hall, faults: day.Faults, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = Partition()
    played = day.play(7, hall, faults, prepare=cut.prepare)
    with capsys.disabled():
        print(told(hall, cut, played))  # noqa: T201  # the figure that is asked for
    assert day.problems_of(played, hall) == []
    assert cut.handed_in == hall.attempts
    assert BACK_S < played.ended_s < BACK_S + 2 * day.HOUR_S
