"""A trouble code has the wanted status."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from examrunner.criteria.dtc_codes import matches_dtc
from examrunner.criteria.dtc_reports import (
    EVERY_BIT,
    EXTENDED_DATA,
    READ_DTC_INFORMATION,
    STATUS_REPORTS,
    DtcReport,
    foreign_format,
    report_of,
)
from examrunner.criteria.uds_patterns import UdsPattern, sub_function
from examrunner.criteria.unheard import asked_in, unheard
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    left_open,
    moment,
    span_of,
)
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Outcome, Sentence

ABSENT: Final = 0
"""Status of a code that an answer leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DtcStatus:
    """The status byte of a code in the last list that the candidate read.

    Attributes:
        ecu: ECU name.
        dtc: The code, ``U0121-87``; of a pattern every listed code has to fit.
        mask: Bits of the status byte that ``equals`` is compared in.
        equals: What they have to be; None where ``bits`` says it.
        bits: Bits that all have to be set, whatever the mask.
        window: When to look.
    """

    ecu: str
    dtc: str
    mask: int = EVERY_BIT
    equals: int | None = None
    bits: int = 0
    window: Window = WHOLE_EXAM

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = self._names() | {"window": window_sentence(self.window)}
        return Sentence(key="dtc_status.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        foreign = self._foreign(hearing)
        if foreign is not None:
            return foreign
        asked = asked_in(
            hearing, UdsPattern(ecu=self.ecu, sid=READ_DTC_INFORMATION), window
        )
        reports = [r for r in map(report_of, asked) if r and self._concerns(r)]
        values = self._names() | {"span": span_of(window)}
        if reports:
            found = self._read(reports, values)
        else:
            found = graded(
                0.0,
                Sentence(key="dtc_status.never", values=values),
                evidence=[evidence_of(f"uds.{self.ecu}", window)],
            )
        if found.fraction == 1:
            return found
        since_ns = reports[-1].exchange.to_ns if reports else 0
        patterns = [
            UdsPattern(
                ecu=self.ecu, sid=READ_DTC_INFORMATION, sub=sub, result="positive"
            )
            for sub in STATUS_REPORTS
        ]
        return unheard(hearing, patterns, window, since_ns) or found

    def _read(
        self, reports: Sequence[DtcReport], values: dict[str, object]
    ) -> Judgement:
        last = reports[-1]
        seen = [status for number, status in last.codes if self._means(number)]
        asked = not self._needed() & ~last.asked
        met = asked and all(map(self._fits, seen or [ABSENT]))
        reason = Sentence(
            key="dtc_status.reason" if asked else "dtc_status.not_asked",
            values=values
            | {
                "status": ", ".join(f"{each:02X}" for each in seen)
                or Sentence(key="dtc_status.not_listed"),
                "asked": f"{last.asked:02X}",
                "needed": f"{self._needed():02X}",
                "before": reports[0].text(),
                "after": last.text(),
                "moment": moment(last.exchange.to_ns),
            },
        )
        shown = {report.exchange.to_ns for report in (reports[0], last)}
        return graded(
            float(met),
            reason,
            measured=Measured(value=float(seen[0])) if seen else None,
            evidence=[evidence_at(f"uds.{self.ecu}", t_ns) for t_ns in sorted(shown)],
        )

    def _foreign(self, hearing: Hearing) -> Judgement | None:
        """Codes of another format, such as SAE J1939, are not read as these."""
        for exchange in hearing.timeline.exchanges:
            format_ = foreign_format(exchange) if exchange.ecu == self.ecu else None
            if format_ is not None:
                values = self._names() | {
                    "format": f"{format_:02X}",
                    "moment": moment(exchange.to_ns),
                }
                return left_open(
                    Outcome.NOT_MEASURED,
                    Sentence(key="dtc_status.foreign", values=values),
                    evidence=[evidence_at(f"uds.{self.ecu}", exchange.to_ns)],
                )
        return None

    def _concerns(self, report: DtcReport) -> bool:
        """Whether it can tell: extended data are about one code only."""
        if sub_function(report.exchange.request) != EXTENDED_DATA:
            return True
        return any(self._means(number) for number, _ in report.codes)

    def _means(self, number: int) -> bool:
        return matches_dtc(number, self.dtc)

    def _needed(self) -> int:
        """Bits that a request has to ask for: those wanted, or those wanted clear."""
        wanted = self.bits | ((self.equals or 0) & self.mask)
        return wanted or self.mask

    def _fits(self, status: int) -> bool:
        equal = self.equals is None or not (status ^ self.equals) & self.mask
        return equal and status & self.bits == self.bits

    def _names(self) -> dict[str, object]:
        return {"ecu": self.ecu, "dtc": self.dtc, "wanted": self._wanted()}

    def _wanted(self) -> Sentence:
        """What the status has to be, as words."""
        parts = []
        if self.equals is not None and self.mask == EVERY_BIT:
            values = {"equals": f"{self.equals:02X}"}
            parts.append(Sentence(key="dtc_status.equals", values=values))
        elif self.equals is not None:
            values = {"equals": f"{self.equals & self.mask:02X}"}
            values["mask"] = f"{self.mask:02X}"
            parts.append(Sentence(key="dtc_status.masked", values=values))
        if self.bits:
            values = {"bits": f"{self.bits:02X}"}
            parts.append(Sentence(key="dtc_status.bits", values=values))
        return Sentence(key="predicate.all", values={"parts": tuple(parts)})
