"""What one running service consists of, wired once at start."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from examrunner.content.search import SearchPath
from examrunner.service.clock import Clock
from examrunner.service.live import LiveBoard
from examrunner.service.shelf import Shelf
from examrunner.service.store import Store
from examrunner.service.worker import Worker
from examrunner.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The parts that routes use.

    Attributes:
        reader: Child process that opens recordings for routes.
        judge: Child process that judges them.
    """

    store: Store
    shelf: Shelf
    live: LiveBoard
    reader: Worker
    judge: Worker
    content: SearchPath
    clock: Clock

    @classmethod
    def open(cls, settings: ServiceSettings, clock: Clock) -> Self:
        """Open the store and the folders below ``settings.data``."""
        Path(settings.data).mkdir(parents=True, exist_ok=True)
        return cls(
            store=Store.open(
                settings.address,
                clock=clock,
                lease_life=datetime.timedelta(hours=settings.lease_h),
            ),
            shelf=Shelf(settings.data),
            live=LiveBoard(),
            reader=Worker(limit_s=settings.read_limit_s),
            judge=Worker(limit_s=settings.judge_limit_s),
            content=SearchPath.of(settings.content),
            clock=clock,
        )

    def close(self) -> None:
        """Finish what was asked for and stop the children."""
        self.reader.close()
        self.judge.close()
        self.store.close()
