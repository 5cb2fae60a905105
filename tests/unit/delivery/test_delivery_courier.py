import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from examrunner.agent.protocol import Protocol
from examrunner.delivery.courier import (
    LONGEST_PAUSE_S,
    UPLOAD_SPAN_S,
    Courier,
    pause_s,
    slot_s,
)
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.delivery.receipts import Receipts
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.digests import digest_of
from examrunner.model.errors import DeliveryError
from examrunner.wire import (
    LENGTH_HEADER,
    OFFSET_HEADER,
    LeaseRequest,
    ProvisionalResult,
    receipt_text,
    result_body,
)

SERVICE = Ed25519PrivateKey.from_private_bytes(bytes(32))
ATTEMPT = "01939c5e-7d2a-7c3e-9b1f-2f6d1c0a4e55"
CHUNK = 1000
PACKED = bytes(range(256)) * 20


class Peer(ThreadingHTTPServer):
    """A service that keeps what it was sent and dies when it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Route)
        self.results: dict[str, bytes] = {}
        self.kept = bytearray()
        self.order: list[str] = []
        self.protocols: list[dict[str, object]] = []
        self.refuses_protocols = False
        self.dies_after_bytes: int | None = None
        self.is_down = False
        self.offsets: list[int] = []
        self.key = SERVICE


class Route(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Peer

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def is_dead(self) -> bool:
        if self.server.is_down:
            self.close_connection = True
        return self.server.is_down

    def receipt(self) -> dict[str, object]:
        digest = hashlib.sha256(bytes(self.server.kept)).hexdigest()
        whole = digest == hashlib.sha256(PACKED).hexdigest()
        results = [
            digest_of(result_body(ProvisionalResult.model_validate_json(body)))
            for body in self.server.results.values()
        ]
        return {
            "attempt_id": ATTEMPT,
            "packed": digest if whole else None,
            "result": results[0] if results else None,
        }

    def signed(self) -> bytes:
        said = self.receipt()
        signature = self.server.key.sign(receipt_text(said)).hex()
        return json.dumps({"receipt": said, "signature": signature}).encode()

    def do_HEAD(self) -> None:
        if not self.is_dead():
            self.answer(200, Upload_Offset=str(len(self.server.kept)))

    def do_GET(self) -> None:
        if not self.is_dead():
            self.answer(200, self.signed())

    def do_PUT(self) -> None:
        if self.is_dead():
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/protocol"):
            self.put_protocol(body)
        elif self.path.endswith("/result"):
            self.put_result(body)
        else:
            self.put_piece(body)

    def put_result(self, body: bytes) -> None:
        self.server.order.append("result")
        if self.server.results.setdefault(self.path, body) != body:
            problem = {"title": "t", "status": 409, "problem": "another result"}
            told = {**problem, "where": "here", "remedy": "look"}
            self.answer(409, json.dumps(told).encode())
            return
        self.answer(200, json.dumps(self.receipt()).encode())

    def put_protocol(self, body: bytes) -> None:
        self.server.order.append("protocol")
        if self.server.refuses_protocols:
            told = {"title": "t", "status": 409, "problem": "another protocol"}
            said = {**told, "where": "here", "remedy": "look"}
            self.answer(409, json.dumps(said).encode())
            return
        self.server.protocols.append(json.loads(body))
        self.answer(200, json.dumps(self.receipt()).encode())

    def put_piece(self, body: bytes) -> None:
        server = self.server
        server.order.append("piece")
        server.offsets.append(int(self.headers[OFFSET_HEADER]))
        server.kept += body
        limit = server.dies_after_bytes
        if limit is not None and len(server.kept) >= limit:
            server.is_down = True
            self.close_connection = True
            return
        if len(server.kept) < int(self.headers[LENGTH_HEADER]):
            self.answer(204, Upload_Offset=str(len(server.kept)))
        else:
            self.answer(200, json.dumps(self.receipt()).encode())


@pytest.fixture
def peer() -> Iterator[Peer]:
    server = Peer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    box = Outbox(tmp_path / "outbox.db")
    yield box
    box.close()


@pytest.fixture
def client(peer: Peer) -> Iterator[ServiceClient]:
    address = f"http://127.0.0.1:{peer.server_address[1]}"
    opened = ServiceClient(address, token="t", chunk_bytes=CHUNK)
    yield opened
    opened.close()


def a_result(reason: str = "") -> bytes:
    result = ProvisionalResult(
        token=1,
        recording="0" * 64,
        packed=hashlib.sha256(PACKED).hexdigest(),
        packed_bytes=len(PACKED),
        ending="finished",
        reason=reason,
        duration_s=1.0,
    )
    return result.model_dump_json().encode()


def a_courier(outbox: Outbox, client: ServiceClient, **more) -> Courier:
    key = SERVICE.public_key().public_bytes_raw().hex()
    return Courier(outbox, client, Receipts(service_key=key), **more)


def a_delivery(tmp_path: Path) -> Delivery:
    packed = tmp_path / "packed"
    packed.write_bytes(PACKED)
    return Delivery(
        attempt_id=ATTEMPT,
        token=1,
        result=a_result(),
        packed=packed,
        sha256=hashlib.sha256(PACKED).hexdigest(),
    )


def test_the_result_goes_first_and_everything_arrives(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    outbox.add(a_delivery(tmp_path))
    assert a_courier(outbox, client).deliver()
    assert peer.order == ["result"] + ["piece"] * 6
    assert bytes(peer.kept) == PACKED
    assert outbox.waiting() == ()
    assert outbox.all()[0].is_done


def test_an_upload_goes_on_where_the_service_died(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    outbox.add(a_delivery(tmp_path))
    peer.dies_after_bytes = 3 * CHUNK
    courier = a_courier(outbox, client)
    assert not courier.deliver()
    assert outbox.waiting()[0].problem
    assert not courier.deliver()

    peer.is_down, peer.dies_after_bytes = False, None
    assert courier.deliver()
    assert bytes(peer.kept) == PACKED
    assert peer.offsets == [0, 1000, 2000, 3000, 4000, 5000]
    assert len(peer.results) == 1


def test_what_waits_survives_a_restart_of_the_station(
    peer: Peer, client: ServiceClient, tmp_path: Path
) -> None:
    first = Outbox(tmp_path / "outbox.db")
    first.add(a_delivery(tmp_path))
    peer.is_down = True
    assert not a_courier(first, client).deliver()
    first.close()

    peer.is_down = False
    again = Outbox(tmp_path / "outbox.db")
    assert a_courier(again, client).deliver()
    again.close()
    assert bytes(peer.kept) == PACKED


def test_a_result_that_conflicts_is_set_aside_and_kept(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    client.put_result(ATTEMPT, a_result("another"))
    outbox.add(a_delivery(tmp_path))
    assert a_courier(outbox, client).deliver()
    aside = outbox.all()[0]
    assert aside.is_aside
    assert aside.problem == "another result"
    assert aside.packed.exists()


def written(delivery: Delivery) -> Protocol:
    return Protocol(delivery.protocol, lambda: "2026-11-23T10:00:00+08:00")


def test_the_protocol_goes_after_the_result_and_before_the_recording(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    written(delivery).add("duty", by="Li Na", role="examiner")
    outbox.add(delivery)
    assert a_courier(outbox, client).deliver()
    assert peer.order == ["result", "protocol"] + ["piece"] * 6


def test_a_protocol_that_grew_after_delivery_is_sent_again_and_only_then(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    protocol = written(delivery)
    protocol.add("duty", by="Li Na", role="examiner")
    outbox.add(delivery)
    courier = a_courier(outbox, client)
    for _ in range(3):
        assert courier.deliver()
    # A station that starts again knows from the disk what it has delivered.
    assert a_courier(outbox, client).deliver()
    assert len(peer.protocols) == 1

    protocol.add("mark", by="Li Na", role="examiner", criterion="D4", level=2)
    for _ in range(3):
        assert courier.deliver()
    assert [len(one["entries"]) for one in peer.protocols] == [1, 2]


def test_a_refused_protocol_is_shown_and_does_not_hold_up_the_recording(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    written(delivery).add("duty", by="Li Na", role="examiner")
    outbox.add(delivery)
    peer.refuses_protocols = True
    assert a_courier(outbox, client).deliver()
    assert bytes(peer.kept) == PACKED
    assert outbox.protocol_problems() == {ATTEMPT: "another protocol"}
    assert delivery.protocol.exists()


def test_a_damaged_protocol_is_shown_and_does_not_hold_up_the_recording(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    delivery.protocol.write_bytes(b"[{")
    outbox.add(delivery)
    assert a_courier(outbox, client).deliver()
    assert bytes(peer.kept) == PACKED
    assert "cannot be read" in outbox.protocol_problems()[ATTEMPT]


def test_the_courier_delivers_by_itself_once_the_service_is_back(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    peer.is_down = True
    courier = a_courier(outbox, client, chance=lambda: 0.02)
    courier.start()
    outbox.add(a_delivery(tmp_path))
    courier.wake()
    threading.Event().wait(0.2)
    assert outbox.waiting()
    peer.is_down = False
    for _ in range(500):
        if not outbox.waiting():
            break
        threading.Event().wait(0.01)
    courier.stop()
    assert outbox.all()[0].is_done


def test_no_service_at_all_is_a_delivery_error(tmp_path: Path) -> None:
    client = ServiceClient("http://127.0.0.1:9", token="t")
    with pytest.raises(DeliveryError, match="cannot be reached"):
        client.lease(LeaseRequest(request_id=ATTEMPT))
    client.close()


def test_a_file_that_is_no_outbox_is_a_delivery_error(tmp_path: Path) -> None:
    (tmp_path / "outbox.db").write_bytes(b"this is not a database" * 100)
    with pytest.raises(DeliveryError, match="cannot be used"):
        Outbox(tmp_path / "outbox.db")


@given(st.integers(1, 100), st.floats(0, 1, exclude_max=True))
def test_pauses_are_never_longer_than_the_longest(failures: int, draw: float) -> None:
    assert 0 <= pause_s(failures, lambda: draw) <= LONGEST_PAUSE_S


def test_without_the_services_signature_nothing_counts_as_delivered(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    outbox.add(a_delivery(tmp_path))
    peer.key = Ed25519PrivateKey.generate()
    courier = a_courier(outbox, client)
    assert not courier.deliver()
    (waiting,) = outbox.waiting()
    assert "not signed by the service" in waiting.problem
    assert not waiting.receipt.exists()

    peer.key = SERVICE
    assert courier.deliver()
    assert outbox.all()[0].receipt.exists()
    assert len(peer.results) == 1


def test_a_station_that_does_not_know_the_services_key_says_so(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    outbox.add(a_delivery(tmp_path))
    assert not Courier(outbox, client, Receipts(service_key="")).deliver()
    assert "does not know the service's key" in outbox.waiting()[0].problem


@pytest.mark.parametrize("damage", [b"", b"{}", b"flipped", None])
def test_a_lost_or_damaged_receipt_is_fetched_again(
    peer: Peer,
    client: ServiceClient,
    outbox: Outbox,
    tmp_path: Path,
    damage: bytes | None,
) -> None:
    delivery = a_delivery(tmp_path)
    outbox.add(delivery)
    assert a_courier(outbox, client).deliver()
    intact = delivery.receipt.read_bytes()
    if damage is None:
        delivery.receipt.unlink()
    else:
        delivery.receipt.write_bytes(damage)
    assert a_courier(outbox, client).deliver()
    assert delivery.receipt.read_bytes() == intact


def test_a_receipt_of_another_recording_covers_nothing(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    outbox.add(delivery)
    courier = a_courier(outbox, client)
    assert courier.deliver()
    receipts = Receipts(service_key=SERVICE.public_key().public_bytes_raw().hex())
    assert receipts.of(delivery) is not None
    for change in (
        {"sha256": "0" * 64},
        {"result": a_result("another")},
        {"attempt_id": ATTEMPT.replace("5", "6")},
    ):
        assert receipts.of(replace(delivery, **change)) is None


def test_what_the_service_lost_before_it_signed_is_delivered_again(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    outbox.add(delivery)
    outbox.result_is_kept(ATTEMPT)
    outbox.packed_is_kept(ATTEMPT)
    courier = a_courier(outbox, client)
    assert not courier.deliver()
    assert courier.deliver()
    assert bytes(peer.kept) == PACKED
    assert delivery.receipt.exists()


def test_the_result_goes_at_once_and_the_recording_waits_for_its_slot(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    now_s = 1000.0
    slot = slot_s(ATTEMPT, UPLOAD_SPAN_S)
    courier = a_courier(outbox, client, span_s=UPLOAD_SPAN_S, clock=lambda: now_s)
    outbox.add(a_delivery(tmp_path))
    assert courier.deliver()
    now_s += slot - 0.1
    assert courier.deliver()
    assert peer.order == ["result"]
    now_s += 0.2
    assert courier.deliver()
    assert bytes(peer.kept) == PACKED


def test_the_slots_of_a_hall_are_spread_over_the_whole_span() -> None:
    slots = [slot_s(f"{ATTEMPT}-{number}", UPLOAD_SPAN_S) for number in range(2000)]
    assert all(0 <= slot < UPLOAD_SPAN_S for slot in slots)
    tenths = [sum(n <= slot / 30 < n + 1 for slot in slots) for n in range(10)]
    assert min(tenths) > 130


def test_what_was_set_aside_and_then_accepted_is_delivered(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    now_s = 0.0
    client.put_result(ATTEMPT, a_result("another"))
    outbox.add(a_delivery(tmp_path))
    courier = a_courier(outbox, client, clock=lambda: now_s)
    assert courier.deliver()
    assert outbox.all()[0].is_aside
    # The recording follows its result into the service's quarantine.
    assert bytes(peer.kept) == PACKED

    (route,) = peer.results
    peer.results[route] = outbox.all()[0].result  # an examiner accepts it
    assert courier.deliver()
    assert outbox.all()[0].is_aside
    now_s += LONGEST_PAUSE_S
    assert courier.deliver()
    (delivery,) = outbox.all()
    assert delivery.is_done
    assert not delivery.is_aside
    assert delivery.receipt.exists()
