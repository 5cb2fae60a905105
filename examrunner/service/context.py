"""What one running service consists of, wired once at start."""

import datetime
from dataclasses import dataclass
from typing import Self

from examrunner.content.search import SearchPath
from examrunner.service.clock import Clock
from examrunner.service.live import LiveBoard
from examrunner.service.pinned import grade_pinned, settle_pinned
from examrunner.service.scoring_jobs import ScoringJobs
from examrunner.service.shelf import Shelf
from examrunner.service.store import Store
from examrunner.service.worker import Worker
from examrunner.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The parts that routes use.

    Attributes:
        reader: Child process that opens recordings for routes.
        jobs: Judges what was delivered, in another child.
    """

    store: Store
    shelf: Shelf
    live: LiveBoard
    reader: Worker
    jobs: ScoringJobs
    content: SearchPath
    clock: Clock

    @classmethod
    def open(
        cls,
        settings: ServiceSettings,
        *,
        clock: Clock,
        content: SearchPath,
        reader: Worker,
        judge: Worker,
    ) -> Self:
        """Open the store and the folders below ``settings.data``."""
        settings.data.mkdir(parents=True, exist_ok=True)
        store = open_store(settings, clock)
        shelf = Shelf(settings.data)
        live = LiveBoard()
        return cls(
            store=store,
            shelf=shelf,
            live=live,
            reader=reader,
            jobs=ScoringJobs(store, shelf, live, judge, content),
            content=content,
            clock=clock,
        )

    def close(self) -> None:
        """Finish what was asked for; the children belong to who opened."""
        self.jobs.close()
        self.store.close()


def open_store(settings: ServiceSettings, clock: Clock) -> Store:
    """The store alone, for commands that work beside a running service."""
    settings.data.mkdir(parents=True, exist_ok=True)
    return Store.open(
        settings.address,
        clock=clock,
        lease_life=datetime.timedelta(hours=settings.lease_h),
        settle=settle_pinned,
        grading=grade_pinned,
    )
