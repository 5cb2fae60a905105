"""What is wrong with a file that a candidate handed in, in the reader's language."""

from examrunner.model.judgement import Sentence


class UnusableFileError(Exception):
    """A file that a candidate handed in and that cannot be used.

    Attributes:
        said: What is wrong.
        where: File, and line if there is one.
        remedy: What to do.
    """

    def __init__(self, said: Sentence, *, where: str, remedy: str) -> None:
        super().__init__(said.key)
        self.said = said
        self.where = where
        self.remedy = remedy


def problem_of(key: str, **values: object) -> Sentence:
    """A sentence about a file; ``key`` without its ``file.``."""
    return Sentence(key=f"file.{key}", values=values)
