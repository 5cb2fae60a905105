"""A CAN channel for python-can's ``remote`` interface.

The server side of the python-can-remote protocol (WebSocket, one binary message a
frame), with all frames of a moment in one write.
"""

import asyncio
import base64
import hashlib
import json
import struct
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.frames import Frames
from examrunner.simulation.bus import Frame

GREETING: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PROTOCOL: Final = "can.binary+json.v1"
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
FINAL: Final = 0x80
MESSAGE: Final = struct.Struct(">BdIBB")
"""Kind 1, time stamp in seconds, identifier, length, flags as in ``model.frames``."""
LONGEST_MESSAGE: Final = 1 << 16

Received = Callable[[Frame], None]


class CanPort:
    """One channel; every client receives every frame, its own frames too.

    Args:
        channel: Name that clients see.
        received: Called with every frame that a client sends.
    """

    def __init__(self, channel: str, received: Received) -> None:
        self._channel = channel
        self._received = received
        self._clients: set[asyncio.StreamWriter] = set()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Look after one connection until it ends."""
        try:
            await _shake_hands(reader, writer)
            while True:
                kind, payload = await _read_message(reader)
                if kind == CLOSE:
                    writer.write(_wrapped(CLOSE, payload[:2]))
                    break
                self._take(kind, payload, writer)
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            pass
        finally:
            self._clients.discard(writer)
            writer.close()

    async def send(self, frames: Frames) -> None:
        """Give frames to all clients; waits for those that are slow."""
        if not len(frames) or not self._clients:
            return
        content = encoded(frames)
        for client in list(self._clients):
            client.write(content)
        for client in list(self._clients):
            try:
                await client.drain()
            except ConnectionError:
                self._clients.discard(client)

    def _take(self, kind: int, payload: bytes, writer: asyncio.StreamWriter) -> None:
        if kind == PING:
            writer.write(_wrapped(PONG, payload))
        elif kind == BINARY and len(payload) >= MESSAGE.size:
            _, _, can_id, length, flags = MESSAGE.unpack_from(payload)
            content = payload[MESSAGE.size : MESSAGE.size + length]
            self._received(Frame(can_id=can_id, payload=content, flags=flags))
        elif kind == TEXT and json.loads(payload).get("type") == "bus_request":
            answer = {
                "type": "bus_response",
                "payload": {"channel_info": f"simulated {self._channel}"},
            }
            writer.write(_wrapped(TEXT, json.dumps(answer).encode()))
            self._clients.add(writer)


def encoded(frames: Frames) -> bytes:
    """Frames as WebSocket messages, back to back, in order."""
    sizes = 2 + MESSAGE.size + frames.length.astype(np.int64)
    ends = np.cumsum(sizes)
    content = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    for length in np.unique(frames.length):
        rows = np.flatnonzero(frames.length == length)
        block = _block(frames.take(rows), int(length))
        places = (ends - sizes)[rows][:, None] + np.arange(block.shape[1])
        content[places] = block
    return content.tobytes()


def _block(frames: Frames, length: int) -> NDArray[np.uint8]:
    row = np.dtype(
        [
            ("head", "u1", 2),
            ("kind", "u1"),
            ("t_s", ">f8"),
            ("id", ">u4"),
            ("length", "u1"),
            ("flags", "u1"),
            ("data", "u1", length),
        ]
    )
    block = np.zeros(len(frames), row)
    block["head"] = (FINAL | BINARY, MESSAGE.size + length)
    block["kind"] = 1
    block["t_s"] = frames.t_ns / 1e9
    block["id"] = frames.ids
    block["length"] = length
    block["flags"] = frames.flags & 0x3F
    block["data"] = frames.data[:, :length]
    return block.view(np.uint8).reshape(len(frames), row.itemsize)


async def _shake_hands(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    request = await reader.readuntil(b"\r\n\r\n")
    headers = {}
    for line in request.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    key = headers.get("sec-websocket-key", "")
    digest = hashlib.sha1(key.encode() + GREETING, usedforsecurity=False).digest()
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Protocol: " + PROTOCOL.encode() + b"\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n"
    )


async def _read_message(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readexactly(2)
    length = head[1] & 0x7F
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    elif length == 127:
        length = int.from_bytes(await reader.readexactly(8), "big")
    if length > LONGEST_MESSAGE:
        raise ValueError(f"a message of {length} bytes")
    mask = await reader.readexactly(4) if head[1] & 0x80 else b""
    payload = await reader.readexactly(length)
    if mask:
        payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return head[0] & 0xF, payload


def _wrapped(kind: int, payload: bytes) -> bytes:
    length = len(payload)
    short = bytes([length]) if length < 126 else b"\x7e" + length.to_bytes(2, "big")
    return bytes([FINAL | kind]) + short + payload
