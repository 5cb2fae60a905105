"""Requests that the service turns down, each with what the caller can do."""

from examrunner.model.errors import ExamRunnerError


class RefusalError(ExamRunnerError):
    """The request is wrong and nothing was changed."""


class NotSignedInError(RefusalError):
    """Nobody, or somebody with a token that is not (or no longer) good."""


class NotAllowedError(RefusalError):
    """The caller's role does not include this."""


class UnknownError(RefusalError):
    """What was asked for does not exist, or the caller may not know that it does."""


class ConflictError(RefusalError):
    """Something else was done before, and this does not go with it."""


class UnusableError(RefusalError):
    """The content of the request cannot be used."""


class TooLargeError(RefusalError):
    """The body is larger than the route takes."""


class OffsetError(ConflictError):
    """A piece of an upload does not start where the file ends.

    Args:
        offset: Bytes that are kept.
    """

    def __init__(self, problem: str, *, where: str, remedy: str, offset: int) -> None:
        super().__init__(problem, where=where, remedy=remedy)
        self.offset = offset


def sign_in_first() -> NotSignedInError:
    """The refusal of a caller without a good token; the same for every cause."""
    return NotSignedInError(
        "You are not signed in.",
        where="Authorization header or session cookie",
        remedy="Sign in with a token that an administrator gave you.",
    )
