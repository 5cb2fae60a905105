"""The candidate asks an ECU for legislated on-board diagnostics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from examrunner.criteria.pid_values import PidFormula, UndecodableError
from examrunner.criteria.scales import epsilon
from examrunner.criteria.uds_patterns import UdsPattern
from examrunner.criteria.unheard import asked_in, unheard
from examrunner.criteria.verdicts import evidence_at, evidence_of, graded, span_of
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import Exchange

Mode = Literal[0x01, 0x02, 0x03, 0x04, 0x07, 0x09, 0x0A]
MOST_PIDS: Final = 6
"""Parameters that one request of mode 01 may name."""
SHOWN: Final = 10
_Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObdService:
    """A mode was answered; with parameters, each of them earns its share.

    Attributes:
        mode: The service of SAE J1979.
        ecu: ECU name; empty for any that answers.
        pids: Parameters of mode 01 and 02, or information types of mode 09.
        value: How the last answer is read; ``pids`` names the one parameter.
        min: Smallest value, inclusive.
        max: Largest value, inclusive.
        min_count: How many answers pass where no parameters are named.
        window: When to look.
    """

    mode: Mode
    ecu: str = ""
    pids: tuple[int, ...] = ()
    value: PidFormula | None = None
    min: float | None = None
    max: float | None = None
    min_count: int = 1
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = self._names() | {"window": window_sentence(self.window)}
        if self.value is not None:
            return Sentence(key="obd_service.rule_value", values=values)
        key = "obd_service.rule_items" if len(self.pids) > 1 else "obd_service.rule"
        return Sentence(key=key, values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        pattern = UdsPattern(ecu=self.ecu, sid=self.mode, result="positive")
        found = asked_in(hearing, pattern, window)
        fitting = [e for e in found if not self.pids or self._named(e)]
        seen = {pid for exchange in found for pid in self._named(exchange)}
        missing = [pid for pid in self.pids if pid not in seen]
        values = self._names() | {
            "missing": " ".join(f"{pid:02X}" for pid in missing) or "-",
            "ecus": ", ".join(sorted({e.ecu for e in fitting})) or "-",
            "hex": _hex(fitting[-1]) if fitting else "-",
            "span": span_of(window),
        }
        shown = [evidence_at(f"uds.{e.ecu}", e.to_ns) for e in fitting[-SHOWN:]]
        evidence = shown or [evidence_of("uds", window)]
        if self.value is not None:
            judged = self._judged(fitting[-1:], self.value, values, evidence)
        else:
            judged = self._counted(len(fitting), len(seen), values, evidence)
        if judged.fraction == 1:
            return judged
        since_ns = fitting[-1].to_ns if self.value is not None and fitting else 0
        open_ = missing if self.value is None else self.pids
        patterns = [replace(pattern, data=f"{pid:02X}") for pid in open_] or [pattern]
        return unheard(hearing, patterns, window, since_ns) or judged

    def _counted(
        self, answers: int, seen: int, values: _Values, evidence: Sequence[Evidence]
    ) -> Judgement:
        """By how many answers came, or how many parameters they hold."""
        key, count, share = "reason", answers, float(answers >= self.min_count)
        if self.pids:
            key, count, share = "reason_items", seen, seen / len(set(self.pids))
        return graded(
            share,
            Sentence(key=f"obd_service.{key}", values={**values, "count": count}),
            measured=Measured(value=float(count)),
            evidence=evidence,
        )

    def _judged(
        self,
        last: Sequence[Exchange],
        formula: PidFormula,
        values: _Values,
        evidence: Sequence[Evidence],
    ) -> Judgement:
        """By the value of the last answer, if there is one."""
        try:
            read = [formula.value(self._data(exchange)) for exchange in last]
        except UndecodableError:
            reason = Sentence(key="obd_service.undecodable", values=values)
            return graded(0.0, reason, evidence=evidence)
        if not read:
            reason = Sentence(key="obd_service.unread", values=values)
            return graded(0.0, reason, evidence=evidence)
        slack = epsilon(formula.step)
        low = self.min is None or read[0] >= self.min - slack
        high = self.max is None or read[0] <= self.max + slack
        measured = Measured(value=round(read[0], 6), unit=formula.unit)
        told = {**values, "value": measured.value, "unit": formula.unit}
        reason = Sentence(key="obd_service.reason_value", values=told)
        met = float(low and high)
        return graded(met, reason, measured=measured, evidence=evidence)

    def _data(self, exchange: Exchange) -> bytes:
        """What follows the parameter's number, and the frame number of mode 02."""
        answer = exchange.answer
        content = answer.data if answer else b""
        if content[1:2] != bytes(self.pids[:1]):
            raise UndecodableError
        return content[3 if self.mode == 0x02 else 2 :]

    def _named(self, exchange: Exchange) -> set[int]:
        """The wanted parameters that a request names and the answer holds."""
        most = MOST_PIDS if self.mode == 0x01 else 1
        answer = exchange.answer
        content = answer.data[1:] if answer else b""
        asked = exchange.request[1 : 1 + most]
        return {pid for pid in self.pids if pid in asked and pid in content}

    def _names(self) -> dict[str, object]:
        listed = " ".join(f"{pid:02X}" for pid in self.pids)
        return {
            "request": f"{self.mode:02X} {listed}".strip(),
            "ecu": self.ecu or Sentence(key="uds.any_ecu"),
            "wanted": len(set(self.pids)) or self.min_count,
            "limits": self._limits(),
        }

    def _limits(self) -> Sentence:
        given = {"min": self.min, "max": self.max}
        values: dict[str, object] = {k: v for k, v in given.items() if v is not None}
        key = {
            ("min", "max"): "between",
            ("min",): "at_least",
            ("max",): "at_most",
        }.get(tuple(values), "any")
        unit = self.value.unit if self.value else ""
        return Sentence(key=f"obd_service.{key}", values=values | {"unit": unit})


def _hex(exchange: Exchange) -> str:
    answer = exchange.answer
    return answer.data.hex(" ").upper() if answer else "-"
