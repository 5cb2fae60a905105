"""An attempt as its examiner sees it."""

from collections.abc import Iterator
from typing import Any, Final

from examrunner.agent.console.hall import Hall
from examrunner.agent.console.seat import Seat
from examrunner.agent.duty import duties
from examrunner.agent.outcomes import CONSEQUENCES, OutcomeCode
from examrunner.agent.pause_causes import CAUSE_WORDS
from examrunner.criteria.examiner_check import ExaminerCheck
from examrunner.criteria.examiner_mark import ExaminerMark
from examrunner.model.text import Text
from examrunner.wire import ScoreMessage

NS_PER_S: Final = 1_000_000_000
YES: Final = Text(zh="是", en="yes")
NO: Final = Text(zh="否", en="no")
HELD: Final = "needs_review"


def short(hall: Hall, seat: Seat) -> dict[str, Any]:
    """One line of the list of attempts."""
    progress = seat.sitting.progress
    return {
        "id": seat.attempt_id,
        "task": seat.task,
        "candidate": seat.candidate,
        "name": seat.name,
        "phase": progress.phase.value,
        "outcome": progress.outcome,
        "is_here": hall.is_taken and seat is hall.seat,
    }


def overview(hall: Hall, seat: Seat) -> dict[str, Any]:
    """Everything about one attempt that its examiner may see and do."""
    acting = seat.invigilation
    progress = seat.sitting.progress
    description = seat.sitting.description()
    score = None if progress.is_void else acting.score()
    return {
        **short(hall, seat),
        "title": description["title"],
        "form": description["form"],
        "values": description["values"],
        "state": seat.sitting.state(),
        "at": hall.wall_time(),
        "confirmed": acting.is_confirmed,
        "duties": [
            {"name": duty.name, "since": duty.since, "given_by": duty.given_by}
            for duty in duties(acting.protocol.entries)
        ],
        "causes": {cause.value: _words(text) for cause, text in CAUSE_WORDS.items()},
        "outcomes": _outcomes(),
        "ledger": ledger(seat),
        "signatures": seat.signatures(),
        "bookmarks": [
            {"at": entry.at, "by": entry.by, "note": entry.said["note"]}
            for entry in acting.protocol.of("bookmark")
        ],
        "items": list(_items(seat)),
        "score": None if score is None else _brief(score),
    }


def ledger(seat: Seat) -> list[dict[str, Any]]:
    """Pauses and credits, in order of time."""
    progress, now_ns = seat.sitting.progress, seat.sitting.now_ns
    end_ns = now_ns if progress.stopped_ns is None else progress.stopped_ns
    began_ns = progress.started_ns or 0
    lines = [
        {
            "kind": "pause",
            "words": _words(CAUSE_WORDS[one.cause]),
            "note": one.note,
            "by": one.by,
            "exam_s": (one.from_ns - began_ns) / NS_PER_S,
            "seconds": one.length_ns(end_ns) / NS_PER_S,
        }
        for one in progress.pauses
    ]
    lines += [
        {
            "kind": "credit",
            "words": _words(CAUSE_WORDS[one.cause]),
            "note": one.note,
            "by": one.by,
            "exam_s": (one.at_ns - began_ns) / NS_PER_S,
            "seconds": one.length_ns / NS_PER_S,
        }
        for one in progress.credits
    ]
    return sorted(lines, key=lambda line: line["exam_s"])


def _items(seat: Seat) -> Iterator[dict[str, Any]]:
    """What only people can judge, with the levels that were given."""
    given = [one for one in seat.invigilation.decisions() if one.level is not None]
    for line in seat.invigilation.rubric.lines():
        criterion = line.criterion
        if isinstance(criterion, ExaminerMark):
            levels, examiners = list(criterion.levels), criterion.examiners
        elif isinstance(criterion, ExaminerCheck):
            levels, examiners = [NO, YES], 1
        else:
            continue
        yield {
            "id": line.id,
            "points": str(line.points),
            "text": _words(criterion.text),
            "levels": [_words(level) for level in levels],
            "examiners": examiners,
            "given": [
                {"by": one.by, "level": one.level, "reason": one.reason}
                for one in given
                if one.criterion == line.id
            ],
        }


def _brief(score: ScoreMessage) -> dict[str, Any]:
    """The score without what a page does not show."""
    return score.model_dump(
        mode="json", include={"points", "verdict", "criteria", "flags"}
    )


def _outcomes() -> dict[str, dict[str, str]]:
    return {
        code.value: _words(CONSEQUENCES[code].words)
        for code in OutcomeCode
        if CONSEQUENCES[code].by_examiner
    }


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
