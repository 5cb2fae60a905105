"""Of two PCs with one identity only one works; what the other did is kept."""

import json
import shutil
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from service_hall import STATIONS, Hall

from examrunner.archive.reserve import Reserve
from examrunner.delivery.courier import Courier
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.delivery.receipts import Receipts
from examrunner.delivery.refused import RefusedError
from examrunner.delivery.service_client import ServiceClient
from examrunner.delivery.start import Start
from examrunner.model.digests import digest_of
from examrunner.model.errors import DeliveryError
from examrunner.service.store.signing import signing_key
from examrunner.wire import Lease, LeaseRequest, ProvisionalResult

STATION = "hall-a-01"


@dataclass
class Way(httpx2.BaseTransport):
    """Into the application; loses the answers that it is told to lose."""

    hall: Hall
    lost: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode()
        answer = self.hall.client.request(
            request.method,
            path,
            content=request.read(),
            headers=dict(request.headers),
        )
        for part in self.lost:
            if part in path:
                self.lost.remove(part)
                raise httpx2.ReadTimeout("lost", request=request)
        return httpx2.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )


@dataclass
class Pc:
    """A disk with a station's identity."""

    hall: Hall
    disk: Path
    generation: int = 1

    def __post_init__(self) -> None:
        self.disk.mkdir(exist_ok=True)
        self.way = Way(self.hall)
        self.boot()

    def boot(self) -> None:
        """The agent starts, once more."""
        start = Start(
            self.disk / "start.json",
            station=STATION,
            generation=self.generation,
            reserve=Reserve(path=self.disk / "reserve"),
        )
        token = self.hall.tokens[STATION]
        self.client = ServiceClient(
            "http://service", token=token, transport=self.way, start=start
        )

    def lease(self) -> Lease:
        found = self.client.lease(LeaseRequest(request_id=uuid4()))
        assert found is not None
        return found

    def copied(self) -> "Pc":
        other = self.disk.with_name(self.disk.name + "-copy")
        shutil.copytree(self.disk, other)
        return Pc(self.hall, other)

    def deliver(self, lease: Lease) -> Delivery:
        """What its courier makes of an attempt that has ended."""
        content = self.hall.record(
            lease.model_dump(mode="json"), self.hall.keys[STATION]
        )
        folder = self.disk / str(lease.attempt_id)
        folder.mkdir()
        (folder / "recording.tar").write_bytes(content)
        result = ProvisionalResult(
            token=lease.token,
            recording="0" * 64,
            packed=digest_of(content),
            packed_bytes=len(content),
            ending="finished",
            duration_s=1.0,
        )
        key = self.hall.service.store.database.write(signing_key)
        receipts = Receipts(service_key=key.public_key().public_bytes_raw().hex())
        with closing(Outbox(self.disk / "outbox.db")) as outbox:
            outbox.add(
                Delivery(
                    attempt_id=str(lease.attempt_id),
                    token=lease.token,
                    result=result.model_dump_json().encode(),
                    packed=folder / "recording.tar",
                    sha256=digest_of(content),
                )
            )
            Courier(outbox, self.client, receipts).deliver()
            return outbox.all()[-1]


@pytest.fixture
def pc(hall: Hall, tmp_path: Path) -> Pc:
    hall.exam(students=4, tasks=("C06",))
    return Pc(hall, tmp_path / "disk")


def kept_aside(hall: Hall) -> list[str]:
    return [one.kind for one in hall.service.store.quarantine.listed()]


def test_a_station_starts_as_often_as_it_likes(pc: Pc) -> None:
    for number in range(1, 4):
        assert pc.deliver(pc.lease()).is_done
        assert json.loads((pc.disk / "start.json").read_bytes())["number"] == number
        pc.boot()
    assert kept_aside(pc.hall) == []


@pytest.mark.parametrize("boots", [False, True])
def test_a_lost_answer_to_a_start_costs_nothing(pc: Pc, boots: bool) -> None:
    pc.lease()
    pc.boot()
    pc.way.lost.append("/starts")
    with pytest.raises(DeliveryError, match="cannot be reached"):
        pc.lease()
    if boots:
        pc.boot()
    assert pc.deliver(pc.lease()).is_done
    assert json.loads((pc.disk / "start.json").read_bytes())["number"] == 2


def test_a_copy_is_refused_once_the_station_has_started_since(pc: Pc) -> None:
    pc.lease()
    copy = pc.copied()
    pc.boot()
    lease = pc.lease()

    with pytest.raises(RefusedError) as refused:
        copy.lease()

    assert "one of the two disks is a copy" in refused.value.problem
    assert "station replace" in refused.value.remedy
    assert pc.deliver(lease).is_done


def test_the_first_pc_is_refused_once_the_copy_has_started(pc: Pc) -> None:
    lease = pc.lease()
    copy = pc.copied()
    copy.lease()

    with pytest.raises(RefusedError, match="another PC has worked as hall-a-01"):
        pc.lease()
    delivery = pc.deliver(lease)

    assert delivery.is_aside
    assert "one of the two disks is a copy" in delivery.problem
    assert kept_aside(pc.hall) == ["result", "recording"]
    assert delivery.packed.exists()
    packed = pc.hall.service.store.deliveries.packed_of(lease.attempt_id)
    assert packed is None


def test_what_a_refused_copy_recorded_goes_to_quarantine(pc: Pc) -> None:
    lease = pc.lease()
    copy = pc.copied()
    pc.boot()
    pc.lease()

    assert copy.deliver(lease).is_aside

    assert kept_aside(pc.hall) == ["result", "recording"]
    assert pc.deliver(lease).is_done


def test_an_enrolment_begins_a_new_line(pc: Pc) -> None:
    pc.lease()
    copy = pc.copied()
    copy.lease()
    pc.hall.enrol(STATION, STATIONS[STATION])

    pc.generation = 2
    pc.boot()

    assert pc.deliver(pc.lease()).is_done


def test_a_service_restored_from_a_backup_goes_on_counting(pc: Pc) -> None:
    pc.disk.joinpath("start.json").write_text(
        json.dumps({"generation": 1, "number": 41, "claim": ""})
    )
    assert pc.deliver(pc.lease()).is_done
    assert json.loads((pc.disk / "start.json").read_bytes())["number"] == 42


def test_a_damaged_count_is_said_and_not_guessed(pc: Pc) -> None:
    pc.disk.joinpath("start.json").write_bytes(b"{")
    with pytest.raises(DeliveryError, match="how often this station has started"):
        pc.lease()
