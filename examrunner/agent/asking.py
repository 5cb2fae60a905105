"""Asking for work so that a lost answer costs nothing."""

import uuid
from pathlib import Path

from examrunner.archive.durable import disk_of, write_durably


def request_id(asked: Path) -> uuid.UUID:
    """The id of our question, the same until its answer is on the disk."""
    with disk_of(asked):
        if not asked.exists():
            write_durably(asked, str(uuid.uuid4()).encode())
        return uuid.UUID(asked.read_text())
