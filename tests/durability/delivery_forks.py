"""Deliveries in forked processes, with the station's or the service's disk failing.

The real courier speaks with the real application, both in one fork: whichever disk
kills it, both die, and the next life finds what each had on its disk.
"""

import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "unit" / "service"))

import exam_forks
import httpx2
from exam_forks import Say
from fastapi.testclient import TestClient
from service_hall import STATIONS, Hall, HandClock

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.identity import station_key
from examrunner.agent.place import Place
from examrunner.agent.protocol import Protocol
from examrunner.agent.states import Phase, Progress
from examrunner.agent.tidying import forget_delivered
from examrunner.content.search import SearchPath
from examrunner.delivery.courier import Courier
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.delivery.service_client import ServiceClient
from examrunner.delivery.start import Start
from examrunner.model.digests import digest_of
from examrunner.service.app import build_app
from examrunner.service.checking import check_all
from examrunner.service.context import Service
from examrunner.service.messages import Role
from examrunner.service.store.signing import signing_key
from examrunner.settings import ServiceSettings
from examrunner.wire import Lease, ProvisionalResult

STATION = "hall-a-01"
ROUNDS = 6
CHUNK_BYTES = 4000
AT = "2026-11-23T10:00:00+08:00"


class InThisProcess:
    """Reads recordings without a child."""

    def ask(self, function: Any, *args: object) -> object:
        return function(*args)

    def interrupt(self) -> None:
        pass


class Way(httpx2.BaseTransport):
    """From the station's client into the application."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self._client.request(
            request.method,
            request.url.raw_path.decode(),
            content=request.read(),
            headers=dict(request.headers),
        )
        return httpx2.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )


def service_in(folder: Path, clock: HandClock) -> Service:
    return Service.open(
        ServiceSettings(data=folder),
        clock=clock,
        content=SearchPath.of(),
        reader=InThisProcess(),
        judge=InThisProcess(),
    )


def prepare(order: Mapping[str, Any], say: Say) -> None:
    """A service with one attempt, and the station that has just ended it."""
    base = Path(order["base"])
    clock = HandClock()
    service = service_in(base / "service", clock)
    client = TestClient(build_app(service))
    hall = Hall(service=service, client=client, clock=clock, folder=base / "made")
    hall.folder.mkdir()
    hall.person("examiner", Role.EXAMINER)
    _, hall.keys[STATION] = station_key(base / "station")
    hall.enrol(STATION, STATIONS[STATION])
    hall.exam(students=1, tasks=("C06",))
    lease = hall.lease(STATION).json()
    content = hall.record(lease, hall.keys[STATION])
    files = AttemptFiles(folder=base / "station" / "attempts" / lease["attempt_id"])
    files.open(Lease.model_validate(lease))
    files.keep(Progress(phase=Phase.CLEARED))
    files.packed.write_bytes(content)
    Protocol(files.protocol, lambda: AT).add("duty", by="Li Na", role="examiner")
    key = service.store.database.write(signing_key).public_key().public_bytes_raw()
    service.store.close()
    say(
        {
            "lease": lease,
            "token": hall.tokens[STATION],
            "service_key": key.hex(),
            "sha256": digest_of(content),
        }
    )


def delivery_of(files: AttemptFiles, made: Mapping[str, Any]) -> Delivery:
    result = ProvisionalResult(
        token=made["lease"]["token"],
        recording="0" * 64,
        packed=made["sha256"],
        packed_bytes=1,
        ending="finished",
        duration_s=1.0,
    )
    return Delivery(
        attempt_id=made["lease"]["attempt_id"],
        token=made["lease"]["token"],
        result=result.model_dump_json().encode(),
        packed=files.packed,
        sha256=made["sha256"],
    )


class HastyCourier(Courier):
    """Takes for kept what it is about to send."""

    def _deliver_packed(self, delivery: Delivery) -> None:
        if delivery.result_kept and not delivery.packed_kept:
            self._outbox.packed_is_kept(delivery.attempt_id)
        super()._deliver_packed(delivery)

    def _step_receipt(self, _delivery: Delivery) -> bool:
        return True


def deliver(order: Mapping[str, Any], say: Say) -> None:
    """One life of the two: some rounds of the courier, then tidying."""
    base, made = Path(order["base"]), order["made"]
    place = Place(
        station=None,
        search=None,
        data=base / "station",
        key_path=base / "key",
        key=station_key(base / "station")[1],
        wall_time=lambda: AT,
        say=lambda _: None,
        service_key=made["service_key"],
    )
    files = AttemptFiles(folder=place.attempts / made["lease"]["attempt_id"])
    service = service_in(base / "service", HandClock())
    app = build_app(service)
    client = ServiceClient(
        "http://service",
        token=made["token"],
        chunk_bytes=CHUNK_BYTES,
        start=Start(
            place.data / "start.json",
            station=STATION,
            generation=1,
            reserve=place.room.reserve,
        ),
        transport=Way(TestClient(app, raise_server_exceptions=False)),
    )
    with closing(Outbox(place.data / "outbox.db")) as outbox:
        if files.packed.exists():
            outbox.add(delivery_of(files, made))
        kind = HastyCourier if order.get("careless") == "hasty" else Courier
        courier = kind(outbox, client, place.receipts)
        for _ in range(ROUNDS):
            whole = courier.deliver()
            tell(outbox, say)
            if whole:
                break
        forget_delivered(place, outbox)
        tell(outbox, say)
    service.store.close()
    say({"ended": True})


def tell(outbox: Outbox, say: Say) -> None:
    """What the station takes for kept: it must be on the service's disk."""
    for one in outbox.all():
        kept = {"result": one.result_kept, "recording": one.packed_kept}
        say({"kept": kept, "aside": one.is_aside, "problem": one.problem})


def look(order: Mapping[str, Any], say: Say) -> None:
    """What the service holds, read by a service that has just started."""
    base, attempt = Path(order["base"]), order["made"]["lease"]["attempt_id"]
    service = service_in(base / "service", HandClock())
    receipt = service.store.deliveries.receipt(attempt)
    say(
        {
            "held": {
                "result": receipt.result is not None,
                "recording": receipt.packed == order["made"]["sha256"],
                "protocol": receipt.protocol is not None,
            },
            "quarantine": len(service.store.quarantine.listed()),
        }
    )
    service.store.close()
    damage = check_all(ServiceSettings(data=base / "service")).damage
    say({"damage": list(damage)})


exam_forks.WORKS.update(prepare=prepare, deliver=deliver, look=look)

if __name__ == "__main__":
    exam_forks.main()
