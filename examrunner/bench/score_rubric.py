"""The rubric that the score bench asks: 40 criteria of the usual kinds."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from examrunner.criteria.alive_counter import AliveCounter
from examrunner.criteria.checksum import Checksum
from examrunner.criteria.msg_cycle import MsgCycle
from examrunner.criteria.predicates import Predicate
from examrunner.criteria.scales import Scale
from examrunner.criteria.signal_range import Limits, SignalRange
from examrunner.criteria.step_response import StepResponse
from examrunner.criteria.windows import Window
from examrunner.model.rubric import Criterion, Cuts, Group, Line, Rubric
from examrunner.model.text import Text

SIGNALS: Final = ("Level", "State", "Command", "Feedback")
WORDS: Final = Text(zh="评分项", en="criterion")
SHARE: Final = Scale(full=0.999, zero=0.95)


def rubric_of_40() -> Rubric:
    """16 limits (4 of them gated), 8 cycles, 6 counters, 6 checksums, 4 steps."""
    lines = tuple(
        Line(
            id=f"A{number}",
            kind=type(criterion).__name__,
            points=Decimal("2.5"),
            title=WORDS,
            criterion=criterion,
            digest=str(number),
        )
        for number, criterion in enumerate(_criteria(), 1)
    )
    return Rubric(
        id="B40",
        revision=1,
        digest="",
        title=WORDS,
        rig="",
        limit_s=1800,
        post_s=0,
        form=(),
        variants={},
        groups=(Group(id="A", title=WORDS, points=Decimal(100), lines=lines),),
        cuts=Cuts(passing=Decimal(60), fail_cap=Decimal(59)),
    )


def _criteria() -> Iterator[Criterion]:
    for number in range(16):
        limits = Limits(signal=f"M{number * 3:02}.Level", min=-49, max=49)
        gate = Predicate(signal=f"M{number * 3:02}.State", equals=1)
        window = Window(while_=gate) if number % 4 == 0 else Window()
        yield SignalRange(all=(limits,), window=window, score=SHARE)
    for number in range(8):
        name = f"M{number * 7:02}"
        yield MsgCycle(messages=(name,), mean_tol_ms=1, p99_ms=200, max_gap_ms=500)
    for number in range(6):
        yield AliveCounter(message=f"M{number * 9:02}", share=SHARE)
        yield Checksum(message=f"M{number * 9:02}", share=SHARE)
    for metric in ("delay", "rise", "overshoot_pct", "settle"):
        yield StepResponse(
            metric=metric,
            score=Scale(full=0.5, zero=2),
            command="M03.Command",
            feedback="M03.Feedback",
            steps=(90.0, -90.0),
            min_jump=25,
        )
