"""The only package that knows the tables: reads and writes in whole transactions."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from examrunner.service.clock import Clock
from examrunner.service.store.attempts import Attempts
from examrunner.service.store.audit import Audit
from examrunner.service.store.database import Database
from examrunner.service.store.deliveries import Deliveries
from examrunner.service.store.details import Details
from examrunner.service.store.exams import Exams
from examrunner.service.store.grades import Grades, Grading
from examrunner.service.store.jobs import Jobs
from examrunner.service.store.leases import Leases
from examrunner.service.store.packs import Packs
from examrunner.service.store.people import People
from examrunner.service.store.quarantine import Quarantine
from examrunner.service.store.resits import Resits
from examrunner.service.store.rosters import Rosters
from examrunner.service.store.scores import Scores, Settle
from examrunner.service.store.starts import Starts
from examrunner.service.store.stations import Stations


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Everything that the service remembers, by noun."""

    database: Database
    people: People
    stations: Stations
    starts: Starts
    rosters: Rosters
    exams: Exams
    attempts: Attempts
    leases: Leases
    packs: Packs
    deliveries: Deliveries
    quarantine: Quarantine
    resits: Resits
    jobs: Jobs
    scores: Scores
    details: Details
    grades: Grades
    audit: Audit

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Clock,
        lease_life: timedelta,
        settle: Settle,
        grading: Grading,
    ) -> Self:
        """Open the database, made if there is none.

        Args:
            url: SQLAlchemy address.
            clock: Wall time.
            lease_life: How long a lease keeps other stations from its attempt.
            settle: Computes points from judgements and decisions.
            grading: Computes a grade from confirmed results.
        """
        database = Database(url)
        return cls(
            database=database,
            people=People(database, clock),
            stations=Stations(database, clock),
            starts=Starts(database, clock),
            rosters=Rosters(database, clock),
            exams=Exams(database, clock),
            attempts=Attempts(database, clock),
            leases=Leases(database, clock, lease_life),
            packs=Packs(database, clock),
            deliveries=Deliveries(database, clock),
            quarantine=Quarantine(database, clock),
            resits=Resits(database, clock),
            jobs=Jobs(database, clock),
            scores=Scores(database, clock, settle),
            details=Details(database),
            grades=Grades(database, clock, grading),
            audit=Audit(database),
        )

    def close(self) -> None:
        """Finish what was asked for and let go of the files."""
        self.database.close()
