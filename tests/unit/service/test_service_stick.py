"""What a station could not send goes on a stick through another PC, once and whole."""

import base64
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2
import pytest
from service_hall import STATIONS, Hall
from typer.testing import CliRunner

from examrunner.agent.identity import station_key
from examrunner.agent.protocol import Protocol
from examrunner.agent.stick import Exported, export
from examrunner.cli.station import app
from examrunner.delivery.bundles import BundleFolder, folder_on
from examrunner.delivery.forwarding import Forwarded, deliver_all
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.delivery.receipts import Receipts
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.digests import digest_of
from examrunner.model.errors import DeliveryError
from examrunner.wire import ProvisionalResult

STATION = "hall-a-01"


@dataclass
class Way(httpx2.BaseTransport):
    """From a client into the application, or nowhere while the line is cut."""

    hall: Hall
    is_cut: bool = False
    pieces: int = 0
    cut_after_pieces: int | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.is_cut:
            raise httpx2.ConnectError("no line", request=request)
        answer = self.hall.client.request(
            request.method,
            request.url.raw_path.decode(),
            content=request.read(),
            headers=dict(request.headers),
        )
        if "recording" in request.url.path and request.method == "PUT":
            self.pieces += 1
            self.is_cut = self.pieces == self.cut_after_pieces
        return httpx2.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )


@dataclass
class Pc:
    """A station's folder, a stick, and the PC that forwards."""

    hall: Hall
    data: Path
    stick: Path
    way: Way
    service_key: str

    def attempt(self) -> tuple[dict, Delivery]:
        """One more attempt that waits in the outbox."""
        lease = self.hall.lease(STATION).json()
        content = self.hall.record(lease, self.hall.keys[STATION])
        folder = self.data / "attempts" / lease["attempt_id"]
        folder.mkdir(parents=True)
        (folder / "recording.tar").write_bytes(content)
        result = ProvisionalResult(
            token=lease["token"],
            recording="0" * 64,
            packed=digest_of(content),
            packed_bytes=len(content),
            ending="finished",
            duration_s=1.0,
        )
        delivery = Delivery(
            attempt_id=lease["attempt_id"],
            token=lease["token"],
            result=result.model_dump_json().encode(),
            packed=folder / "recording.tar",
            sha256=digest_of(content),
        )
        protocol = Protocol(delivery.protocol, lambda: "2026-11-23T10:00:00+08:00")
        protocol.add("duty", by="Li Na", role="examiner")
        with closing(Outbox(self.data / "outbox.db")) as outbox:
            outbox.add(delivery)
        return lease, delivery

    def export(self) -> Exported:
        return export(self.data, self.stick)

    def deliver(self) -> tuple[Forwarded, ...]:
        return deliver_all(self.stick, self.opened)

    def opened(self, told: str) -> ServiceClient:
        return ServiceClient(
            "http://service",
            token=told,
            scheme="Bundle",
            transport=self.way,
            chunk_bytes=1000,
        )

    def folder(self, delivery: Delivery) -> BundleFolder:
        return folder_on(self.stick, STATION, delivery.attempt_id)

    def is_done(self, delivery: Delivery) -> bool:
        with closing(Outbox(self.data / "outbox.db")) as outbox:
            (found,) = [d for d in outbox.all() if d.attempt_id == delivery.attempt_id]
        receipts = Receipts(service_key=self.service_key)
        return found.is_done and receipts.of(found) is not None


@pytest.fixture
def pc(hall: Hall, tmp_path: Path) -> Pc:
    data = tmp_path / "station"
    _, hall.keys[STATION] = station_key(data)
    hall.enrol(STATION, STATIONS[STATION])
    hall.exam()
    pack_key = hall.service.store.database.write(_service_key)
    enrolment = {
        "station": STATION, "service": "http://127.0.0.1:9", "token": "t",
        "generation": 2, "service_key": pack_key,
    }  # fmt: skip
    (data / "enrolment.json").write_text(json.dumps(enrolment))
    stick = tmp_path / "stick"
    stick.mkdir()
    return Pc(hall, data, stick, Way(hall), pack_key)


def _service_key(session) -> str:
    from examrunner.service.store.signing import signing_key

    return signing_key(session).public_key().public_bytes_raw().hex()


def outcomes(found: tuple[Forwarded, ...]) -> list[str]:
    return [one.outcome for one in found]


def stored(pc: Pc, delivery: Delivery) -> str | None:
    found = pc.hall.service.store.deliveries.packed_of(delivery.attempt_id)
    return found and found[0]


