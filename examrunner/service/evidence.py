"""Whether a delivered recording is what the lease asked for. Runs in the reader."""

from dataclasses import dataclass
from pathlib import Path

from examrunner.archive.reading import open_recording
from examrunner.model.errors import RecordingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a recording of an attempt has to carry.

    Attributes:
        public_keys: Of the station whose recording it is, hexadecimal.
        packed: SHA-256 that is stored already; empty if none is.
    """

    attempt_id: str
    station: str
    candidate: str
    task: str
    nonce: str
    public_keys: frozenset[str]
    packed: str


def verify(path: Path, expected: Expected) -> str:
    """Check every byte, the signature and the nonce; the recording's digest.

    Raises:
        RecordingError: If it is damaged, not signed by the station's enrolled key,
            or was made for another attempt.
    """
    recording = open_recording(path)
    signed = recording.signed
    if signed is None or signed.public_key is None:
        raise _forged("it is not closed and signed.", expected)
    if signed.public_key.hex() not in expected.public_keys:
        raise _forged(f"{expected.station} did not sign it with its key.", expected)
    header = recording.header
    told = (header.nonce, header.attempt_id, header.candidate, header.task)
    asked = (expected.nonce, expected.attempt_id, expected.candidate, expected.task)
    if told != asked:
        raise _forged(
            f"it was made for attempt {header.attempt_id or 'none'} "
            f"({header.candidate}, {header.task}), with another challenge.",
            expected,
        )
    # Reads everything: the chain over all flushes has to be what was signed.
    _ = recording.chain
    return recording.digest


def _forged(problem: str, expected: Expected) -> RecordingError:
    return RecordingError(
        f"the recording is refused: {problem}",
        where=f"attempt {expected.attempt_id}",
        remedy="It is kept aside. Ask the station's technician and the examiner.",
    )
