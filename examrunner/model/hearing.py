"""What a criterion is told when it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from examrunner.model.case import Case
from examrunner.model.judgement import Judgement
from examrunner.model.timeline import Timeline
from examrunner.model.traces import Earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamClock:
    """Exam time against recording time.

    Attributes:
        start_ns: Recording time of the start.
        stop_ns: Recording time of the stop, or of the recording's end.
        pauses_ns: Spans (from, to) that are cut out, ascending and disjoint.
    """

    start_ns: int
    stop_ns: int
    pauses_ns: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Everything that a criterion may look at.

    Attributes:
        timeline: What was recorded.
        clock: Exam time.
        case: Secrets of the attempt.
        judged: Judgements of the criteria that this one refers to, by id.
        earlier: Earlier recordings that this one must not repeat.
    """

    timeline: Timeline
    clock: ExamClock
    case: Case
    judged: Mapping[str, Judgement] = field(default_factory=dict)
    earlier: tuple[Earlier, ...] = ()