def test_the_whole_way_of_a_stick(pc: Pc) -> None:
    _, first = pc.attempt()
    _, second = pc.attempt()

    assert len(pc.export().written) == 2
    assert outcomes(pc.deliver()) == ["delivered", "delivered"]
    assert not pc.is_done(first)
    back = pc.export()

    assert set(back.received) == {first.attempt_id, second.attempt_id}
    assert back.written == ()
    for delivery in (first, second):
        assert stored(pc, delivery) == delivery.sha256
        assert pc.is_done(delivery)
        receipt = pc.hall.service.store.deliveries.receipt(delivery.attempt_id)
        assert receipt.protocol is not None


def test_what_is_delivered_twice_has_one_effect(pc: Pc) -> None:
    _, delivery = pc.attempt()
    pc.export()
    pc.deliver()
    receipt = pc.folder(delivery).receipt.read_bytes()
    entries = pc.hall.service.store.audit.head().number

    assert outcomes(pc.deliver()) == ["delivered"]
    pc.export()
    pc.export()

    assert pc.folder(delivery).receipt.read_bytes() == receipt
    assert pc.hall.service.store.audit.head().number == entries
    assert list((pc.hall.folder / "data" / "aside").iterdir()) == []


def test_what_the_line_brought_meanwhile_has_one_effect(pc: Pc) -> None:
    lease, delivery = pc.attempt()
    pc.export()
    assert pc.hall.put_piece(lease, delivery.packed.read_bytes()).status_code == 200

    assert outcomes(pc.deliver()) == ["delivered"]

    pc.export()
    assert pc.is_done(delivery)


@pytest.mark.parametrize(
    "name", ["recording.tar", "result.json", "protocol.json", "bundle.json"]
)
@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "cut"])
def test_a_torn_copy_is_said_and_exported_again(
    pc: Pc, name: str, is_gone: bool
) -> None:
    _, torn = pc.attempt()
    _, whole = pc.attempt()
    pc.export()
    path = pc.folder(torn).path / name
    if is_gone:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-7])

    found = {one.attempt: one for one in pc.deliver()}

    assert found[torn.attempt_id].outcome == "torn"
    assert "Export it again" in found[torn.attempt_id].remedy
    assert found[whole.attempt_id].outcome == "delivered"
    assert stored(pc, torn) is None
    pc.export()
    assert outcomes(pc.deliver()) == ["delivered", "delivered"]


def test_a_full_stick_is_said_and_holds_nothing_half(pc: Pc) -> None:
    _, first = pc.attempt()
    _, second = pc.attempt()
    place = pc.folder(second).path
    place.mkdir(parents=True)
    (place / "recording.tar.part").symlink_to("/dev/full")

    with pytest.raises(DeliveryError, match="the stick is full") as full:
        pc.export()

    assert "another stick" in full.value.remedy
    assert not place.exists()
    assert outcomes(pc.deliver()) == ["delivered"]
    assert len(pc.export().received) == 1
    assert pc.is_done(first)
    assert not pc.is_done(second)


