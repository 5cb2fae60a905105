"""Where writing goes on in a folder that may already hold a recording."""

from dataclasses import dataclass
from pathlib import Path

from examrunner.archive.durable import make_durable, sync_folder
from examrunner.archive.evidence import evidence_at
from examrunner.archive.layout import (
    EVENTS,
    MANIFEST,
    NO_DIGEST,
    SEGMENT,
    segment_paths,
)
from examrunner.archive.origin import Origin
from examrunner.archive.segments import Chain, chain_of
from examrunner.model.errors import RecordingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuation:
    """The state that a new segment continues.

    Attributes:
        segment: Number of the new segment.
        flush: Number of its first flush.
        digest: Of the flush before.
        events: Events so far.
        last_ns: Recording time of the last whole flush.
    """

    segment: int = 1
    flush: int = 0
    digest: str
    events: int = 0
    last_ns: int = 0


def continuation(folder: Path, origin: Origin) -> Continuation:
    """Makes the folder, or finds the end of the unclosed recording in it.

    Raises:
        RecordingError: If it holds a closed recording, or one of another attempt or
            of other streams.
        OSError: If the disk refuses.
    """
    if (folder / MANIFEST).exists():
        raise _taken("the recording is closed; nothing can be added to it.", folder)
    if not folder.exists():
        folder.mkdir(parents=True)
        sync_folder(folder.parent)
    paths = segment_paths(folder)
    if not paths:
        return Continuation(digest=NO_DIGEST)
    make_durable(paths[-1])
    chain = chain_of(evidence_at(folder).segments)
    _same_attempt(chain, origin, folder)
    last = SEGMENT.fullmatch(paths[-1].name)
    return Continuation(
        segment=int(last[1]) + 1 if last else 1,
        flush=chain.flushes,
        digest=chain.chain,
        events=chain.count(EVENTS),
        last_ns=chain.last_ns,
    )


def _same_attempt(chain: Chain, origin: Origin, folder: Path) -> None:
    found = chain.origin
    if found is None:
        return
    if found.header.attempt_id != origin.header.attempt_id:
        raise _taken(
            f"the folder holds attempt {found.header.attempt_id!r}, "
            f"not {origin.header.attempt_id!r}.",
            folder,
        )
    if (found.channels, found.cameras) != (origin.channels, origin.cameras):
        raise _taken(
            f"the recording was opened with channels {found.channels} and cameras "
            f"{found.cameras}, not {origin.channels} and {origin.cameras}.",
            folder,
        )


def _taken(problem: str, folder: Path) -> RecordingError:
    return RecordingError(
        problem, where=str(folder), remedy="Record into a folder of its own."
    )
