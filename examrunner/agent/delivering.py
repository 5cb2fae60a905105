"""A closed recording becomes a result and a packed file in the outbox."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.archive.pack import pack
from examrunner.archive.reading import open_recording
from examrunner.archive.recover import recover
from examrunner.delivery.outbox import Delivery, Outbox
from examrunner.model.errors import RecordingError
from examrunner.scoring.software import deciding_software
from examrunner.wire import RESULT_LIMIT_BYTES, Lease, ProvisionalResult, ScoreMessage

Judge = Callable[[Path], ScoreMessage | None]


def close_if_torn(files: AttemptFiles, key: Ed25519PrivateKey) -> None:
    """Closes a recording that was cut off, as ``POWER_LOST``.

    Raises:
        RecordingError: If nothing of it can be used.
    """
    if open_recording(files.recording).ending is None:
        recover(files.recording, key=key, software=deciding_software())


def hand_over(files: AttemptFiles, lease: Lease, judge: Judge, outbox: Outbox) -> None:
    """Scores and packs a closed recording and puts it into the outbox.

    Raises:
        RecordingError: If the recording does not verify or the disk refuses.
    """
    recording = open_recording(files.recording)
    progress = files.progress()
    is_judged = has_begun(files) and not progress.is_void
    score = judge(files.recording) if is_judged else None
    if not files.packed.exists():
        pack(files.recording, files.packed, files.reserve)
    result = ProvisionalResult(
        token=lease.token,
        recording=recording.digest,
        packed=files.sha256(),
        packed_bytes=files.packed.stat().st_size,
        ending=str(recording.ending),
        outcome=progress.outcome or "",
        is_void=progress.is_void,
        reason=recording.reason[:200],
        duration_s=recording.duration_ns / 1e9,
        score=score,
    )
    outbox.add(
        Delivery(
            attempt_id=str(lease.attempt_id),
            token=lease.token,
            result=_within_limit(result).model_dump_json().encode(),
            packed=files.packed,
            sha256=result.packed,
        )
    )


def is_closed(files: AttemptFiles) -> bool:
    """Whether there is a recording that nothing more is added to."""
    with suppress(RecordingError):
        return open_recording(files.recording).ending is not None
    return False


def has_recording(files: AttemptFiles) -> bool:
    """Whether anything was recorded that can be used."""
    with suppress(RecordingError):
        return open_recording(files.recording).duration_ns >= 0
    return False


def has_begun(files: AttemptFiles) -> bool:
    """Whether the candidate has begun; an attempt before that can be repeated."""
    if not has_recording(files):
        return False
    operations = open_recording(files.recording).events("ops")
    return any(event.body.get("op") == "start" for event in operations)


def _within_limit(result: ProvisionalResult) -> ProvisionalResult:
    """The result, without its criteria if it would be too large to be taken."""
    if result.score is None:
        return result
    if len(result.model_dump_json().encode()) <= RESULT_LIMIT_BYTES:
        return result
    brief = [
        line.model_copy(update={"evidence": [], "machine": None})
        for line in result.score.criteria
    ]
    score = result.score.model_copy(update={"criteria": brief, "flags": []})
    return result.model_copy(update={"score": score})
