"""The candidate asks an ECU for legislated on-board diagnostics."""

from collections.abc import Sequence
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
from examrunner.model.judgement import Judgement, Measured, Sentence
from examrunner.model.timeline import Exchange

Mode = Literal[0x01, 0x02, 0x03, 0x04, 0x07, 0x09, 0x0A]
MOST_PIDS: Final = 6
"""Parameters that one request of mode 01 may name."""
SHOWN: Final = 10


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
        key = "obd_service.rule" if self.value is None else "obd_service.rule_value"
        return Sentence(key=key, values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        pattern = UdsPattern(ecu=self.ecu, sid=self.mode, result="positive")
        found = asked_in(hearing, pattern, window)
        fitting = [e for e in found if not self.pids or self._named(e)]
        share = self._share(found)
        values = self._names() | {
            "count": len(fitting),
            "ecus": ", ".join(sorted({e.ecu for e in fitting})) or "-",
            "hex": _hex(fitting[-1]) if fitting else "-",
            "span": span_of(window),
        }
        key, measured = "obd_service.reason", Measured(value=float(len(fitting)))
        if self.value is not None and fitting:
            key, share, read = self._judged(fitting[-1])
            values |= {"value": "-" if read is None else read}
            measured = Measured(value=read or 0.0, unit=self.value.unit)
        shown = [evidence_at(f"uds.{e.ecu}", e.to_ns) for e in fitting[-SHOWN:]]
        judged = graded(
            share,
            Sentence(key=key, values=values),
            measured=None if values.get("value") == "-" else measured,
            evidence=shown or [evidence_of("uds", window)],
        )
        if judged.fraction == 1:
            return judged
        since_ns = fitting[-1].to_ns if self.value is not None and fitting else 0
        seen = {pid for exchange in found for pid in self._named(exchange)}
        open_ = [pid for pid in self.pids if self.value is not None or pid not in seen]
        patterns = [replace(pattern, data=f"{pid:02X}") for pid in open_] or [pattern]
        return unheard(hearing, patterns, window, since_ns) or judged

    def _share(self, found: Sequence[Exchange]) -> float:
        if not self.pids:
            return float(len(found) >= self.min_count)
        seen = {pid for exchange in found for pid in self._named(exchange)}
        return len(seen) / len(set(self.pids))

    def _judged(self, exchange: Exchange) -> tuple[str, float, float | None]:
        """Sentence, share and value of the last answer."""
        formula = self.value or PidFormula()
        try:
            read = formula.value(self._data(exchange))
        except UndecodableError:
            return "obd_service.undecodable", 0.0, None
        slack = epsilon(formula.step)
        low = self.min is None or read >= self.min - slack
        high = self.max is None or read <= self.max + slack
        return "obd_service.reason_value", float(low and high), round(read, 6)

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
            "ecu": self.ecu or "*",
            "wanted": len(set(self.pids)) or self.min_count,
            "min": "-" if self.min is None else self.min,
            "max": "-" if self.max is None else self.max,
            "unit": self.value.unit if self.value else "",
        }


def _hex(exchange: Exchange) -> str:
    answer = exchange.answer
    return answer.data.hex(" ").upper() if answer else "-"
