"""JSON lines over a stream, with a limit on what a line may be."""

import asyncio
import json
from typing import Any, Final

LONGEST_LINE: Final = 1 << 20


async def read_line(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    """The next object; None at the end.

    Raises:
        ValueError: If the line is no JSON or too long.
        TypeError: If it is no object.
    """
    line = await reader.readline()
    if not line:
        return None
    found = json.loads(line)
    if not isinstance(found, dict):
        raise TypeError("a line holds one JSON object")
    return found


def line_of(value: object) -> bytes:
    """One value as a line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
