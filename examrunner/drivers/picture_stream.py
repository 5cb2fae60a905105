"""A camera behind a socket: one JSON line each way, then the picture's bytes."""

from typing import Final

from examrunner.drivers.json_lines import JsonLines
from examrunner.drivers.links import Shot
from examrunner.model.errors import RigError

LARGEST_PICTURE_BYTES: Final = 64 << 20
ANSWER_S: Final = 10.0


class PictureStream:
    """Asks for each picture; this is how simulated rigs offer theirs.

    Args:
        address: ``host:port``.
        name: Camera name, for error messages.
    """

    def __init__(self, *, address: str, name: str = "camera") -> None:
        self._where = f"{name} at {address}"
        self._lines = JsonLines(address, peer=name)

    def still(self) -> Shot:
        return self._ask("still")

    def thumbnail(self) -> Shot:
        return self._ask("thumbnail")

    def close(self) -> None:
        self._lines.close()

    def _ask(self, op: str) -> Shot:
        self._lines.write({"op": op})
        head = self._lines.read(timeout_s=ANSWER_S)
        size = head.get("bytes") if head else None
        if not isinstance(size, int) or not 0 < size <= LARGEST_PICTURE_BYTES:
            raise RigError(
                "the camera delivers no picture.",
                where=self._where,
                remedy="Restart the camera; then capture again.",
            )
        head = head or {}
        return Shot(
            t_ns=int(head["t_ns"]) if "t_ns" in head else None,
            media_type=str(head.get("media_type", "image/png")),
            data=self._lines.read_bytes(size, timeout_s=ANSWER_S),
        )
