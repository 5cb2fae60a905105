"""What keeps a file from being YAML, in our words."""

from pathlib import Path
from typing import Final

from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from examrunner.model.errors import ContentError

WORDINGS: Final = (
    ("mapping values are not allowed", "a colon stands inside a plain text."),
    ("that cannot start any token", "a character may not stand here, perhaps a tab."),
    ("could not find expected ':'", "a colon is missing after a key."),
    ("expected <block end>", "the indentation does not fit the lines above."),
    ("unexpected end of stream", "a quote is not closed."),
    ("expected ',' or", "a bracket or brace is not closed."),
    ("undefined alias", "an alias refers to an anchor that is not there."),
    ("found another document", "the file holds more than one document."),
    ("unknown escape", "a backslash in double quotes has no meaning here."),
)
"""What ruamel's message contains, and how we say it."""


def syntax_error(error: YAMLError | ValueError, path: Path) -> ContentError:
    """The error to raise about a file that is no YAML."""
    if not isinstance(error, MarkedYAMLError):
        return _failure("something in it cannot be read", path, None)
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    if isinstance(error, DuplicateKeyError):
        return _failure("the same key stands twice in one place.", path, line)
    problem = error.problem or ""
    said = next((ours for theirs, ours in WORDINGS if theirs in problem), None)
    return _failure(said or "something in it cannot be read.", path, line)


def _failure(problem: str, path: Path, line: int | None) -> ContentError:
    return ContentError(
        f"this is not valid YAML: {problem}",
        where=f"{path}:{line}" if line else str(path),
        remedy="Check indentation, quotes and colons at that line and above it.",
    )
