"""A whole exam day in one process, and what must hold at its end."""

import dataclasses
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from anyio.from_thread import start_blocking_portal
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from day_disk import Chances, Drive, drives_under
from day_net import Line, Weather
from day_service import JUDGING_S, RIG, Site, answers_in
from day_station import FIELDS, Pc, value_of
from day_world import World
from sqlmodel import Session, select

from examrunner.archive.reading import open_recording
from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath
from examrunner.delivery.courier import Courier
from examrunner.model.station import Link, Rig, Station
from examrunner.service.checking import _check
from examrunner.service.tables import (
    AttemptRow,
    CandidateRow,
    JobRow,
    RecordingRow,
    ScoreRow,
)

HOUR_S = 3600.0
MARK = 2
DAYS_S = 4 * 24 * HOUR_S
MEMORY = Path("/dev/shm")


@dataclass(frozen=True, kw_only=True)
class Hall:
    """How many of everything, and whether the stations fetched their packs."""

    stations: int
    candidates: int
    has_packs: bool = False
    tasks: Sequence[str] = ("C01", "C02", "C06", "F13")

    @property
    def attempts(self) -> int:
        return self.candidates * len(self.tasks)


FULL = Hall(stations=20, candidates=124)
SMALL = Hall(stations=4, candidates=7)


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What goes wrong, for each request or disk operation; see ``drawn``."""

    weather: Weather = field(default_factory=Weather)
    station: Chances = field(default_factory=Chances)
    service: Chances = field(default_factory=Chances)
    clock_jumps_per_day: float = 0.0
    outages_per_day: float = 0.0


CALM = Faults()
ROUGH = Faults(
    weather=Weather(lost=0.02, unanswered=0.02, twice=0.03, late=0.03, slow_s=2.0),
    station=Chances(kill=0.005, error=0.002, full=0.0005),
    service=Chances(kill=0.01),
    clock_jumps_per_day=1.0,
    outages_per_day=2.0,
)


@dataclass
class Day:
    """What came of a day.

    Attributes:
        totals: Points of record of each candidate (by number) and task.
        problems: What does not hold; empty on a good day.
        faults: What went wrong, as text with its time.
        ended_s: When the last station was done.
    """

    totals: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    deaths: Counter[str] = field(default_factory=Counter)
    ended_s: float = 0.0
    acked: int = 0


@contextmanager
def memory_folder():
    """Disks are virtual here: what their syncs mean, ``day_disk`` says."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="day-", dir=where) as folder:
        yield Path(folder).resolve()


def play(
    seed: int,
    hall: Hall,
    faults: Faults,
    *,
    courier_of: Callable[..., Courier] = Courier,
    careless_service: bool = False,
    prepare: Callable[[World, Site, list[Pc]], None] = lambda *_: None,
) -> Day:
    """Plays a day and looks at everything at its end."""
    with memory_folder() as folder, start_blocking_portal() as portal:
        world = World(seed)
        site = Site(world, _drive(world, folder / "service", Chances()), portal)
        site.drive.is_careless = careless_service
        pcs = _pcs(world, site, folder, hall, faults, courier_of)
        drives = [site.drive, *(pc.drive for pc in pcs)]
        with drives_under(drives):
            _fetch_packs(site, pcs, hall)
        site.drive.chances = faults.service
        for pc in pcs:
            pc.drive.chances = faults.station
        prepare(world, site, pcs)
        for pc in pcs:
            world.spawn(pc.live)
        _judge_now_and_then(world, site, pcs)
        with drives_under(drives):
            world.run(DAYS_S)
        site.judge()
        return _looked_at(site, pcs, hall)


def _pcs(world, site, folder, hall, faults, courier_of) -> list[Pc]:
    names = [f"hall-{number:02d}" for number in range(hall.stations)]
    keys = {name: Ed25519PrivateKey.generate() for name in names}
    enrolments = {name: site.enrol(name, keys[name]) for name in names}
    exam = site.plan(hall.candidates, hall.tasks, names)
    if hall.has_packs:
        site.give_packs(exam, DAYS_S)
    planned = _rows(site, AttemptRow)
    rig = read_rig(RIG, SearchPath.of())
    pcs = []
    for name in names:
        lot = world.lot(f"{name}/network")
        line = Line(world, lot, _weather(lot, faults), site.serve)
        pc = Pc(
            world=world,
            name=name,
            station=_station(name, rig),
            drive=_drive(world, folder / name, Chances()),
            line=line,
            key=keys[name],
            enrolment=enrolments[name],
            planned=sum(row.station == name for row in planned),
            chunk_bytes=lot.choice((1500, 4000, 1 << 20))
            if faults != CALM
            else 1 << 20,
            courier_of=courier_of,
        )
        _jump_clocks(world, pc, faults)
        pcs.append(pc)
    return pcs


def _fetch_packs(site: Site, pcs: list[Pc], hall: Hall) -> None:
    for pc in pcs if hall.has_packs else ():
        pc.fetch_pack(site.service.store.packs.newest(pc.name))


def _station(name: str, rig: Rig) -> Station:
    return Station(name=name, rig=rig, can={"CH1": Link(driver="stub")})


def _drive(world: World, folder: Path, chances: Chances) -> Drive:
    lot = world.lot(f"{folder.name}/disk")
    return Drive(folder, lot, lambda: world.now_s, chances)


