"""What examiners do about one attempt: each act is checked, recorded, written down."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from examrunner.agent.desk import Desk, NotNowError
from examrunner.agent.duty import responsible
from examrunner.agent.outcomes import CONSEQUENCES, OutcomeCode
from examrunner.agent.pause_causes import PauseCause
from examrunner.agent.protocol import Protocol
from examrunner.model.decision import Decision
from examrunner.model.errors import ContentError
from examrunner.model.protocol import decisions_in
from examrunner.model.rubric import Rubric
from examrunner.wire import ScoreMessage

EXAMINER: Final = "examiner"
LONGEST_CREDIT_S: Final = 3600.0
Settle = Callable[[Sequence[Decision]], ScoreMessage | None]


class Invigilation:
    """One attempt under its examiners.

    Args:
        desk: Where acts meet the thread that runs the exam.
        protocol: Where they are written down.
        rubric: What examiners may judge.
        settle: The score with what they decided.
        planned: Code of the candidate for whom the attempt was planned.
    """

    def __init__(
        self,
        desk: Desk,
        protocol: Protocol,
        rubric: Rubric,
        *,
        settle: Settle,
        planned: str,
    ) -> None:
        self.protocol = protocol
        self._desk = desk
        self.rubric = rubric
        self._settle = settle
        self._planned = planned

    @property
    def responsible(self) -> str:
        """Examiner who is responsible now; empty before the first signs in."""
        return responsible(self.protocol.entries)

    @property
    def seated(self) -> str:
        """Code of who sits here: the planned candidate, or who was put in the seat."""
        changes = self.protocol.of("reassign")
        return str(changes[-1].said["actual"]) if changes else self._planned

    @property
    def is_confirmed(self) -> bool:
        """Whether who sits here has said that this is him or her."""
        return any(e.by == self.seated for e in self.protocol.of("identity"))

    def join(self, name: str) -> None:
        """An examiner has signed in; the first one takes the duty."""
        if not self.responsible:
            self.protocol.add("duty", by=name, role=EXAMINER)

    def start(self, by: str) -> None:
        """Begin, once the candidate has confirmed who sits here."""
        self._check_duty(by)
        if not self.is_confirmed:
            raise NotNowError(
                f"{self.seated} has not confirmed the identity yet.",
                where="start",
                remedy="Let the candidate sign in and confirm on the screen.",
            )
        self._act("start", by, {"do": "start"})

    def pause(self, by: str, cause: PauseCause, note: str) -> None:
        """Stop the clock."""
        self._check_duty(by)
        _check_note(cause, note)
        said = {"cause": cause.value, "note": note}
        self._act("pause", by, {"do": "op", "op": "pause", **said}, **said)

    def resume(self, by: str) -> None:
        """Let the clock go on."""
        self._check_duty(by)
        self._act("resume", by, {"do": "op", "op": "resume"})

    def credit(self, by: str, cause: PauseCause, seconds: float, note: str) -> None:
        """Add time to the limit."""
        self._check_duty(by)
        _check_note(cause, note)
        if not 0 < seconds <= LONGEST_CREDIT_S:
            raise ContentError(
                f"{seconds:g} s cannot be credited.",
                where="credit",
                remedy=f"Give more than 0 and at most {LONGEST_CREDIT_S:g} s.",
            )
        said = {"cause": cause.value, "seconds": seconds, "note": note}
        self._act("credit", by, {"do": "op", "op": "credit", **said}, **said)

    def end(self, by: str, outcome: OutcomeCode, reason: str) -> None:
        """Stop with an outcome; the emergency stop is everybody's, the rest is not."""
        if outcome is not OutcomeCode.UNSAFE:
            self._check_duty(by)
        if not CONSEQUENCES[outcome].by_examiner:
            raise ContentError(
                f"'{outcome}' is not an examiner's outcome.",
                where="outcome",
                remedy="Choose another one of the list.",
            )
        said = {"outcome": outcome.value, "reason": reason}
        self._act("end", by, {"do": "end", **said}, **said)

    def bookmark(self, by: str, note: str) -> None:
        """Mark this moment, to look at it later."""
        self._act(
            "bookmark", by, {"do": "op", "op": "bookmark", "note": note}, note=note
        )

    def reassign(self, by: str, actual: str, reason: str) -> None:
        """Somebody else sits here than was planned; both stay on record."""
        self._check_duty(by)
        said = {"planned": self.seated, "actual": actual, "reason": reason}
        self._act("reassign", by, {"do": "op", "op": "reassign", **said}, **said)

    def hand_over(self, by: str, to: str) -> None:
        """Another examiner is responsible from now on; both have confirmed."""
        self._check_duty(by)
        if to == by:
            raise ContentError(
                f"{by} is responsible already.",
                where="handover",
                remedy="Let the other examiner type the code.",
            )
        self.protocol.add("handover", by=by, role=EXAMINER, to=to)

    def mark(self, by: str, criterion: str, level: int, reason: str) -> None:
        """Give a level of a criterion that only people can judge."""
        kinds = {line.id: line.kind for line in self.rubric.lines()}
        most = {"judgement": 3, "examiner_check": 1}.get(kinds.get(criterion, ""))
        if most is None or not 0 <= level <= most:
            raise ContentError(
                f"criterion '{criterion}' takes no level {level}.",
                where="marks",
                remedy="Use the levels that the page offers.",
            )
        said = {"criterion": criterion, "level": level, "reason": reason}
        self.protocol.add("mark", by=by, role=EXAMINER, **said)

    def decide_veto(self, by: str, code: str, confirm: bool, reason: str) -> None:
        """Confirm or reject a veto that the machine holds."""
        score = self.score()
        known = {line.id for line in score.criteria} if score else set()
        if code not in known or not reason.strip():
            raise ContentError(
                f"veto '{code}' cannot be decided so.",
                where="vetoes",
                remedy="Name a veto of the list, and say why.",
            )
        said = {"criterion": code, "confirm": confirm, "reason": reason}
        self.protocol.add("veto", by=by, role=EXAMINER, **said)

    def decisions(self) -> tuple[Decision, ...]:
        """What examiners decided so far, as scoring takes it."""
        return decisions_in(self.protocol.entries)

    def score(self) -> ScoreMessage | None:
        """The provisional score with these decisions; None before the stop."""
        return self._settle(self.decisions())

    def _act(self, what: str, by: str, action: dict[str, Any], **said: object) -> None:
        self._desk.hand_in({**action, "by": by})
        self.protocol.add(what, by=by, role=EXAMINER, **said)

    def _check_duty(self, by: str) -> None:
        now = self.responsible
        if now != by:
            raise NotNowError(
                f"{now or 'nobody'} is responsible for this attempt, not {by}.",
                where="duty",
                remedy="Take over first: both examiners confirm on this page.",
            )


def _check_note(cause: PauseCause, note: str) -> None:
    if cause is PauseCause.OTHER and not note.strip():
        raise ContentError(
            "a cause that is not on the list needs a note.",
            where="cause",
            remedy="Say in a few words what it is.",
        )
