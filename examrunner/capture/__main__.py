"""The capture process: a plan on the first line, then one call a line."""

import json
import signal
import sys
import time
from collections.abc import Mapping
from typing import Any

from examrunner.capture.calls import answer, error_message
from examrunner.capture.opening import open_session
from examrunner.capture.plan import PLAN
from examrunner.capture.wall_watch import WallWatch
from examrunner.model.errors import ExamRunnerError


def main() -> None:
    """Records until the agent closes the recording or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the agent's to handle
    try:
        session = open_session(
            PLAN.validate_json(sys.stdin.readline()), WallWatch(time.time_ns)
        )
    except ExamRunnerError as error:
        _say({"error": error_message(error)})
        return
    _say({"ok": None})
    for line in sys.stdin:
        said = json.loads(line)
        _say(answer(session, said.pop("call"), said))
        if said.get("ending"):
            return
    session.abandon()


def _say(message: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
