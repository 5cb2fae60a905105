"""The processes of an exam day: started with a log each, stopped together."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from examrunner.model.errors import DeliveryError

STOP_S: Final = 15.0


class Children:
    """Processes that end with the demo.

    Args:
        logs: Folder of their logs.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, arguments: Sequence[str]) -> None:
        """Starts ``examrunner`` with these arguments."""
        with (self._logs / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "examrunner", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is the demo's to handle
            )

    def check(self) -> None:
        """Notices that one has ended.

        Raises:
            DeliveryError: If one has; its log says why.
        """
        for name, process in self._running.items():
            if process.poll() is not None:
                raise DeliveryError(
                    f"the process '{name}' has ended.",
                    where=str(self._logs / f"{name}.log"),
                    remedy="Read its log; then start the demo again.",
                )

    def stop(self) -> None:
        """Ends all, the last started first."""
        processes = list(self._running.values())[::-1]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()