def _weather(lot, faults: Faults) -> Weather:
    number = (
        round(lot.expovariate(1 / faults.outages_per_day))
        if (faults.outages_per_day)
        else 0
    )
    starts = [lot.uniform(0, 9 * HOUR_S) for _ in range(min(number, 6))]
    outages = [(start, start + lot.uniform(60, 3 * HOUR_S)) for start in starts]
    return dataclasses.replace(faults.weather, outages=outages)


def _jump_clocks(world: World, pc: Pc, faults: Faults) -> None:
    lot = world.lot(f"{pc.name}/clock")
    if lot.random() >= faults.clock_jumps_per_day:
        return
    day_s = 24 * HOUR_S
    wrong_s = lot.choice((-10 * day_s, 10 * day_s, -56 * 365 * day_s, 3600.0, -1.5))
    start_s = lot.uniform(0, 8 * HOUR_S)

    def jump(by_s: float) -> Callable[[], None]:
        def set_clock() -> None:
            pc.clock_error_s = by_s
            text = f"{world.now_s:9.1f} s {pc.name}: clock wrong by {by_s:.0f} s"
            pc.drive.faults.append(text)

        return set_clock

    world.at(start_s, jump(wrong_s))
    world.at(start_s + lot.uniform(60, 2 * HOUR_S), jump(0.0))


def _judge_now_and_then(world: World, site: Site, pcs: list[Pc]) -> None:
    def look() -> None:
        site.judge()
        if any(pc.done_s == float("inf") for pc in pcs):
            world.at(world.now_s + JUDGING_S * 10, look)

    world.at(JUDGING_S, look)


def _looked_at(site: Site, pcs: list[Pc], hall: Hall) -> Day:
    day = Day(
        faults=[*site.drive.faults, *(f for pc in pcs for f in pc.drive.faults)],
        deaths=Counter(
            {"service": site.deaths, "stations": sum(pc.deaths for pc in pcs)}
        ),
        ended_s=max(pc.done_s for pc in pcs),
        acked=sum(len(pc.acked) for pc in pcs),
    )
    _check_stations(day, pcs)
    _check_service(day, site, hall)
    _check_recordings(day, site, pcs)
    site.service.store.close()
    return day


def _check_stations(day: Day, pcs: list[Pc]) -> None:
    for pc in pcs:
        if pc.done_s == float("inf"):
            last = pc.said[-1] if pc.said else ""
            day.problems.append(f"{pc.name} is not done; it last said: {last}")
        for secret in pc.drive.folder.glob("attempts/*/lease.json"):
            day.problems.append(f"{pc.name} keeps the secrets of {secret.parent.name}")


def _check_service(day: Day, site: Site, hall: Hall) -> None:
    report = _check(site.service.store, site.service.shelf)
    day.problems += report.damage
    if report.recordings != hall.attempts:
        day.problems.append(f"{report.recordings} recordings of {hall.attempts}")
    for one in site.service.store.quarantine.listed():
        if not one.is_held:
            day.problems.append(f"{one.kind} of {one.attempt} aside: {one.problem}")
    for row in _rows(site, JobRow):
        if row.finished_at is None or row.trouble:
            day.problems.append(f"job of {row.attempt}: {row.trouble or 'not done'}")
    numbers = {row.code: row.student_number for row in _rows(site, CandidateRow)}
    attempts = {row.id: row for row in _rows(site, AttemptRow)}
    jobs = Counter(row.attempt for row in _rows(site, JobRow))
    day.problems += [f"{a} has {n} jobs" for a, n in jobs.items() if n != 1]
    for score in sorted(_rows(site, ScoreRow), key=lambda row: row.number):
        row = attempts[score.attempt]
        day.totals[numbers[row.candidate], row.task] = score.low


def _check_recordings(day: Day, site: Site, pcs: list[Pc]) -> None:
    kept = {row.attempt: row.packed for row in _rows(site, RecordingRow)}
    answers: dict[str, dict[str, int]] = {}
    for attempt, packed in kept.items():
        path = site.service.shelf.path_of(packed)
        try:
            _ = open_recording(path).chain
            answers[attempt] = answers_in(path)
        except Exception as error:  # noqa: BLE001  # every kind of loss counts
            day.problems.append(f"recording of {attempt} cannot be read: {error}")
    for pc in pcs:
        for attempt, name, value in pc.acked:
            if answers.get(attempt, {}).get(name) != value:
                day.problems.append(f"saved answer {name} of {attempt} is lost")


def _rows(site: Site, table):
    def work(session: Session):
        rows = session.exec(select(table)).all()
        session.expunge_all()
        return rows

    return site.service.store.database.read(work)


def expected_totals(hall: Hall) -> dict[tuple[str, str], int]:
    """What a day without any fault must come to, worked out without playing it."""
    return {
        (f"{number:04d}", task): MARK
        + sum(value_of(f"n{number}", task, name) for name in FIELDS)
        for number in range(hall.candidates)
        for task in hall.tasks
    }


def problems_of(played: Day, hall: Hall) -> list[str]:
    """What does not hold of a day, with totals that are not those of a calm one."""
    expected = expected_totals(hall)
    found = {key: float(points) for key, points in played.totals.items()}
    wrong = [
        f"{key}: {found.get(key)} points instead of {points}"
        for key, points in expected.items()
        if found.get(key) != points
    ]
    return [*played.problems, *wrong]


def told(seed: int, hall: Hall, problems: list[str]) -> str:
    """A bad day in a few lines, with the line that plays it again."""
    full = " --full" if hall == FULL else ""
    replay = f"uv run python tests/day/play_days.py --seed {seed}{full}"
    return "\n".join([*problems[:10], f"again: {replay}"])
