"""Strings and maps of strings as MCAP records hold them, read without trust."""

import struct


def read_text(body: memoryview, at: int) -> tuple[str, int]:
    """A string with its length in front, and where the bytes after it begin.

    Raises:
        ValueError: If it is longer than the body or no UTF-8.
    """
    (length,) = struct.unpack_from("<I", body, at)
    start = at + 4
    if start + length > len(body):
        raise ValueError("a text is longer than its record")
    return str(body[start : start + length], "utf-8"), start + length


def read_map(body: memoryview, at: int) -> dict[str, str]:
    """A map of strings with its length in front, up to the end of the body.

    Raises:
        ValueError: If it does not end where the body ends.
    """
    (length,) = struct.unpack_from("<I", body, at)
    at += 4
    if at + length != len(body):
        raise ValueError("a map is not as long as its record says")
    values = {}
    while at < len(body):
        key, at = read_text(body, at)
        values[key], at = read_text(body, at)
    return values
