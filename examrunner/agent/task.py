"""What an attempt is about, put together from its lease and the content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from examrunner.model.recording import Picture
from examrunner.model.station import Rig
from examrunner.wire import ScoreMessage

Attachments = Mapping[str, tuple[str, bytes]]
"""Media type and content by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task at one rig.

    Attributes:
        rig: The rig.
        inject: Fault-box commands of the variant.
        limit_s: Time limit in exam time.
        post_s: Longest time for own reads after the stop.
        attachments: Files that go into the recording.
        look: Looks at a picture before the score is asked for.
        judge: Scores a recording; None if that failed.
    """

    rig: Rig
    inject: Sequence[Mapping[str, object]]
    limit_s: float
    post_s: float
    attachments: Attachments
    look: Callable[[Picture], None]
    judge: Callable[[Path], ScoreMessage | None]
