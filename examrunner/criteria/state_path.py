"""A state signal runs through states in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from examrunner.criteria.coverage import LEAST_COVERAGE, objection
from examrunner.criteria.exam_time import running, seconds
from examrunner.criteria.holding import Held, held
from examrunner.criteria.matching import Scalar, equal_to, shown
from examrunner.criteria.predicates import Predicate, evaluate
from examrunner.criteria.predicates import sentence as predicate_sentence
from examrunner.criteria.spans import Spans
from examrunner.criteria.verdicts import OnSilent, evidence_of, graded, span, span_of
from examrunner.criteria.windows import Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import ExamClock, Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import NS_PER_S, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A change of state.

    Attributes:
        t_ns: When it came.
        places: Positions that the new state has in the path, ascending.
        row: Sample number.
    """

    t_ns: int
    places: tuple[int, ...]
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePath:
    """States follow each other, each within a time, and nothing forbidden between.

    Attributes:
        signal: State signal.
        path: Values or texts in order.
        within_s: Longest exam time in a state before the next one is reached.
        forbid: What may not hold between the first state and the last.
        from_any: Whether the path may start with a later state if the first one
            is never seen.
        window: When to look; it opens at the start of the path.
        min_coverage: Share of the window that needs a valid value.
        on_silent: What a silent bus means.
    """

    signal: str
    path: tuple[Scalar, ...]
    within_s: float
    window: Window
    forbid: Predicate | None = None
    from_any: bool = False
    min_coverage: float = LEAST_COVERAGE
    on_silent: OnSilent = "fail"

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values: dict[str, object] = {
            "signal": self.signal,
            "path": self._any_path() if self.from_any else self._path(),
            "within_s": self.within_s,
            "window": window_sentence(self.window),
        }
        if self.forbid is None:
            return Sentence(key="state_path.rule", values=values)
        values["forbid"] = predicate_sentence(self.forbid)
        return Sentence(key="state_path.rule_forbid", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        series = hearing.timeline.series(self.signal)
        samples = held(series, *window.hull_ns, require_e2e=False)
        known = samples.known()
        silence = objection(
            hearing,
            self.signal,
            window,
            known,
            on_silent=self.on_silent,
            min_coverage=self.min_coverage,
        )
        if silence is not None:
            return silence
        entered = _entries(series, samples, self.path)
        return self._walked(hearing, series, entered, window)

    def _path(self) -> str:
        return " > ".join(
            state if isinstance(state, str) else f"{state:g}" for state in self.path
        )

    def _any_path(self) -> Sentence:
        return Sentence(key="state_path.from_any", values={"path": self._path()})

    def _walked(
        self,
        hearing: Hearing,
        series: Series,
        entered: Sequence[Entry],
        window: Spans,
    ) -> Judgement:
        times = self._times(hearing.clock, entered)
        seen = " > ".join(shown(series, entry.row) for entry in entered[:8])
        passed = _exam_times(hearing.clock, times)
        slowest = max((seconds(b - a) for a, b in pairwise(passed)), default=0.0)
        complete = len(times) == len(self.path)
        broken = complete and self._forbidden(hearing, times[0], times[-1])
        end = times[-1] if complete else window.hull_ns[1]
        key = "state_path.forbidden" if broken else "state_path.reason"
        reason = Sentence(
            key=key if complete else "state_path.incomplete",
            values={
                "signal": self.signal,
                "seen": seen,
                "path": self._path(),
                "slowest_s": round(slowest, 3),
                "within_s": self.within_s,
                "span": span(window.hull_ns[0], end) if complete else span_of(window),
            },
        )
        return graded(
            float(complete and not broken),
            reason,
            measured=Measured(value=round(slowest, 3), unit="s") if complete else None,
            evidence=[evidence_of(self.signal, window)],
        )

    def _times(self, clock: ExamClock, entered: Sequence[Entry]) -> list[int]:
        """When each state of the path was entered, as far as it goes."""
        limit = round(self.within_s * NS_PER_S)
        passed = _exam_times(clock, [entry.t_ns for entry in entered])
        late = self.from_any and not any(0 in entry.places for entry in entered)
        best: list[int] = []
        for start, first in enumerate(entered):
            if not first.places or (first.places[0] and not late):
                continue
            times, last = [first.t_ns] * (first.places[0] + 1), passed[start]
            for later, at in zip(
                entered[start + 1 :], passed[start + 1 :], strict=True
            ):
                if len(times) == len(self.path) or at - last > limit:
                    break
                if len(times) in later.places:
                    times.append(later.t_ns)
                    last = at
            best = max(best, times, key=len)
            if len(best) == len(self.path):
                break
        return best

    def _forbidden(self, hearing: Hearing, from_ns: int, to_ns: int) -> bool:
        if self.forbid is None:
            return False
        truth = evaluate(hearing.timeline, self.forbid, from_ns, to_ns + 1)
        return len(truth.true & running(hearing.clock)) > 0


def _entries(series: Series, samples: Held, path: tuple[Scalar, ...]) -> list[Entry]:
    """Every change of state."""
    raw = series.raw[samples.rows]
    changed = np.flatnonzero(np.append(True, raw[1:] != raw[:-1])[: len(raw)])
    rows = np.array([samples.row(int(at)) for at in changed], np.intp)
    equal = [equal_to(series, rows, state) for state in path]
    return [
        Entry(
            t_ns=int(samples.start_ns[at]),
            places=tuple(place for place, same in enumerate(equal) if same[number]),
            row=int(rows[number]),
        )
        for number, at in enumerate(changed)
    ]


def _exam_times(clock: ExamClock, times_ns: Sequence[int]) -> list[int]:
    """Exam time of each moment: a pause between two states does not count."""
    passed = running(clock).before(np.array(times_ns, np.int64))
    return [int(each) for each in passed]
