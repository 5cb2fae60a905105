"""How far a long command is, on standard error and only on a terminal."""

import sys
import time
from collections.abc import Callable


def progress(what: str) -> Callable[[int, int], None]:
    """A function to call with how many of how many ``what`` are done."""
    started_s = time.perf_counter()

    def show(done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        left_s = (time.perf_counter() - started_s) / max(done, 1) * (total - done)
        line = f"\r{done} of {total} {what}, {left_s:.0f} s left "
        sys.stderr.write(line if done < total else "\r" + " " * len(line) + "\r")
        sys.stderr.flush()

    return show
