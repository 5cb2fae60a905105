"""Databases that somebody hands in: tried in a limited child process first."""

from pathlib import Path
from typing import Final

from examrunner.archive.sandbox import run_limited
from examrunner.decode.databases import load_database
from examrunner.model.errors import ContentError

IN_CHILD: Final = "examrunner.decode.database_files:load_in_child"


def checked_content(path: Path, *, strict: bool = True) -> bytes:
    """The bytes of a database file that loads within the limits.

    Loading is a function of the bytes, so that it may then be done here as well.

    Raises:
        ContentError: If it cannot be read or, strictly, has faults.
        RecordingError: If loading it needs more than 10 s or 1 GB.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContentError(
            f"the database cannot be read ({error.strerror}).",
            where=str(path),
            remedy="Check the name and the permissions.",
        ) from None
    run_limited(IN_CHILD, {"path": str(path.absolute()), "strict": strict}, about=path)
    return content


def load_in_child(path: str, strict: bool) -> None:
    """Load the database; what comes of it stays in the child."""
    load_database(Path(path).read_bytes(), path, strict=strict)
