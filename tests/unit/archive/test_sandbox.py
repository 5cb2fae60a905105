import os
from pathlib import Path

import pytest

from examrunner.archive.sandbox import Limits, run_limited
from examrunner.model.errors import ContentError, RecordingError

ABOUT = Path("log.asc")
HERE = "test_sandbox"


def used_s() -> float:
    """Processor time of this process and its children: a busy machine adds none."""
    return sum(os.times()[:4])


@pytest.fixture(autouse=True)
def findable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child imports this very file."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def sums(numbers: list[int]) -> int:
    return sum(numbers)


def loops() -> None:
    while True:
        pass


def swallows() -> int:
    return len(b"x" * (1 << 33))


def refuses() -> None:
    raise ContentError("the third line is wrong.", where="a.dbc:3", remedy="Mend it.")


def crashes() -> None:
    raise KeyError("a library's own words")


def talks() -> int:
    import sys

    for _ in range(100):
        sys.stderr.write("x" * 100_000)
    return 1


def test_the_value_comes_back():
    assert run_limited(f"{HERE}:sums", {"numbers": [1, 2]}, about=ABOUT) == 3


def test_a_loop_ends_when_its_time_is_over():
    begun_s = used_s()

    with pytest.raises(RecordingError, match="stopped after 2 s"):
        run_limited(f"{HERE}:loops", {}, about=ABOUT, limits=Limits(cpu_s=2.0))

    assert used_s() - begun_s < 8


def test_memory_ends_where_the_limit_is():
    with pytest.raises(RecordingError, match="900 MiB"):
        run_limited(f"{HERE}:swallows", {}, about=ABOUT)


def test_an_error_for_people_keeps_its_words_and_its_kind():
    with pytest.raises(ContentError) as caught:
        run_limited(f"{HERE}:refuses", {}, about=ABOUT)

    assert caught.value.where == "a.dbc:3"
    assert caught.value.remedy == "Mend it."


def test_a_crash_never_shows_a_librarys_own_words():
    with pytest.raises(RecordingError) as caught:
        run_limited(f"{HERE}:crashes", {}, about=ABOUT)

    assert "own words" not in str(caught.value)
    assert caught.value.where == str(ABOUT)


def test_a_child_that_never_stops_talking_costs_nothing():
    assert run_limited(f"{HERE}:talks", {}, about=ABOUT) == 1
