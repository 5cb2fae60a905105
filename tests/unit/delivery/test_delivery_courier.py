import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examrunner.agent.protocol import Protocol
from examrunner.delivery.courier import LONGEST_PAUSE_S, Courier, pause_s
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError
from examrunner.wire import LENGTH_HEADER, OFFSET_HEADER, LeaseRequest

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

    def receipt(self) -> bytes:
        digest = hashlib.sha256(bytes(self.server.kept)).hexdigest()
        whole = digest == hashlib.sha256(PACKED).hexdigest()
        said = {"attempt_id": ATTEMPT, "packed": digest if whole else None}
        return json.dumps(said).encode()

    def do_HEAD(self) -> None:
        if not self.is_dead():
            self.answer(200, Upload_Offset=str(len(self.server.kept)))

    def do_GET(self) -> None:
        if not self.is_dead():
            self.answer(200, self.receipt())

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
        self.answer(200, self.receipt())

    def put_protocol(self, body: bytes) -> None:
        self.server.order.append("protocol")
        if self.server.refuses_protocols:
            told = {"title": "t", "status": 409, "problem": "another protocol"}
            said = {**told, "where": "here", "remedy": "look"}
            self.answer(409, json.dumps(said).encode())
            return
        self.server.protocols.append(json.loads(body))
        self.answer(200, self.receipt())

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
            self.answer(200, self.receipt())


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


def a_delivery(tmp_path: Path, result: bytes = b'{"points": 1}') -> Delivery:
    packed = tmp_path / "packed"
    packed.write_bytes(PACKED)
    return Delivery(
        attempt_id=ATTEMPT,
        token=1,
        result=result,
        packed=packed,
        sha256=hashlib.sha256(PACKED).hexdigest(),
    )


def test_the_result_goes_first_and_everything_arrives(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    outbox.add(a_delivery(tmp_path))
    assert Courier(outbox, client).deliver()
    assert peer.order == ["result"] + ["piece"] * 6
    assert bytes(peer.kept) == PACKED
    assert outbox.waiting() == ()
    assert outbox.all()[0].is_done


def test_an_upload_goes_on_where_the_service_died(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    outbox.add(a_delivery(tmp_path))
    peer.dies_after_bytes = 3 * CHUNK
    courier = Courier(outbox, client)
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
    assert not Courier(first, client).deliver()
    first.close()

    peer.is_down = False
    again = Outbox(tmp_path / "outbox.db")
    assert Courier(again, client).deliver()
    again.close()
    assert bytes(peer.kept) == PACKED


def test_a_result_that_conflicts_is_set_aside_and_kept(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    client.put_result(ATTEMPT, b'{"points": 2}')
    outbox.add(a_delivery(tmp_path))
    assert Courier(outbox, client).deliver()
    aside = outbox.all()[0]
    assert aside.is_aside
    assert aside.problem == "another result"
    assert aside.packed.exists()
    assert peer.kept == b""


def written(delivery: Delivery) -> Protocol:
    return Protocol(delivery.protocol, lambda: "2026-11-23T10:00:00+08:00")


def test_the_protocol_goes_after_the_result_and_before_the_recording(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    written(delivery).add("duty", by="Li Na", role="examiner")
    outbox.add(delivery)
    assert Courier(outbox, client).deliver()
    assert peer.order == ["result", "protocol"] + ["piece"] * 6


def test_a_protocol_that_grew_after_delivery_is_sent_again_and_only_then(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    protocol = written(delivery)
    protocol.add("duty", by="Li Na", role="examiner")
    outbox.add(delivery)
    courier = Courier(outbox, client)
    for _ in range(3):
        assert courier.deliver()
    # A station that starts again knows from the disk what it has delivered.
    assert Courier(outbox, client).deliver()
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
    assert Courier(outbox, client).deliver()
    assert bytes(peer.kept) == PACKED
    assert outbox.protocol_problems() == {ATTEMPT: "another protocol"}
    assert delivery.protocol.exists()


def test_a_damaged_protocol_is_shown_and_does_not_hold_up_the_recording(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    delivery = a_delivery(tmp_path)
    delivery.protocol.write_bytes(b"[{")
    outbox.add(delivery)
    assert Courier(outbox, client).deliver()
    assert bytes(peer.kept) == PACKED
    assert "cannot be read" in outbox.protocol_problems()[ATTEMPT]


def test_the_courier_delivers_by_itself_once_the_service_is_back(
    peer: Peer, client: ServiceClient, outbox: Outbox, tmp_path: Path
) -> None:
    peer.is_down = True
    courier = Courier(outbox, client, chance=lambda: 0.02)
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
