"""One exam day: a service, three stations, nine attempts."""

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from examrunner.agent.identity import enrol
from examrunner.cli.demo.api import Api
from examrunner.cli.demo.cast import (
    COHORT,
    PLAYERS,
    SCHEME,
    STATIONS,
    TASKS,
    Player,
)
from examrunner.cli.demo.children import Children
from examrunner.cli.demo.examiner import Examiner
from examrunner.cli.demo.keeping import keep_recordings
from examrunner.cli.demo.progress import DayProgress
from examrunner.cli.demo.references import sharpness
from examrunner.cli.demo.set_up import Tokens, set_up
from examrunner.model.errors import DeliveryError
from examrunner.scoring.software import deciding_software

SPEED: Final = 1000.0
START_S: Final = 60.0
LOOK_S: Final = 0.5
LONGEST_S: Final = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What came out of the day.

    Attributes:
        address: Of the page.
        seconds: From the start to the last confirmation.
        attempts: Detail of each attempt, as the service tells it.
        grades: As the course system gets them.
        players: Scripted candidates by code.
        folder: Where everything is kept.
    """

    address: str
    seconds: float
    attempts: list[dict[str, Any]]
    grades: list[dict[str, Any]]
    players: Mapping[str, Player]
    folder: Path


class ExamDay:
    """Starts everything when it is entered, stops everything when it is left.

    Args:
        folder: Where everything is kept.
        seed: Of all chance.
        tell: Told a line about each score as it comes.
    """

    def __init__(self, folder: Path, *, seed: int, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self.folder = folder
        self._seed = seed
        self._began_s = time.monotonic()
        self._references: dict[str, Mapping[str, object]] = {}
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._children = Children(folder / "logs")
        self._arguments = ["service", "run", "--port", str(port)]
        self._arguments += ["--data", str(self.service_data)]

    @property
    def service_data(self) -> Path:
        """Folder of the service."""
        return self.folder / "service"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._children.stop()

    def run(self) -> Results:
        """The whole day.

        Raises:
            DeliveryError: If a process ends or the service refuses something.
        """
        tokens = set_up(self.service_data)
        self._children.start("service", self._arguments)
        examiner = Api(self.address, tokens.examiner)
        try:
            self._wait_for(examiner)
            players = self._open_stations(tokens)
            attempts = self._watch(examiner, players)
            grades = examiner.items(f"/grades?scheme={SCHEME}")
        finally:
            examiner.close()
        keep_recordings(self.folder, attempts, players, self._references)
        return Results(
            address=self.address,
            seconds=round(time.monotonic() - self._began_s, 1),
            attempts=attempts,
            grades=_latest(grades),
            players=players,
            folder=self.folder,
        )

    def _wait_for(self, api: Api) -> None:
        until = time.monotonic() + START_S
        while not api.is_ready():
            self._children.check()
            if time.monotonic() > until:
                raise DeliveryError(
                    "the service does not come up.",
                    where=self.address,
                    remedy=f"Read {self.folder / 'logs' / 'service.log'}.",
                )
            time.sleep(0.1)

    def _open_stations(self, tokens: Tokens) -> Mapping[str, Player]:
        administrator = Api(self.address, tokens.administrator)
        try:
            players = _players(administrator.items("/candidates"))
            for station in STATIONS:
                self._references[station] = sharpness(station, self._seed)
                route = f"/stations/{station}/references"
                administrator.put(route, self._references[station])
            administrator.post("/exams", _exam(players, self._seed))
            for station, code in tokens.codes.items():
                data = self.folder / "stations" / station
                admission = enrol(
                    data,
                    station=station,
                    service=self.address,
                    code=code,
                    software=dict(deciding_software()),
                )
                confirmation = {"words": admission.words}
                administrator.post(f"/stations/{station}/confirmation", confirmation)
                self._children.start(station, self._station(station, data, players))
        finally:
            administrator.close()
        return players

    def _station(
        self, station: str, data: Path, players: Mapping[str, Player]
    ) -> list[str]:
        arguments = ["station", "run", station, "--simulated", "--data", str(data)]
        arguments += ["--speed", str(SPEED), "--seed", str(self._seed)]
        for code, player in players.items():
            arguments += ["--play", f"{code}={player.profile}"]
        return arguments

    def _watch(self, api: Api, players: Mapping[str, Player]) -> list[dict[str, Any]]:
        """Looks after attempts until the last is confirmed; their details."""
        profiles = {code: player.profile for code, player in players.items()}
        examiner = Examiner(api, profiles)
        until = time.monotonic() + LONGEST_S
        with DayProgress(len(players) * len(TASKS), self._tell) as progress:
            while True:
                self._children.check()
                attempts = api.items("/attempts")
                examiner.look_after(attempts)
                progress.show(attempts, api.items("/stations"))
                if all(examiner.has_seen(attempt) for attempt in attempts):
                    break
                if time.monotonic() > until:
                    raise _too_long(self.folder)
                time.sleep(LOOK_S)
        return [api.get(f"/attempts/{attempt['id']}") for attempt in attempts]


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def next_folder(data: Path) -> Path:
    """A new folder below ``data`` for this day: run-0001, run-0002, ..."""
    numbers = [int(path.name[4:]) for path in data.glob("run-[0-9]*") if path.is_dir()]
    return data.absolute() / f"run-{max(numbers, default=0) + 1:04d}"


def _players(candidates: Iterable[Mapping[str, Any]]) -> Mapping[str, Player]:
    by_number = {player.student_number: player for player in PLAYERS}
    found = {each["code"]: by_number[each["student_number"]] for each in candidates}
    return dict(sorted(found.items(), key=lambda pair: pair[1].student_number))


def _exam(players: Mapping[str, Player], seed: int) -> dict[str, Any]:
    return {
        "title": "Demo",
        "scheme": SCHEME,
        "tasks": list(TASKS),
        "stations": list(STATIONS),
        "cohort": COHORT,
        "candidates": list(players),
        "seed": seed,
    }


def _latest(grades: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A grade that changed comes again: the last of each candidate."""
    return list({grade["candidate"]: grade for grade in grades}.values())


def _too_long(folder: Path) -> DeliveryError:
    return DeliveryError(
        f"the day has not ended after {LONGEST_S:g} s.",
        where=str(folder / "logs"),
        remedy="Read the logs; the machine may be too busy.",
    )
