"""What the candidate left in the answer form."""

from dataclasses import replace

from examrunner.model.hearing import Hearing
from examrunner.model.timeline import Edit


def edits_of(hearing: Hearing, field: str) -> list[Edit]:
    """Every saved state of a field up to the stop, in order."""
    return [
        edit
        for edit in hearing.timeline.form
        if edit.field == field and edit.t_ns <= hearing.clock.stop_ns
    ]


def answer_to(hearing: Hearing, field: str) -> Edit | None:
    """The last saved state of a field; None if it is blank."""
    edits = edits_of(hearing, field)
    if not edits or is_blank(edits[-1].value):
        return None
    return edits[-1]


def is_blank(value: object) -> bool:
    """Whether a field was left empty."""
    return (
        value is None
        or value in ("", [], {})
        or (isinstance(value, str) and not value.strip())
    )


def submissions(hearing: Hearing, field: str) -> list[Edit]:
    """What was handed in for a field, when it was, in order; blanks left out.

    The whole form hands in every field as it is then. The last saved state counts as
    handed in at the stop, too.
    """
    stop_ns = hearing.clock.stop_ns
    handed: list[Edit] = []
    last: Edit | None = None
    for edit in hearing.timeline.form:
        if edit.t_ns > stop_ns:
            break
        if edit.field == field:
            last = edit
        if edit.submit and edit.field in {field, ""} and last is not None:
            handed.append(replace(last, t_ns=edit.t_ns))
    if last is not None:
        handed.append(replace(last, t_ns=stop_ns))
    return [edit for edit in handed if not is_blank(edit.value)]
