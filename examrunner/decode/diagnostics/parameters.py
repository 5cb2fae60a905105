"""What positive responses say, service by service (ISO 14229-1:2020)."""

from collections.abc import Callable, Mapping
from typing import Final

from examrunner.decode.diagnostics.reading import Cursor, MalformedError

Parameters = Mapping[str, object]
"""Names of the standard in snake_case to int, bytes, seconds or None."""


def read_parameters(service: int, data: bytes) -> Parameters:
    """What follows the response byte of a positive response.

    Identifiers and trouble codes have readers of their own: ``read_identifiers`` and
    ``dtc_reports.read_dtc_report``.

    Raises:
        MalformedError: If the bytes contradict the service, or no layout is known.
    """
    reader = _READERS.get(service)
    if reader is None:
        raise MalformedError(f"service 0x{service:02X} has no layout here")
    return reader(Cursor(data))


def read_identifiers(
    data: bytes, sizes: Mapping[int, int | None], *, zero_padding: bool = True
) -> dict[int, bytes]:
    """Values of a ReadDataByIdentifier response by identifier.

    Args:
        data: What follows the response byte 0x62.
        sizes: Data length of each identifier; None: all that is left.
        zero_padding: Whether trailing zeros may be padding.

    Raises:
        MalformedError: If an identifier is unknown or its value incomplete.
    """
    cursor = Cursor(data, zero_padding=zero_padding)
    found: dict[int, bytes] = {}
    while cursor.left and (0 in sizes or cursor.has_more()):
        did = cursor.number(2, "an identifier")
        if did not in sizes:
            raise MalformedError(f"the length of identifier 0x{did:04X} is unknown")
        size = sizes[did]
        found[did] = cursor.take(
            cursor.left if size is None else size, f"the value of 0x{did:04X}"
        )
    return found


def _session(cursor: Cursor) -> Parameters:
    session = cursor.byte("the session")
    timing = cursor.take(4, "the session timing")
    return {
        "session": session,
        "p2_server_max_s": int.from_bytes(timing[:2], "big") / 1000,
        "p2_star_server_max_s": int.from_bytes(timing[2:], "big") / 100,
    }


def _echo(name: str) -> Callable[[Cursor], Parameters]:
    return lambda cursor: {name: cursor.byte(name)}


def _security(cursor: Cursor) -> Parameters:
    level = cursor.byte("the level")
    return {"level": level, "seed": cursor.rest() if level % 2 else None}


def _routine(cursor: Cursor) -> Parameters:
    return {
        "control_type": cursor.byte("the control type"),
        "routine": cursor.number(2, "the routine"),
        "status": cursor.rest(),
    }


def _timing(cursor: Cursor) -> Parameters:
    return {"access_type": cursor.byte("the access type"), "timing": cursor.rest()}


def _defined(cursor: Cursor) -> Parameters:
    kind = cursor.byte("the sub-function")
    did = cursor.number(2, "the identifier") if cursor.left else None
    return {"definition_type": kind, "did": did}


def _transfer(cursor: Cursor) -> Parameters:
    return {"sequence": cursor.byte("the block counter"), "parameters": cursor.rest()}


def _transfer_exit(cursor: Cursor) -> Parameters:
    return {"parameters": cursor.rest()}


def _block_length(cursor: Cursor) -> Parameters:
    size = cursor.byte("the length format") >> 4
    return {"max_block_bytes": cursor.number(size, "the block length")}


def _written(cursor: Cursor) -> Parameters:
    return {"did": cursor.number(2, "the identifier")}


def _written_memory(cursor: Cursor) -> Parameters:
    format_ = cursor.byte("the address format")
    return {
        "address": cursor.number(format_ & 0xF, "the address"),
        "memory_bytes": cursor.number(format_ >> 4, "the size"),
    }


def _file_transfer(cursor: Cursor) -> Parameters:
    mode = cursor.byte("the mode of operation")
    found: dict[str, object] = {"mode": mode}
    if mode != _DELETE_FILE:
        size = cursor.byte("the length of the block length")
        found["max_block_bytes"] = cursor.number(size, "the block length")
        if not found["max_block_bytes"]:
            raise MalformedError("a block length of 0 bytes is impossible")
        found["data_format"] = cursor.byte("the data format")
    if mode == _READ_DIRECTORY and found["data_format"]:
        raise MalformedError("a directory is read without compression or encryption")
    if mode in {_READ_FILE, _READ_DIRECTORY}:
        size = cursor.number(2, "the length of the size")
        found["uncompressed_bytes"] = cursor.number(size, "the size")
        if mode == _READ_FILE:
            found["compressed_bytes"] = cursor.number(size, "the compressed size")
    if cursor.has_more():
        raise MalformedError("bytes follow that mean nothing")
    return found


_DELETE_FILE, _READ_FILE, _READ_DIRECTORY = 2, 4, 5

_READERS: Final[Mapping[int, Callable[[Cursor], Parameters]]] = {
    0x10: _session,
    0x11: _echo("reset_type"),
    0x27: _security,
    0x28: _echo("control_type"),
    0x2C: _defined,
    0x2E: _written,
    0x31: _routine,
    0x34: _block_length,
    0x35: _block_length,
    0x36: _transfer,
    0x37: _transfer_exit,
    0x38: _file_transfer,
    0x3D: _written_memory,
    0x3E: _echo("subfunction"),
    0x83: _timing,
    0x85: _echo("setting_type"),
    0x87: _echo("link_control_type"),
}
