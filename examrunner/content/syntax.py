"""What keeps a file from being YAML, in our words."""

from pathlib import Path
from typing import Final

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from examrunner.model.errors import ContentError

WORDINGS: Final = (
    ("mapping values are not allowed", "a colon stands inside a plain text"),
    ("that cannot start any token", "a character may not stand here, perhaps a tab"),
    ("could not find expected ':'", "a colon is missing after a key"),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("unexpected end of stream", "a quote is not closed"),
    ("expected ',' or", "a bracket or brace is not closed"),
    ("expected the node content", "a value is missing, or a bracket is not closed"),
    ("undefined alias", "an alias refers to an anchor that is not there"),
    ("found another document", "the file holds more than one document"),
    ("unknown escape", "a backslash in double quotes has no meaning here"),
)
"""What ruamel's message contains, and how we say it."""


def syntax_error(error: YAMLError | ValueError, path: Path) -> ContentError:
    """The error to raise about a file that is no YAML."""
    problem, line = "something in it cannot be read", ""
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        theirs = error.problem or ""
        problem = next((ours for said, ours in WORDINGS if said in theirs), problem)
    return ContentError(
        f"this is not valid YAML: {problem}.",
        where=f"{path}{line}",
        remedy="Check indentation, quotes and colons at that line and above it.",
    )
