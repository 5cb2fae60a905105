"""Station and service are killed, or a disk fails, at every operation of a delivery.

Whatever the station takes for delivered is on the service's disk, nothing is deleted
before, and after the next start everything is there exactly once.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from station_lives import Station, values

from examrunner.agent.attempt_files import AttemptFiles

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

MOST_OPERATIONS = 500


@pytest.fixture
def forks(failing_disk: Path, tmp_path: Path) -> Iterator[Station]:
    opened = Station(failing_disk, tmp_path, script="delivery_forks.py")
    try:
        yield opened
    finally:
        opened.close()


class Sweep:
    """One delivery, again and again from the same beginning."""

    def __init__(self, forks: Station, folder: Path, side: str) -> None:
        self._forks = forks
        self._side = side
        self._first = folder / "first"
        self.base = folder / "now"
        self._first.mkdir()
        told = self.tell("prepare", base=self._first)
        (self.made,) = [message for message in told if "lease" in message]

    def tell(
        self,
        work: str,
        mode: str = "",
        at: int = 0,
        base: Path | None = None,
        careless: str = "",
    ) -> list[dict[str, Any]]:
        order = {"work": work, "mode": mode, "at": at, "base": str(base or self.base)}
        order["careless"] = careless
        armed = (base or self.base) / self._side
        made = {} if work == "prepare" else {"made": self.made}
        return self._forks.tell({**order, **made, "data": str(armed)})

    def begin(self) -> None:
        shutil.rmtree(self.base, ignore_errors=True)
        shutil.copytree(self._first, self.base)

    def files(self) -> AttemptFiles:
        attempts = self.base / "station" / "attempts"
        return AttemptFiles(folder=attempts / self.made["lease"]["attempt_id"])

    def check_after(self, told: list[dict[str, Any]]) -> None:
        """What was taken for kept is held; nothing is deleted that is not."""
        seen = self.tell("look")
        assert not values(seen, "failed"), values(seen, "failed")[0]
        (held,) = values(seen, "held")
        for kept in values(told, "kept"):
            assert all(held[name] for name, is_kept in kept.items() if is_kept)
        assert not any(values(told, "aside"))
        if not self.files().packed.exists():
            assert held["recording"]
            assert held["result"]

    def check_end(self, told: list[dict[str, Any]]) -> None:
        """Everything is there once, and the station has let go of it."""
        assert not values(told, "failed"), values(told, "failed")[0]
        assert values(told, "ended"), told
        seen = self.tell("look")
        assert values(seen, "held") == [
            {"result": True, "recording": True, "protocol": True}
        ]
        assert values(seen, "quarantine") == [0]
        assert values(seen, "damage") == [[]]
        assert not self.files().packed.exists()
        assert not self.files().holds_secrets
        assert (self.files().folder / "receipt.json").exists()


@pytest.mark.parametrize("mode", ["kill", "torn", "full", "broken"])
@pytest.mark.parametrize("side", ["station", "service"])
def test_at_no_operation_of_a_delivery_is_anything_lost_or_doubled(
    forks: Station, tmp_path: Path, side: str, mode: str
) -> None:
    sweep = Sweep(forks, tmp_path, side)
    wrong = []
    for at in range(1, MOST_OPERATIONS + 1):
        sweep.begin()
        told = sweep.tell("deliver", mode, at)
        try:
            if side == "station":
                assert not values(told, "failed"), values(told, "failed")[0]
            sweep.check_after(told)
            sweep.check_end(sweep.tell("deliver"))
        except AssertionError as error:
            wrong.append((at, error))
        if values(told, "fired") == [0]:
            break
    else:
        pytest.fail(f"more than {MOST_OPERATIONS} operations")
    assert not wrong, f"{len(wrong)} of {at} points, first {wrong[0]}"
    assert at > 20


def test_a_courier_that_takes_for_kept_what_it_is_about_to_send_is_caught(
    forks: Station, tmp_path: Path
) -> None:
    sweep = Sweep(forks, tmp_path, "service")
    for at in range(1, MOST_OPERATIONS + 1):
        sweep.begin()
        told = sweep.tell("deliver", "broken", at, careless="hasty")
        assert values(told, "fired") == [1], "nothing was caught"
        try:
            sweep.check_after(told)
        except AssertionError:
            return
