"""This start of the station's agent, as the service counts it.

Each start names the one before it, which only the station's own disk knows: a copy of
the disk falls out of line as soon as either PC has started.
"""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from examrunner.archive.durable import write_durably
from examrunner.archive.reserve import Reserve, relieved
from examrunner.delivery.refused import RefusedError
from examrunner.model.errors import DeliveryError
from examrunner.wire import StartRequest

Ask = Callable[[StartRequest], int]


class Start:
    """The number of this start, asked for once it is needed.

    Args:
        path: File of the last number and of the claim that has no answer yet.
        station: Its name.
        generation: Of its enrolment; numbers begin anew with each.
        reserve: Room on a full disk.
    """

    def __init__(
        self, path: Path, *, station: str, generation: int, reserve: Reserve
    ) -> None:
        self.station = station
        self._path = path
        self._generation = generation
        self._reserve = reserve
        self._number: int | None = None
        self._lock = threading.Lock()

    def number(self, ask: Ask, *, is_work: bool) -> int:
        """The number of this start.

        Args:
            ask: Asks the service.
            is_work: Whether it is for new work. What was done already is delivered
                under an old number, too: the service keeps it aside.

        Raises:
            RefusedError: If it is for work and this disk is a copy.
            DeliveryError: If the service or the disk does not answer.
        """
        with self._lock:
            if self._number is None:
                known, claim = self._kept()
                self._keep(known, claim)
                try:
                    request = StartRequest.model_validate(
                        {"claim": claim, "known": known}
                    )
                    self._number = ask(request)
                except RefusedError:
                    if is_work:
                        raise
                    return known
                self._keep(self._number, "")
            return self._number

    def _kept(self) -> tuple[int, str]:
        try:
            kept = json.loads(self._path.read_bytes())
            if kept["generation"] == self._generation:
                return int(kept["number"]), str(kept["claim"]) or str(uuid4())
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError):
            raise DeliveryError(
                "it cannot be read how often this station has started.",
                where=str(self._path),
                remedy="Enrol the station anew with a new code.",
            ) from None
        return 0, str(uuid4())

    def _keep(self, number: int, claim: str) -> None:
        kept = {"generation": self._generation, "number": number, "claim": claim}
        content = json.dumps(kept).encode()
        try:
            relieved(self._reserve, lambda: write_durably(self._path, content))
        except OSError as error:
            raise DeliveryError(
                f"the disk refused: {error.strerror or type(error).__name__}.",
                where=str(self._path),
                remedy="Free or replace the disk. What was acknowledged is kept.",
            ) from error
