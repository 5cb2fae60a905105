"""ISO-TP reassembly beside scapy and can-isotp, on one generated, seeded trace."""

import logging
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from examrunner.bench.harness import Case, timed
from examrunner.decode.diagnostics.transport import reassemble
from examrunner.model.frames import Frames

STREAMS: Final = 8
FRAMES: Final = 300_000
SEED: Final = 20260101
TORN_SHARE: Final = 0.01
"""Share of frames that the generated recorder lost, so that every error path runs."""

MS_NS: Final = 1_000_000


def cases() -> list[Case]:
    """One case: 300,000 frames of eight interleaved identifiers, one in 100 lost."""
    columns = [_stream(number) for number in range(STREAMS)]
    count = sum(len(frames) for frames in columns)
    whole = sum(len(reassemble(frames)) for frames in columns)
    packets, messages = _for_peers(columns, FRAMES // 20)
    return [
        Case(
            case=f"ISO-TP, {count:,} frames, {STREAMS} ids, 1 % lost, {whole:,} whole",
            unit="frames/s",
            better="higher",
            ours=timed(lambda: [reassemble(frames) for frames in columns], count),
            peers={
                "scapy": timed(lambda: _scapy(packets), len(packets)),
                "can-isotp": timed(lambda: _can_isotp(messages), len(messages)),
            },
            limit_ratio={"scapy": 20},
        )
    ]


def _stream(number: int) -> Frames:
    """Messages of 1 to 400 bytes on one identifier, with losses."""
    random = np.random.default_rng([SEED, number])
    rows: list[tuple[int, int, int, bytes]] = []
    t_ns = number
    while len(rows) < FRAMES // STREAMS:
        payload = random.bytes(int(random.integers(1, 400)))
        for data in _sent(payload):
            t_ns += MS_NS
            rows.append((t_ns, 0x700 + number, 0, data))
    kept = random.random(len(rows)) >= TORN_SHARE
    return Frames.of(rows).take(kept)


def _sent(payload: bytes) -> Iterator[bytes]:
    if len(payload) < 8:
        yield (bytes([len(payload)]) + payload).ljust(8, b"\xcc")
        return
    yield bytes([0x10 | len(payload) >> 8, len(payload) & 0xFF]) + payload[:6]
    for index, begin in enumerate(range(6, len(payload), 7)):
        chunk = payload[begin : begin + 7]
        yield (bytes([0x20 | (index + 1) % 16]) + chunk).ljust(8, b"\xcc")


def _for_peers(columns: list[Frames], share: int) -> tuple[list[Any], list[Any]]:
    """The first frames of every stream as each peer's own objects, built untimed."""
    import isotp
    from scapy.contrib.automotive import log_automotive
    from scapy.layers.can import CAN

    log_automotive.setLevel("ERROR")
    logging.getLogger("isotp").setLevel("CRITICAL")
    rows = [
        (int(can_id), data.tobytes())
        for frames in columns
        for can_id, data in zip(
            frames.ids[: share // STREAMS], frames.data[: share // STREAMS], strict=True
        )
    ]
    packets = [CAN(identifier=can_id, data=data) for can_id, data in rows]
    messages = [isotp.CanMessage(can_id, data=data) for can_id, data in rows]
    return packets, messages


def _scapy(packets: list[Any]) -> int:
    from scapy.contrib.isotp import ISOTPMessageBuilder

    builder = ISOTPMessageBuilder()
    builder.feed(packets)
    return len(builder)


def _can_isotp(messages: list[Any]) -> int:
    by_id: dict[int, list[Any]] = {}
    for message in messages:
        by_id.setdefault(message.arbitration_id, []).append(message)
    return sum(_listened(can_id, pending) for can_id, pending in by_id.items())


def _listened(can_id: int, messages: list[Any]) -> int:
    import isotp

    waiting = list(reversed(messages))
    received = 0
    layer = isotp.TransportLayerLogic(
        rxfn=lambda _timeout: waiting.pop() if waiting else None,
        txfn=lambda _message: None,
        address=isotp.Address(txid=0x7FF, rxid=can_id),
        params={"listen_mode": True, "blocking_send": False},
    )
    while waiting:
        layer.process()
        while layer.recv() is not None:
            received += 1
    return received
