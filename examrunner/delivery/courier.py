"""Carries the outbox to the service: results first, again and again until it is there.

What the service refuses for good is set aside and kept; everything else is repeated
with a pause that doubles, of which a random part is waited ("full jitter"), so that a
hall full of stations does not knock at the same moment.
"""

import hashlib
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from pydantic import TypeAdapter

from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.delivery.receipts import Receipts
from examrunner.delivery.refused import RefusedError
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.digests import digest_of
from examrunner.model.errors import DeliveryError
from examrunner.wire import AttemptProtocol, ProtocolEntry

ENTRIES: Final = TypeAdapter(list[ProtocolEntry])
FIRST_PAUSE_S: Final = 1.0
UPLOAD_SPAN_S: Final = 300.0
"""Recordings of a hall whose exam ends at one bell go up within this time."""
LONGEST_PAUSE_S: Final = 300.0
IDLE_S: Final = 1.0


def pause_s(failures: int, chance: Callable[[], float]) -> float:
    """How long to wait after so many failures; ``chance`` is in [0, 1).

    >>> pause_s(1, lambda: 0.5), pause_s(20, lambda: 0.5)
    (0.5, 150.0)
    """
    longest_s = FIRST_PAUSE_S * float(2 ** min(failures - 1, 30))
    return chance() * min(longest_s, LONGEST_PAUSE_S)


def slot_s(attempt_id: str, span_s: float) -> float:
    """How long the recording of an attempt waits for its turn, by lot of its name."""
    lot = hashlib.sha256(attempt_id.encode()).digest()[:8]
    return int.from_bytes(lot, "big") / 2**64 * span_s


class Courier:
    """Delivers on a thread of its own until it is stopped.

    Args:
        outbox: What to deliver.
        client: The service.
        receipts: Where it keeps what the service signs for.
        span_s: Recordings wait for a slot in this time; results never wait.
        clock: Seconds that only go forward.
        chance: A random number in [0, 1).
    """

    def __init__(
        self,
        outbox: Outbox,
        client: ServiceClient,
        receipts: Receipts,
        *,
        span_s: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._receipts = receipts
        self._span_s = span_s
        self._clock = clock
        self._bells: dict[str, float] = {}
        self._asks: dict[str, float] = {}
        self._covered: set[str] = set()
        self._chance = chance
        self._failures = 0
        self._seen: dict[str, tuple[int, int, int]] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begins to deliver."""
        self._thread.start()

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._wake.set()

    def stop(self) -> None:
        """Ends after the message that is under way."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def deliver(self) -> bool:
        """One round over everything that waits; whether nothing is left waiting."""
        waiting = self._outbox.waiting()
        for delivery in waiting:
            self._bells.setdefault(delivery.attempt_id, self._clock())
        done = [self._step(d, self._deliver_result) for d in waiting]
        # Examiners go on judging what was delivered long ago.
        done += [self._step_protocol(d) for d in self._outbox.all() if d.result_kept]
        done += [self._step(d, self._deliver_packed) for d in self._outbox.waiting()]
        done += [self._step_receipt(d) for d in self._outbox.all() if d.is_done]
        for delivery in self._outbox.all():
            if delivery.is_aside:
                self._look_at_aside(delivery)
        return all(done)

    def _run(self) -> None:
        while not self._stopping:
            if self.deliver():
                self._failures = 0
                self._wake.wait(IDLE_S)
            else:
                self._failures += 1
                self._wake.wait(pause_s(self._failures, self._chance))
            self._wake.clear()

    def _step(self, delivery: Delivery, send: Callable[[Delivery], None]) -> bool:
        try:
            send(delivery)
        except RefusedError as error:
            self._outbox.set_aside(delivery.attempt_id, error.problem)
        except DeliveryError as error:
            self._outbox.failed(delivery.attempt_id, error.problem)
            return False
        return True

    def _step_protocol(self, delivery: Delivery) -> bool:
        """A refused protocol does not keep the recording from being delivered."""
        try:
            self._deliver_protocol(delivery)
        except DeliveryError as error:
            self._outbox.failed(delivery.attempt_id, error.problem)
            return False
        return True

    def _deliver_protocol(self, delivery: Delivery) -> None:
        try:
            known = delivery.protocol.stat()
        except FileNotFoundError:
            return
        seen = (known.st_mtime_ns, known.st_size, known.st_ino)
        if self._seen.get(delivery.attempt_id) == seen:
            return
        content = delivery.protocol.read_bytes()
        sha256 = digest_of(content)
        if self._outbox.protocol_settled(delivery.attempt_id) != sha256:
            problem = self._send_protocol(delivery, content)
            if not problem and delivery.packed_kept:
                self._fetch_receipt(delivery)
            self._outbox.settle_protocol(delivery.attempt_id, sha256, problem)
        self._seen[delivery.attempt_id] = seen

    def _send_protocol(self, delivery: Delivery, content: bytes) -> str:
        """What the service says against it for good; empty if it holds it."""
        try:
            message = AttemptProtocol(
                token=delivery.token, entries=ENTRIES.validate_json(content)
            )
        except ValueError:
            return "the protocol on this station's disk cannot be read."
        try:
            self._client.put_protocol(delivery.attempt_id, message)
        except RefusedError as error:
            return error.problem
        return ""

    def _deliver_result(self, delivery: Delivery) -> None:
        if not delivery.result_kept:
            self._client.put_result(delivery.attempt_id, delivery.result)
            self._outbox.result_is_kept(delivery.attempt_id)

    def _deliver_packed(self, delivery: Delivery) -> None:
        if not delivery.result_kept or delivery.packed_kept:
            return
        wait_s = slot_s(delivery.attempt_id, self._span_s)
        if self._clock() < self._bells[delivery.attempt_id] + wait_s:
            return
        self._upload(delivery)
        self._fetch_receipt(delivery)
        self._outbox.packed_is_kept(delivery.attempt_id)

    def _look_at_aside(self, delivery: Delivery) -> None:
        """Whether somebody has accepted it; else the service keeps all of it aside."""
        now_s = self._clock()
        if now_s < self._asks.get(delivery.attempt_id, now_s):
            return
        self._asks[delivery.attempt_id] = now_s + LONGEST_PAUSE_S
        try:
            self._fetch_receipt(delivery)
            self._outbox.accept(delivery.attempt_id)
        except DeliveryError:
            # Where the result is in quarantine the recording belongs there, too.
            with suppress(DeliveryError):
                self._upload(delivery)

    def _upload(self, delivery: Delivery) -> None:
        self._client.upload(
            delivery.attempt_id, delivery.token, delivery.sha256, delivery.packed
        )

    def _step_receipt(self, delivery: Delivery) -> bool:
        """Whether what is delivered has its receipt, or will never have it."""
        if delivery.attempt_id in self._covered:
            return True
        if self._receipts.of(delivery) is None:
            try:
                self._fetch_receipt(delivery)
            except DeliveryError as error:
                self._outbox.failed(delivery.attempt_id, error.problem)
                if delivery.packed.exists():
                    self._outbox.deliver_again(delivery.attempt_id)
                return False
        self._covered.add(delivery.attempt_id)
        return True

    def _fetch_receipt(self, delivery: Delivery) -> None:
        self._receipts.keep(delivery, self._client.receipt(delivery.attempt_id))
