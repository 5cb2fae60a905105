"""Reading a recording: closed or not, in a folder or packed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import overload

import numpy as np

from examrunner.archive.arrow_frames import batch_columns, batch_rows
from examrunner.archive.attachment import read_attachment
from examrunner.archive.evidence import Evidence, evidence_at
from examrunner.archive.layout import CAMERA, CAN, EVENTS, MANIFEST, unusable
from examrunner.archive.manifest import Manifest, SignedManifest, read_manifest
from examrunner.archive.origin import Origin
from examrunner.archive.picture_message import picture_of
from examrunner.archive.segments import Chain, chain_of
from examrunner.model.errors import RecordingError
from examrunner.model.frames import Frames
from examrunner.model.recording import EVENT_STREAMS, Ending, Event, Header, Picture


def open_recording(path: Path) -> "Recording":
    """The recording at ``path``, a folder or a packed file.

    Bytes are read and checked against the chain when they are first asked for. An
    unclosed recording is read up to its last whole flush.

    Raises:
        RecordingError: If there is none, or its manifest is damaged or forged.
    """
    evidence = evidence_at(path)
    if evidence.manifest is None:
        return Recording(evidence, None)
    signed = read_manifest(evidence.manifest, path / MANIFEST)
    if not signed.is_genuine:
        raise unusable("the manifest's signature does not fit its content.", path)
    return Recording(evidence, signed)


class Recording:
    """One recording, read only.

    Args:
        evidence: Its files.
        signed: Its manifest; None when it is not closed.
    """

    def __init__(self, evidence: Evidence, signed: SignedManifest | None) -> None:
        self._evidence = evidence
        self.signed = signed

    @property
    def path(self) -> Path:
        """Folder or packed file."""
        return self._evidence.path

    @property
    def header(self) -> Header:
        """What was known when it was opened."""
        return self.signed.manifest.header if self.signed else self._described().header

    @property
    def ending(self) -> Ending | None:
        """Why it stopped; None when it was never closed."""
        return self.signed.manifest.ending if self.signed else None

    @property
    def reason(self) -> str:
        """Why it stopped, as a sentence; empty when it was never closed."""
        return self.signed.manifest.reason if self.signed else ""

    @property
    def digest(self) -> str:
        """SHA-256 that names this recording and nothing else.

        Of the signed part of the manifest; of the last whole flush while unclosed.
        """
        return self.signed.digest if self.signed else self.chain.chain

    @property
    def duration_ns(self) -> int:
        """Recording time of the close, or of the last whole flush."""
        return self.signed.manifest.duration_ns if self.signed else self.chain.last_ns

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the CAN channels."""
        if self.signed:
            return self.signed.manifest.channels
        return self._described().channels

    @property
    def cameras(self) -> tuple[str, ...]:
        """Names of the cameras."""
        if self.signed:
            return self.signed.manifest.cameras
        return self._described().cameras

    @cached_property
    def chain(self) -> Chain:
        """Where everything lies; reads and checks every byte.

        Raises:
            RecordingError: If a closed recording is not what was signed.
        """
        if self.signed is not None:
            self._compare_sizes(self.signed.manifest)
        chain = chain_of(self._evidence.segments)
        if self.signed is not None:
            signed = self.signed.manifest
            if (chain.flushes, chain.chain) != (signed.flushes, signed.chain):
                raise unusable(
                    f"only {chain.flushes} of {signed.flushes} flushes are as they "
                    "were recorded.",
                    self.path,
                )
        return chain

    def frames(self, channel: str) -> Frames:
        """All frames of a CAN channel, in the order in which they were received.

        Raises:
            RecordingError: If the recording has no such channel or is damaged.
        """
        if channel not in self.channels:
            raise self._lacks("CAN channel", channel, self.channels)
        batches = [
            (segment.view[message.start : message.end], message.width)
            for segment, message in self.chain.messages(CAN + channel)
        ]
        try:
            rows = [batch_rows(view, width) for view, width in batches]
        except ValueError as damage:
            raise unusable(f"{damage}.", self.path) from None
        joined = _room(sum(rows), max((width for _, width in batches), default=8))
        at = 0
        for (view, width), count in zip(batches, rows, strict=True):
            part, to = batch_columns(view, count, width), slice(at, at + count)
            joined.t_ns[to], joined.ids[to] = part.t_ns, part.ids
            joined.flags[to], joined.length[to] = part.flags, part.length
            joined.data[to, :width] = part.data
            at += count
        return joined

    def pictures(self, camera: str) -> Sequence[Picture]:
        """All pictures of a camera; each is read when it is asked for.

        Raises:
            RecordingError: If the recording has no such camera or is damaged.
        """
        if camera not in self.cameras:
            raise self._lacks("camera", camera, self.cameras)
        return Pictures(
            path=self.path,
            views=tuple(
                segment.view[message.start : message.end]
                for segment, message in self.chain.messages(CAMERA + camera)
            ),
        )

    def events(self, stream: str | None = None) -> tuple[Event, ...]:
        """The events of a stream, or of all of them, by number.

        Raises:
            RecordingError: If the recording is damaged.
        """
        return tuple(e for e in self._events if stream is None or e.stream == stream)

    def attachments(self) -> Mapping[str, bytes]:
        """The files that were put into the recording, by name; the last one wins.

        Raises:
            RecordingError: If the recording is damaged.
        """
        try:
            return MappingProxyType(
                dict(
                    read_attachment(segment.view[start:end])
                    for segment in self.chain.segments
                    for start, end in segment.scan.attachments
                )
            )
        except ValueError as damage:
            raise unusable(f"{damage}.", self.path) from None

    @cached_property
    def _events(self) -> tuple[Event, ...]:
        try:
            found = [
                _event(stream, segment.view[message.start : message.end])
                for stream in EVENT_STREAMS
                for segment, message in self.chain.messages(EVENTS + stream)
            ]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise unusable("an event is malformed.", self.path) from None
        return tuple(sorted(found, key=lambda event: event.number))

    def _compare_sizes(self, manifest: Manifest) -> None:
        signed = {entry.name: entry.bytes for entry in manifest.segments}
        found = {name: len(view) for name, view in self._evidence.segments.items()}
        if found != signed:
            names = [name for name, _ in sorted(found.items() ^ signed.items())]
            raise unusable(f"{names[0]} is not as it was recorded.", self.path)

    def _described(self) -> Origin:
        if self.chain.origin is None:
            raise unusable("there is no whole flush in this recording.", self.path)
        return self.chain.origin

    def _lacks(self, what: str, name: str, there: Sequence[str]) -> RecordingError:
        return RecordingError(
            f"the recording has no {what} {name!r}.",
            where=str(self.path),
            remedy=f"Use one of: {', '.join(there) or 'none'}.",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pictures(Sequence[Picture]):
    """The pictures of a camera, in the order in which they were taken.

    Attributes:
        path: The recording, for messages.
        views: Their bytes.
    """

    path: Path
    views: Sequence[memoryview]

    def __len__(self) -> int:
        return len(self.views)

    @overload
    def __getitem__(self, index: int) -> Picture: ...

    @overload
    def __getitem__(self, index: slice) -> "Pictures": ...

    def __getitem__(self, index: int | slice) -> "Picture | Pictures":
        if isinstance(index, slice):
            return Pictures(path=self.path, views=self.views[index])
        try:
            return picture_of(self.views[index])
        except ValueError as damage:
            raise unusable(f"{damage}.", self.path) from None


def _room(rows: int, width: int) -> Frames:
    return Frames(
        t_ns=np.empty(rows, np.int64),
        ids=np.empty(rows, np.uint32),
        flags=np.empty(rows, np.uint8),
        length=np.empty(rows, np.uint8),
        data=np.zeros((rows, width), np.uint8),
    )


def _event(stream: str, message: memoryview) -> Event:
    entry = json.loads(bytes(message))
    if not isinstance(entry["body"], dict):
        raise TypeError
    return Event(
        t_ns=int(entry["t_ns"]),
        stream=stream,
        number=int(entry["number"]),
        body=entry["body"],
    )
