"""Writing a recording: what a call was given is on the disk when it returns."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.archive.arrow_frames import batch_message
from examrunner.archive.closing import close_recording
from examrunner.archive.durable import disk_of
from examrunner.archive.layout import (
    LARGEST_MESSAGE_ROWS,
    MOST_FLUSHES,
    NO_DIGEST,
    SEGMENT_BYTES,
)
from examrunner.archive.origin import Origin
from examrunner.archive.picture_message import picture_message
from examrunner.archive.reserve import Reserve, relieved
from examrunner.archive.resuming import continuation
from examrunner.archive.segment_file import SegmentFile
from examrunner.archive.topics import camera_topic, can_topic, event_topic
from examrunner.model.digests import canonical_json
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import EVENT_STREAMS, Ending, Event, Header, Picture


class RecordingWriter:
    """An open recording. Any number of threads may write at once.

    In a folder that already holds an unclosed recording of the same attempt, writing
    goes on in a new segment after its last whole flush.

    Args:
        folder: The recording; made if it is not there.
        header: What is known now.
        channels: Names of the CAN channels.
        cameras: Names of the cameras.
        key: The station's key; None leaves the recording unsigned.
        sync: False leaves durability to the operating system until the close; for
            imports and simulations, which can be repeated.
        segment_bytes: A segment of this size is followed by a new one.
        reserve: Room that is used up when the disk is full; None without.

    Raises:
        RecordingError: If the folder holds a closed recording or another attempt, or
            the disk refuses.
    """

    def __init__(
        self,
        folder: Path,
        header: Header,
        *,
        channels: Sequence[str],
        cameras: Sequence[str],
        key: Ed25519PrivateKey | None = None,
        sync: bool = True,
        segment_bytes: int = SEGMENT_BYTES,
        reserve: Reserve | None = None,
    ) -> None:
        self._reserve = reserve
        self._folder = folder
        self._key = key
        self._sync = sync
        self._segment_bytes = segment_bytes
        self._lock = threading.Lock()
        self._origin = Origin(
            segment=1,
            flush=0,
            previous=NO_DIGEST,
            header=header,
            channels=tuple(channels),
            cameras=tuple(cameras),
        )
        self._segment: SegmentFile | None = None
        with disk_of(folder):
            start = continuation(folder, self._origin)
            self._events = start.events
            self._origin = replace(
                self._origin,
                segment=start.segment,
                flush=start.flush,
                previous=start.digest,
            )
            self._segment = self._new_segment()

    def frames(self, channel: str, frames: Frames) -> None:
        """Appends frames of one CAN channel.

        Raises:
            ValueError: If the recording has no such channel.
            RecordingError: If the disk refuses.
        """
        if channel not in self._origin.channels:
            raise ValueError(
                f"{channel!r} is none of the channels {self._origin.channels}"
            )
        for start in range(0, len(frames), LARGEST_MESSAGE_ROWS):
            part = frames.take(slice(start, start + LARGEST_MESSAGE_ROWS))
            message = batch_message(part)
            topic = can_topic(channel, part.data.shape[1])
            with self._lock, self._flush() as segment:
                segment.message(topic, start, int(part.t_ns[-1]), message)

    def picture(self, picture: Picture) -> None:
        """Appends one picture.

        Raises:
            ValueError: If the recording has no such camera.
            RecordingError: If the disk refuses.
        """
        if picture.stream not in self._origin.cameras:
            raise ValueError(
                f"{picture.stream!r} is none of the cameras {self._origin.cameras}"
            )
        message = picture_message(picture)
        topic = camera_topic(picture.stream)
        with self._lock, self._flush() as segment:
            segment.message(topic, 0, picture.t_ns, message)

    def event(self, t_ns: int, stream: str, body: Mapping[str, object]) -> Event:
        """Appends one event and returns it with its number.

        Raises:
            ValueError: If there is no such stream or the body is not JSON.
            RecordingError: If the disk refuses.
        """
        if stream not in EVENT_STREAMS:
            raise ValueError(f"{stream!r} is none of the streams {EVENT_STREAMS}")
        text = canonical_json(dict(body))
        with self._lock, self._flush() as segment:
            number = self._events
            data = b'{"t_ns":%d,"number":%d,"body":%s}' % (t_ns, number, text)
            segment.message(event_topic(stream), number, t_ns, data)
            self._events += 1
        return Event(t_ns=t_ns, stream=stream, number=number, body=json.loads(text))

    def attach(self, name: str, media_type: str, data: bytes) -> None:
        """Puts a file into the recording, as it is at this moment.

        Raises:
            RecordingError: If the disk refuses.
        """
        with self._lock, self._flush() as segment:
            segment.attachment(name, media_type, data)

    def close(self, ending: Ending, reason: str, t_ns: int) -> str:
        """Closes and signs the recording; returns its digest.

        Args:
            ending: Why it stopped.
            reason: The same as a sentence.
            t_ns: Recording time of the close.

        Raises:
            RecordingError: If the disk refuses or something has changed the files.
        """
        with self._lock, disk_of(self._folder):
            segment = self._opened()
            self._segment = None
            try:
                segment.finish()
            finally:
                segment.release()
            closing = partial(
                close_recording,
                self._folder,
                ending=ending,
                reason=reason,
                duration_ns=t_ns,
                key=self._key,
                software=self._origin.header.software,
                written=(segment.flush_number, segment.digest),
            )
            if self._reserve is None:
                return closing().digest
            return relieved(self._reserve, closing).digest

    def abandon(self) -> None:
        """Lets go of the files as a crash would; the recording stays unclosed."""
        with self._lock:
            if self._segment is not None:
                self._segment.release()
            self._segment = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()

    @contextmanager
    def _flush(self) -> Iterator[SegmentFile]:
        """The segment to add to; what was added is durable after the block."""
        segment = self._opened()
        if segment.flush_number >= MOST_FLUSHES:
            raise RecordingError(
                f"the recording holds {MOST_FLUSHES} flushes, the most it can.",
                where=str(self._folder),
                remedy="Close it, and write in larger pieces.",
            )
        # Until the flush is whole the file may be torn, and a torn file is never
        # appended to: after a failure this writer has no segment.
        self._segment = None
        try:
            with disk_of(self._folder):
                if segment.size >= self._segment_bytes:
                    segment = self._following(segment)
                yield segment
                segment.flush()
        except BaseException:
            segment.release()
            raise
        self._segment = segment

    def _opened(self) -> SegmentFile:
        if self._segment is None:
            raise RecordingError(
                "the recording is not open any more.",
                where=str(self._folder),
                remedy="Open it again: writing goes on in a new segment.",
            )
        return self._segment

    def _following(self, full: SegmentFile) -> SegmentFile:
        full.finish()
        self._origin = replace(
            self._origin,
            segment=self._origin.segment + 1,
            flush=full.flush_number,
            previous=full.digest,
        )
        return self._new_segment()

    def _new_segment(self) -> SegmentFile:
        return SegmentFile(
            self._folder, self._origin, sync=self._sync, reserve=self._reserve
        )
