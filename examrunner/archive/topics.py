"""The topics of a recording: one for each CAN channel, camera and event stream."""

from functools import cache
from typing import Final

from examrunner.archive import picture_message
from examrunner.archive.arrow_frames import schema_message
from examrunner.archive.layout import CAMERA, CAN, EVENTS
from examrunner.archive.segment_file import Topic

_EVENT_SCHEMA: Final = (
    b'{"type":"object","properties":{"t_ns":{"type":"integer"},'
    b'"number":{"type":"integer"},"body":{"type":"object"}}}'
)


@cache
def can_topic(channel: str, width: int) -> Topic:
    """Frames of a CAN channel whose payload columns are ``width`` bytes wide."""
    return Topic(
        name=CAN + channel,
        encoding="arrow",
        schema_name=f"examrunner.Frames{width}",
        schema_encoding="arrow",
        schema=schema_message(width),
        metadata=(("width", str(width)),),
    )


@cache
def camera_topic(camera: str) -> Topic:
    """Pictures of one camera."""
    return Topic(
        name=CAMERA + camera,
        encoding="protobuf",
        schema_name=picture_message.SCHEMA_NAME,
        schema_encoding="protobuf",
        schema=picture_message.schema(),
    )


@cache
def event_topic(stream: str) -> Topic:
    """Events of one stream."""
    return Topic(
        name=EVENTS + stream,
        encoding="json",
        schema_name="examrunner.Event",
        schema_encoding="jsonschema",
        schema=_EVENT_SCHEMA,
    )
