"""States as they change, to every open page; lossy."""

import asyncio
from typing import Final

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool

from examrunner.service.access import caller_of, service_of
from examrunner.service.live import LiveBoard
from examrunner.service.policy import Action, can
from examrunner.service.refusals import RefusalError

router = APIRouter()
PERIOD_S: Final = 0.1
NOT_ALLOWED: Final = 1008


@router.websocket("/live")
async def follow(socket: WebSocket) -> None:
    """Send what changed, at most ten times a second."""
    try:
        actor = await run_in_threadpool(caller_of, socket)
    except RefusalError:
        await socket.close(NOT_ALLOWED)
        return
    if not can(actor, Action.SEE_STATIONS) or _from_elsewhere(socket):
        await socket.close(NOT_ALLOWED)
        return
    await socket.accept()
    reading = asyncio.ensure_future(_until_gone(socket))
    try:
        await _send_changes(socket, service_of(socket).live, reading)
    except WebSocketDisconnect:
        pass
    finally:
        reading.cancel()


async def _send_changes(
    socket: WebSocket, board: LiveBoard, gone: asyncio.Future[None]
) -> None:
    version = 0
    while not gone.done():
        version, states, attempts = board.since(version)
        if states or attempts:
            await socket.send_json(
                {
                    "stations": {
                        name: {
                            "seen_at": seen.at.isoformat(),
                            "state": seen.state.model_dump(mode="json"),
                        }
                        for name, seen in states.items()
                    },
                    "attempts": attempts,
                }
            )
        await asyncio.wait({gone}, timeout=PERIOD_S)


async def _until_gone(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        continue


def _from_elsewhere(socket: WebSocket) -> bool:
    """Whether another site's page opened it: browsers send cookies along."""
    origin = socket.headers.get("origin")
    if origin is None:
        return False
    return origin.partition("://")[2] != socket.headers.get("host")
