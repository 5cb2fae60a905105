"""An ECU's routine reports the wanted status."""

from dataclasses import dataclass

from examrunner.criteria.spans import Spans
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.unheard import asked_in, unheard
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    moment,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Exchange

ROUTINE_CONTROL, START, RESULTS = 0x31, 0x01, 0x03
HEADER_BYTES = 4
"""Service, sub-function and routine identifier, before the status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineResult:
    """The last results that the candidate requested begin with the status.

    Attributes:
        ecu: ECU name.
        rid: Routine identifier.
        status: Status and, if wanted, result bytes after it; completed without error
            unless the ECU counts differently.
        started_only: Share of the points for a start without results.
        window: When to look.
    """

    ecu: str
    rid: int
    status: tuple[int, ...] = (0x02,)
    started_only: float = 0.0
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = self._names() | {
            "started": 100 * self.started_only,
            "window": window_sentence(self.window),
        }
        key = "rule_started" if self.started_only else "rule"
        return Sentence(key=f"routine_result.{key}", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        results = asked_in(hearing, self._pattern(RESULTS), window)
        last = results[-1] if results else None
        found = self._read(last) if last else self._unread(hearing, window)
        if found.fraction == 1:
            return found
        since_ns = last.to_ns if last else 0
        asked = [self._pattern(RESULTS)]
        if last is None and self.started_only and not found.fraction:
            asked.append(self._pattern(START))
        return unheard(hearing, asked, window, since_ns) or found

    def _read(self, exchange: Exchange) -> Judgement:
        answer = exchange.answer
        content = answer.data if answer else b""
        status = content[HEADER_BYTES:]
        met = status.startswith(bytes(self.status))
        reason = Sentence(
            key="routine_result.reason",
            values=self._names()
            | {
                "status": status.hex(" ").upper()
                or Sentence(key="routine_result.no_status"),
                "hex": content.hex(" ").upper(),
                "moment": moment(exchange.to_ns),
            },
        )
        return graded(
            float(met),
            reason,
            measured=Measured(value=float(status[0])) if status else None,
            evidence=[evidence_at(f"uds.{self.ecu}", exchange.to_ns)],
        )

    def _unread(self, hearing: Hearing, window: Spans) -> Judgement:
        """No results were read; the start alone may be worth something."""
        starts = asked_in(hearing, self._pattern(START), window)
        key = "routine_result.started" if starts else "routine_result.never"
        values = self._names() | {
            "started": 100 * self.started_only,
            "span": span_of(window),
        }
        shown = [evidence_at(f"uds.{self.ecu}", e.to_ns) for e in starts[-1:]]
        return graded(
            self.started_only if starts else 0.0,
            Sentence(key=key, values=values),
            evidence=shown or [evidence_of(f"uds.{self.ecu}", window)],
        )

    def _pattern(self, sub: int) -> UdsPattern:
        return UdsPattern(
            ecu=self.ecu, sid=ROUTINE_CONTROL, sub=sub, rid=self.rid, result="positive"
        )

    def _names(self) -> dict[str, object]:
        return {
            "ecu": self.ecu,
            "rid": f"{self.rid:04X}",
            "wanted": bytes(self.status).hex(" ").upper(),
        }
