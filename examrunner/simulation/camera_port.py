"""A camera behind a socket: one picture for each request."""

import asyncio
from collections.abc import Callable

from examrunner.simulation.json_lines import line_of, read_line
from examrunner.simulation.pictures import Lens, shoot


class CameraPort:
    """Takes pictures when it is asked.

    Args:
        lens: The camera.
        now_ns: Rig time.
    """

    def __init__(self, lens: Lens, now_ns: Callable[[], int]) -> None:
        self._lens = lens
        self._now_ns = now_ns

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Look after one connection until it ends."""
        try:
            while (request := await read_line(reader)) is not None:
                if request.get("op") not in {"still", "thumbnail"}:
                    writer.write(line_of({"error": "op is still or thumbnail"}))
                    continue
                shot = shoot(self._lens, self._now_ns(), str(request["op"]))
                head = {
                    "t_ns": shot.t_ns,
                    "media_type": shot.media_type,
                    "bytes": len(shot.data),
                }
                writer.write(line_of(head) + shot.data)
                await writer.drain()
        except (ConnectionError, TypeError, ValueError):
            pass
        finally:
            writer.close()
