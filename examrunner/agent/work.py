"""Where a station's next attempt comes from: its exam pack, or the service."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from examrunner.agent.asking import request_id
from examrunner.agent.exam_pack import check_time, left_of
from examrunner.archive.durable import disk_of
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError
from examrunner.wire import ExamPack, Lease, LeaseRequest


class Work:
    """Hands out one lease after the other.

    Args:
        client: The service.
        asked: File with the id of the question to the service.
        attempts: Folder of all attempts: what has one was begun.
        pack: The exam pack; None without one.
        wall_time: Now, ISO 8601 with zone.
    """

    def __init__(
        self,
        client: ServiceClient,
        *,
        asked: Path,
        attempts: Path,
        pack: ExamPack | None,
        wall_time: Callable[[], str],
    ) -> None:
        self._client = client
        self._asked = asked
        self._attempts = attempts
        self._pack = pack
        self._wall_time = wall_time

    def next(self) -> Lease | None:
        """The next attempt; None if there is none now.

        As long as the pack has attempts left the service is not asked.

        Raises:
            DeliveryError: If the service cannot be reached, or the pack is not good
                now.
        """
        if self._pack is not None:
            lease = next(left_of(self._pack, self._attempts), None)
            if lease is not None:
                check_time(self._pack, datetime.fromisoformat(self._wall_time()))
                return lease
        try:
            asked = LeaseRequest(request_id=request_id(self._asked))
            return self._client.lease(asked)
        except DeliveryError:
            if self._pack is not None:
                return None  # the day's work is done; the cable may stay pulled
            raise

    def taken(self) -> None:
        """The lease is on the disk."""
        with disk_of(self._asked):
            self._asked.unlink(missing_ok=True)
