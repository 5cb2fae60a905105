"""What a segment says about itself in its first metadata record."""

import json
from dataclasses import asdict, dataclass
from typing import Final

from examrunner.archive.layout import FORMAT, PROFILE
from examrunner.archive.mcap_texts import read_map, read_text
from examrunner.model.digests import canonical_json
from examrunner.model.recording import Header

LARGEST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a segment says about itself at its beginning.

    Attributes:
        segment: Its number, from 1.
        flush: Number of its first flush.
        previous: Digest of the flush before that.
        header: The recording's header.
        channels: Names of the CAN channels.
        cameras: Names of the cameras.
    """

    segment: int
    flush: int
    previous: str
    header: Header
    channels: tuple[str, ...]
    cameras: tuple[str, ...]

    def texts(self) -> dict[str, str]:
        """The strings of the metadata record."""
        streams = {"can": self.channels, "cameras": self.cameras}
        return {
            "format": FORMAT,
            "segment": str(self.segment),
            "flush": str(self.flush),
            "previous": self.previous,
            "header": canonical_json(asdict(self.header)).decode(),
            "streams": canonical_json(streams).decode(),
        }


def read_origin(body: memoryview) -> Origin:
    """The description in the body of a metadata record.

    Raises:
        ValueError: If it is something else.
        KeyError: If something is missing.
        TypeError: If something is of another kind.
    """
    if len(body) > LARGEST_BYTES:
        raise ValueError("the segment's description is too long")
    name, at = read_text(body, 0)
    values = read_map(body, at)
    if name != PROFILE or values.get("format") != FORMAT:
        raise ValueError(f"this is no segment of the format {FORMAT}")
    streams = json.loads(values["streams"])
    return Origin(
        segment=int(values["segment"]),
        flush=int(values["flush"]),
        previous=values["previous"],
        header=_header(json.loads(values["header"])),
        channels=_names(streams["can"]),
        cameras=_names(streams["cameras"]),
    )


def _header(values: dict[str, object]) -> Header:
    software = values["software"]
    texts = [value for key, value in values.items() if key != "software"]
    if not isinstance(software, dict):
        raise TypeError("the header names no software")
    if not all(isinstance(value, str) for value in (*texts, *software.values())):
        raise TypeError("the header holds something other than text")
    return Header(**values)  # type: ignore[arg-type]  # checked just above


def _names(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise TypeError("the names of the streams are not texts")
    return tuple(values)
