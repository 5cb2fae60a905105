"""Shows the service what happens here: the newest state only, never in the way."""

import threading
from collections.abc import Callable
from typing import Final

from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError
from examrunner.wire import StationState

SHORTEST_PAUSE_S: Final = 0.5


class Reporter:
    """Sends states on a thread of its own; what cannot be sent is forgotten.

    Args:
        client: The service.
        station: Station name.
        contacted: Told when the service has answered.
    """

    def __init__(
        self,
        client: ServiceClient,
        station: str,
        contacted: Callable[[], None] = lambda: None,
    ) -> None:
        self._contacted = contacted
        self._client = client
        self._station = station
        self._newest: StationState | None = None
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="reports", daemon=True)
        self._thread.start()

    def show(self, state: StationState) -> None:
        """Replaces what would have been sent next."""
        with self._changed:
            self._newest = state
            self._changed.notify()

    def stop(self) -> None:
        """Ends after the report that is under way."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._newest or self._stopping)
                state, self._newest = self._newest, None
            if state is not None:
                self._send(state)
            with self._changed:
                if self._stopping and self._newest is None:
                    return
                self._changed.wait_for(lambda: self._stopping, SHORTEST_PAUSE_S)

    def _send(self, state: StationState) -> None:
        try:
            self._client.report(self._station, state)
        except DeliveryError:
            return  # lossy by design
        self._contacted()
