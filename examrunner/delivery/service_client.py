"""The service's routes for stations, as functions."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx2

from examrunner.delivery.refused import RefusedError
from examrunner.delivery.start import Start
from examrunner.model.errors import DeliveryError
from examrunner.wire import (
    CHUNK_LIMIT_BYTES,
    LEASE_TOKEN_HEADER,
    LENGTH_HEADER,
    OFFSET_HEADER,
    START_HEADER,
    AttemptProtocol,
    Enrolled,
    EnrolRequest,
    Lease,
    LeaseRenewal,
    LeaseRequest,
    Problem,
    Receipt,
    SignedPack,
    SignedReceipt,
    StartMessage,
    StartRequest,
    StationState,
)

TIMEOUT_S: Final = 30.0
FOR_GOOD: Final = (
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
)
"""Answers that no repetition changes."""
COMPLETE_HEADER: Final = "Upload-Complete"
"""Header of the answer to ``HEAD``: 1 once the whole is verified."""


class ServiceClient:
    """One station's connection to the service.

    Args:
        address: ``http://host:port``.
        token: The station's token; empty before it is enrolled.
        scheme: What the token is: a station's own, or a bundle to forward.
        start: This start of the station; None for who is no station.
        chunk_bytes: Size of one piece of an upload.
        timeout_s: How long an answer is waited for.
        transport: What carries requests instead of a network; for simulations.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str = "",
        scheme: str = "Bearer",
        start: Start | None = None,
        chunk_bytes: int = CHUNK_LIMIT_BYTES,
        timeout_s: float = TIMEOUT_S,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._address = address.rstrip("/")
        self._start = start
        self._chunk_bytes = chunk_bytes
        self._lock = threading.Lock()
        headers = {"Authorization": f"{scheme} {token}"} if token else {}
        self._http = httpx2.Client(
            base_url=f"{self._address}/api/v1",
            headers=headers,
            timeout=timeout_s,
            transport=transport,
        )

    def enrol(self, request: EnrolRequest) -> Enrolled:
        """Exchanges a one-time code for a token."""
        answer = self._send("POST", "/stations/enrol", request.model_dump_json())
        return Enrolled.model_validate_json(answer.content)

    def lease(self, request: LeaseRequest) -> Lease | None:
        """The next attempt that is planned for this station; None if none is."""
        body, started = request.model_dump_json(), self._started(is_work=True)
        answer = self._send("POST", "/leases", body, started)
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return None
        return Lease.model_validate_json(answer.content)

    def pack(self, station: str) -> SignedPack | None:
        """The exam pack of this station; None if there is none."""
        answer = self._send("GET", f"/stations/{station}/pack")
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return None
        return SignedPack.model_validate_json(answer.content)

    def renew(self, attempt_id: str, token: int) -> Lease:
        """Keeps an attempt for longer."""
        body = LeaseRenewal(token=token).model_dump_json()
        started = self._started(is_work=True)
        answer = self._send("PUT", f"/leases/{attempt_id}", body, started)
        return Lease.model_validate_json(answer.content)

    def report(self, station: str, state: StationState) -> None:
        """Shows what happens here; a lost report does not matter."""
        self._send("PUT", f"/stations/{station}/state", state.model_dump_json())

    def time(self) -> datetime:
        """The service's clock, in whole seconds."""
        answer = self._send("GET", f"{self._address}/healthz")
        try:
            return parsedate_to_datetime(answer.headers.get("Date", ""))
        except ValueError:
            raise DeliveryError(
                "the service does not say what time it is.",
                where=self._address,
                remedy="Look whether a proxy before it takes the Date header away.",
            ) from None

    def put_result(self, attempt_id: str, result: bytes) -> Receipt:
        """Delivers a result, JSON as it was the first time."""
        route, started = f"/attempts/{attempt_id}/result", self._started()
        answer = self._send("PUT", route, result, started)
        return Receipt.model_validate_json(answer.content)

    def put_protocol(self, attempt_id: str, protocol: AttemptProtocol) -> Receipt:
        """Delivers what people did and said so far."""
        body = protocol.model_dump_json()
        route, started = f"/attempts/{attempt_id}/protocol", self._started()
        answer = self._send("PUT", route, body, started)
        return Receipt.model_validate_json(answer.content)

    def upload(self, attempt_id: str, token: int, sha256: str, packed: Path) -> None:
        """Delivers a packed recording from where the last time ended.

        Returns when the service has verified all of it.
        """
        route = f"/attempts/{attempt_id}/recording/{sha256}"
        kept = self._send("HEAD", route).headers
        if kept.get(COMPLETE_HEADER) == "1":
            return
        offset, length = int(kept.get(OFFSET_HEADER, 0)), packed.stat().st_size
        headers = {
            **self._started(),
            "Content-Type": "application/octet-stream",
            LEASE_TOKEN_HEADER: str(token),
            LENGTH_HEADER: str(length),
        }
        with packed.open("rb") as file:
            while True:
                file.seek(offset)
                piece = file.read(self._chunk_bytes)
                answer = self._send(
                    "PUT", route, piece, {**headers, OFFSET_HEADER: str(offset)}
                )
                if answer.status_code == HTTPStatus.OK:
                    return
                offset = int(answer.headers[OFFSET_HEADER])

    def receipt(self, attempt_id: str) -> SignedReceipt:
        """What the service holds of an attempt; not verified yet."""
        answer = self._send("GET", f"/attempts/{attempt_id}/receipt")
        return SignedReceipt.model_validate_json(answer.content)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def _started(self, *, is_work: bool = False) -> dict[str, str]:
        """The header that says which start of the station this is."""
        if self._start is None:
            return {}
        number = self._start.number(self._claim_start, is_work=is_work)
        return {START_HEADER: str(number)}

    def _claim_start(self, request: StartRequest) -> int:
        route = f"/stations/{self._start.station}/starts" if self._start else ""
        answer = self._send("POST", route, request.model_dump_json())
        return StartMessage.model_validate_json(answer.content).number

    def _send(
        self,
        method: str,
        route: str,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        sent = {"Content-Type": "application/json"} if body is not None else {}
        with self._reached(route), self._lock:
            answer = self._http.request(
                method, route, content=body, headers={**sent, **(headers or {})}
            )
        if answer.is_success:
            return answer
        raise self._refusal(answer, f"{self._address}/api/v1{route}")

    @contextmanager
    def _reached(self, route: str) -> Iterator[None]:
        try:
            yield
        except httpx2.HTTPError as error:
            raise DeliveryError(
                f"the service cannot be reached ({type(error).__name__}).",
                where=f"{self._address}/api/v1{route}",
                remedy="Nothing is lost: the station repeats this by itself.",
            ) from error

    def _refusal(self, answer: httpx2.Response, where: str) -> DeliveryError:
        # A conflict that names an offset is cured by asking where to go on.
        is_cured = OFFSET_HEADER in answer.headers
        is_final = answer.status_code in FOR_GOOD and not is_cured
        kind = RefusedError if is_final else DeliveryError
        try:
            told = Problem.model_validate_json(answer.content)
        except ValueError:
            return kind(
                f"the service answers with status {answer.status_code}.",
                where=where,
                remedy="Read the service's log of this time.",
            )
        return kind(told.problem, where=told.where or where, remedy=told.remedy)
