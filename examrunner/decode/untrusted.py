"""A database that somebody handed in, tried in a limited child before it is loaded."""

import tempfile
from pathlib import Path
from typing import Final

from examrunner.archive.sandbox import run_limited
from examrunner.decode.databases import load_database
from examrunner.decode.plans import Database
from examrunner.model.errors import ContentError, RecordingError

LARGEST_BYTES: Final = 5_000_000


def load_untrusted(path: Path, *, strict: bool = True) -> Database:
    """The database in a file that may be made to exhaust or crash its parser.

    Args:
        path: The file.
        strict: See ``load_database``.

    Raises:
        ContentError: If it cannot be used, or not within time and memory.
    """
    content = _content(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(content)
        try:
            run_limited(
                f"{__name__}:try_loading",
                {"copy": str(copy), "name": path.name, "strict": strict},
                about=path,
            )
        except RecordingError as error:
            raise ContentError(
                error.problem, where=error.where, remedy=error.remedy
            ) from None
    return load_database(content, path.name, strict=strict)


def try_loading(copy: str, name: str, strict: bool) -> int:
    """In the child: load it; returns the number of messages.

    Raises:
        ContentError: If it cannot be used.
    """
    return len(load_database(Path(copy).read_bytes(), name, strict=strict).messages)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ContentError(
            f"the database cannot be read ({error.strerror}).",
            where=str(path),
            remedy="Check the name and the permissions of the file.",
        ) from None
    if len(content) > LARGEST_BYTES:
        raise ContentError(
            f"the database has more than {LARGEST_BYTES:,} bytes.",
            where=str(path),
            remedy="Split it by network.",
        )
    return content
