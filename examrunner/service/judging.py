"""Judging a stored recording; runs in the judging process."""

from pathlib import Path
from typing import Any

from examrunner.content.search import SearchPath
from examrunner.model.digests import digest_of
from examrunner.scoring import judge
from examrunner.scoring.software import deciding_software
from examrunner.service.judgement_json import to_json
from examrunner.service.opened import opened
from examrunner.service.pinned import case_of, rubric_of


def judge_recording(
    path: Path, rubric: bytes, case: bytes, content: SearchPath
) -> dict[str, Any]:
    """What every criterion says about a recording, as JSON.

    Raises:
        RecordingError: If the recording is damaged.
        ContentError: If the rubric or a database cannot be used.
    """
    recording, timeline = opened(path, content)
    parsed = rubric_of(rubric)
    judgements = judge(timeline, parsed, case_of(case))
    return {
        "judgements": {name: to_json(one) for name, one in judgements.items()},
        "digests": {
            "recording": recording.digest,
            "rubric": parsed.digest,
            "case": digest_of(case),
            "databases": {
                name.removeprefix("dbc/"): digest_of(bytes(data))
                for name, data in recording.attachments().items()
                if name.startswith("dbc/")
            },
        },
        "software": dict(deciding_software()),
    }
