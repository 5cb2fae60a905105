"""What stations deliver: results first, then recordings in pieces."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from examrunner.model.digests import digest_of
from examrunner.model.protocol import Entry, head_of
from examrunner.service.access import ServiceDep, permitted
from examrunner.service.actors import Actor
from examrunner.service.forwarding import check_forwarded
from examrunner.service.policy import Action
from examrunner.service.receiving import (
    receive_piece,
    receive_protocol,
    receive_result,
    upload_offset,
)
from examrunner.wire import (
    COMPLETE_HEADER,
    LEASE_TOKEN_HEADER,
    LENGTH_HEADER,
    OFFSET_HEADER,
    AttemptId,
    AttemptProtocol,
    ProvisionalResult,
    Receipt,
    SignedReceipt,
    result_body,
)

router = APIRouter(prefix="/attempts/{attempt_id}", tags=["stations"])
StationDep = Annotated[Actor, Depends(permitted(Action.DELIVER))]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.put("/result")
def put_result(
    attempt_id: AttemptId,
    message: ProvisionalResult,
    actor: StationDep,
    service: ServiceDep,
) -> Receipt:
    """Keep a station's own score.

    A station repeats this until it holds a receipt: the same result gets the same
    receipt. Another result for the same attempt is refused and kept aside.
    """
    digest = digest_of(result_body(message))
    check_forwarded(actor, attempt_id, token=message.token, result=digest)
    return receive_result(service, attempt_id, actor, message)


@router.put("/protocol")
def put_protocol(
    attempt_id: AttemptId,
    message: AttemptProtocol,
    actor: StationDep,
    service: ServiceDep,
) -> Receipt:
    """Keep what people did and said: their marks and vetoes settle the score.

    A longer protocol that begins with the stored one takes its place; a shorter one
    has no effect. One that says something else is refused and kept aside.
    """
    last = head_of(tuple(Entry(**dict(entry)) for entry in message.entries))
    check_forwarded(actor, attempt_id, token=message.token, protocol=last)
    return receive_protocol(service, attempt_id, actor, message)


@router.get("/receipt")
def get_receipt(
    attempt_id: AttemptId, _actor: StationDep, service: ServiceDep
) -> SignedReceipt:
    """What the service holds of an attempt, on disk, signed: stations keep it."""
    return service.store.deliveries.signed_receipt(attempt_id)


@router.head("/recording/{sha256}")
def head_recording(
    attempt_id: AttemptId, sha256: Sha256, _actor: StationDep, service: ServiceDep
) -> Response:
    """How much of an upload is kept, and whether it is verified."""
    offset, complete = upload_offset(service, attempt_id, sha256)
    headers = {OFFSET_HEADER: str(offset), COMPLETE_HEADER: str(int(complete))}
    return Response(headers=headers)


@router.put(
    "/recording/{sha256}",
    response_model=Receipt,
    responses={204: {"description": "Kept; Upload-Offset says where to go on."}},
    openapi_extra={
        "requestBody": {
            "content": {"application/octet-stream": {}},
            "required": True,
        }
    },
)
async def put_piece(
    attempt_id: AttemptId,
    sha256: Sha256,
    request: Request,
    actor: StationDep,
    service: ServiceDep,
    token: Annotated[int, Header(alias=LEASE_TOKEN_HEADER, ge=1)],
    offset: Annotated[int, Header(alias=OFFSET_HEADER, ge=0)],
    length: Annotated[int, Header(alias=LENGTH_HEADER, ge=1)],
) -> Receipt | Response:
    """Keep a piece of a packed recording; the last one is answered by a receipt."""
    check_forwarded(actor, attempt_id, token=token, packed=sha256)
    piece = await request.body()
    kept = await run_in_threadpool(
        receive_piece,
        service,
        attempt_id,
        actor,
        sha256,
        token=token,
        offset=offset,
        length=length,
        piece=piece,
    )
    if isinstance(kept, Receipt):
        return kept
    return Response(status_code=204, headers={OFFSET_HEADER: str(kept)})