def test_a_cut_line_goes_on_where_it_was(pc: Pc) -> None:
    _, delivery = pc.attempt()
    pc.export()
    pc.way.cut_after_pieces = 3
    (failed,) = pc.deliver()
    assert failed.outcome == "failed"
    assert "cannot be reached" in failed.problem

    pc.way.is_cut = False
    assert outcomes(pc.deliver()) == ["delivered"]
    size = delivery.packed.stat().st_size
    assert pc.way.pieces == -(-size // 1000)


def test_an_overtaken_lease_goes_to_quarantine_and_comes_back_once_accepted(
    pc: Pc,
) -> None:
    lease, delivery = pc.attempt()
    pc.export()
    pc.hall.clock.forward(hours=25)
    pc.hall.lease(STATION, attempt_id=lease["attempt_id"])

    (found,) = pc.deliver()
    assert found.outcome == "quarantine"
    assert "no longer counts" in found.problem
    assert not pc.folder(delivery).receipt.exists()

    kinds = set()
    for one in pc.hall.service.store.quarantine.listed():
        kinds.add(one.kind)
        accepted(pc, one.number)
    assert kinds == {"result", "protocol", "recording"}
    assert outcomes(pc.deliver()) == ["delivered"]
    assert pc.export().received == (delivery.attempt_id,)
    assert pc.is_done(delivery)


def accepted(pc: Pc, number: int) -> None:
    from examrunner.service.quarantine import accept

    service = pc.hall.service
    accept(
        service.store, service.shelf, service.reader, number, by="chief", reason="ok"
    )


def test_the_forwarding_pc_can_change_nothing(pc: Pc) -> None:
    lease, delivery = pc.attempt()
    pc.export()
    folder = pc.folder(delivery)
    told = base64.b64encode(folder.signed.read_bytes()).decode()
    headers = {"Authorization": f"Bundle {told}"}
    changed = json.loads(delivery.result) | {"reason": "better"}
    at = f"/api/v1/attempts/{delivery.attempt_id}"
    other = pc.attempt()[0]["attempt_id"]
    client = pc.hall.client

    def status(method: str, path: str, **more) -> int:
        return client.request(method, path, headers=headers, **more).status_code

    assert status("PUT", f"{at}/result", json=changed) == 403
    entries = [asdict(e) for e in Protocol(delivery.protocol, str).entries]
    longer = Protocol(pc.stick / "forged.json", lambda: "2026-11-23T10:00:00+08:00")
    longer.add("mark", by="X", role="examiner", criterion="D4", level=3, reason="x")
    said = {"token": lease["token"], "entries": [asdict(e) for e in longer.entries]}
    assert status("PUT", f"{at}/protocol", json=said) == 403
    said = {"token": lease["token"] + 1, "entries": entries}
    assert status("PUT", f"{at}/protocol", json=said) == 403
    assert status("GET", f"/api/v1/attempts/{other}/receipt") == 403
    assert status("POST", "/api/v1/leases", json={}) == 401
    renewal = {"token": lease["token"]}
    assert status("PUT", f"/api/v1/leases/{delivery.attempt_id}", json=renewal) == 401
    assert status("GET", f"/api/v1/stations/{STATION}/pack") == 401
    assert status("GET", "/api/v1/session") == 401
    forged = told_with(folder, result="0" * 64)
    client.headers["Authorization"] = ""
    answer = client.get(f"{at}/receipt", headers={"Authorization": forged})
    assert answer.status_code == 401
    for nonsense in ("Bundle", "Bundle x", "Bundle e30="):
        answer = client.get(f"{at}/receipt", headers={"Authorization": nonsense})
        assert answer.status_code == 401


def told_with(folder: BundleFolder, **changes: str) -> str:
    signed = json.loads(folder.signed.read_bytes())
    signed["bundle"].update(changes)
    return "Bundle " + base64.b64encode(json.dumps(signed).encode()).decode()


def test_a_bundle_of_a_key_that_nobody_compared_is_refused(pc: Pc) -> None:
    _, delivery = pc.attempt()
    (pc.data / "station-key.pem").unlink()
    station_key(pc.data)
    pc.export()

    (found,) = pc.deliver()

    assert found.outcome == "failed"
    assert "no key of this station" in found.problem
    assert stored(pc, delivery) is None


@pytest.mark.parametrize(
    "damage",
    [lambda b: b[:-5], lambda b: b.replace(b'"packed":"', b'"packed":"0', 1)],
    ids=["cut", "altered"],
)
def test_a_damaged_receipt_marks_nothing(
    pc: Pc, damage: Callable[[bytes], bytes]
) -> None:
    _, delivery = pc.attempt()
    pc.export()
    pc.deliver()
    path = pc.folder(delivery).receipt
    path.write_bytes(damage(path.read_bytes()))

    back = pc.export()

    assert back.received == ()
    assert delivery.attempt_id in back.problems
    assert not pc.is_done(delivery)
    pc.deliver()
    assert pc.export().received == (delivery.attempt_id,)


def test_a_protocol_that_grew_is_exported_anew(pc: Pc) -> None:
    _, delivery = pc.attempt()
    pc.export()
    protocol = Protocol(delivery.protocol, lambda: "2026-11-23T10:01:00+08:00")
    protocol.add("note", by="Li Na", role="examiner", text="late")
    pc.export()

    assert outcomes(pc.deliver()) == ["delivered"]
    receipt = pc.hall.service.store.deliveries.receipt(delivery.attempt_id)
    assert receipt.protocol == protocol.digest


def test_the_commands_say_what_comes_next(pc: Pc) -> None:
    pc.attempt()
    exported = CliRunner().invoke(
        app, ["export", STATION, "--to", str(pc.stick), "--data", str(pc.data)]
    )
    assert exported.exit_code == 0
    assert "1 attempts on the stick" in exported.output
    assert "examrunner station deliver" in exported.output
    to_nowhere = ["deliver", str(pc.stick), "--service", "http://127.0.0.1:9"]
    failed = CliRunner().invoke(app, [*to_nowhere, "--json"])
    assert failed.exit_code == 1
    assert json.loads(failed.output)["attempts"][0]["outcome"] == "failed"
    empty = CliRunner().invoke(
        app, ["deliver", str(pc.data), "--service", "http://127.0.0.1:9"]
    )
    assert empty.exit_code == 2
    assert "nothing to deliver" in empty.output
