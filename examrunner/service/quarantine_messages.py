"""What the quarantine commands show."""

from pydantic import Field

from examrunner.wire import AttemptId, Digest, Given, Moment


class AsideMessage(Given):
    """Something that was refused and kept, and what was decided about it."""

    number: int
    attempt: AttemptId
    kind: str = Field(examples=["recording"])
    digest: Digest
    problem: str = Field(description="Why it was refused.")
    came_from: str = Field(examples=["station/hall-a-03"])
    at: Moment
    is_accepted: bool | None = Field(
        default=None, description="None: nobody has decided yet."
    )
    is_held: bool = Field(
        default=False,
        description="The service holds just this all the same: nothing to decide.",
    )
    decided_by: str = ""
    reason: str = ""
    decided_at: Moment | None = None
