"""What an ECU holds equals what the candidate says it holds."""

from dataclasses import dataclass

import numpy as np

from examrunner.criteria.coverage import MOST_UNKNOWN, recorder_lost
from examrunner.criteria.exam_time import running
from examrunner.criteria.references import (
    NothingMeasuredError,
    Reference,
    value_of,
)
from examrunner.criteria.submitted_models import NothingSubmittedError
from examrunner.criteria.uds_patterns import UdsPattern, dids_of, matching
from examrunner.criteria.uds_service import lost_exchanges
from examrunner.criteria.verdicts import evidence_at, evidence_of, graded, moment
from examrunner.model.did_format import DidFormat, parse_did_format
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class DidItem:
    """One data identifier.

    Attributes:
        did: Its number.
        format: How its bytes are read, ``u16 0.01``.
        equals: The right value of each of its numbers, in order.
    """

    did: int
    format: str
    equals: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DidValue:
    """The last value that the candidate read equals the references.

    Attributes:
        ecu: ECU name.
        dids: The data identifiers; each earns its share.
        tol_lsb: Largest error in least significant bits.
        tol_abs: Largest error instead, in engineering units.
        accept_write: Whether an acknowledged write counts as a reading.
        after_write: Whether only readings after the last write count.
    """

    ecu: str
    dids: tuple[DidItem, ...]
    tol_lsb: float = 1.0
    tol_abs: float | None = None
    accept_write: bool = False
    after_write: bool = False

    def rule(self) -> Sentence:
        """The question as a sentence."""
        key = "did_value.rule_after" if self.after_write else "did_value.rule"
        listed = ", ".join(f"{item.did:04X}" for item in self.dids)
        tolerance = self.tol_lsb if self.tol_abs is None else self.tol_abs
        unit = "LSB" if self.tol_abs is None else ""
        values = {"ecu": self.ecu, "dids": listed, "tol": tolerance, "unit": unit}
        return Sentence(key=key, values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        found = [self._one(hearing, item) for item in self.dids]
        fraction = sum(share for share, _, _ in found) / len(found)
        window = running(hearing.clock)
        unknown = (lost_exchanges(hearing) & window).total_ns
        if fraction < 1 and unknown > MOST_UNKNOWN * window.total_ns:
            return recorder_lost("UDS", window, unknown)
        parts = tuple(reason for _, reason, _ in found)
        evidence = [span for _, _, span in found if span is not None]
        return graded(
            fraction,
            Sentence(key="list", values={"parts": parts}),
            measured=Measured(value=float(sum(share >= 1 for share, _, _ in found))),
            evidence=evidence or [evidence_of(f"uds.{self.ecu}", window)],
        )

    def _one(
        self, hearing: Hearing, item: DidItem
    ) -> tuple[float, Sentence, Evidence | None]:
        names: dict[str, object] = {"ecu": self.ecu, "did": f"{item.did:04X}"}
        reading = self._reading(hearing, item)
        if reading is None:
            return 0.0, Sentence(key="did_value.not_read", values=names), None
        exchange, content = reading
        names |= {"hex": content.hex(" ").upper(), "moment": moment(exchange.to_ns)}
        shown = evidence_at(f"uds.{self.ecu}", exchange.to_ns)
        layout = parse_did_format(item.format)
        if len(content) < layout.size:
            return 0.0, Sentence(key="did_value.short", values=names), shown
        values = layout.numbers(content[: layout.size])
        right = []
        for read, reference in zip(values, item.equals, strict=False):
            try:
                right.append(value_of(hearing, reference, reference.field, read))
            except (NothingMeasuredError, NothingSubmittedError):
                return 0.0, Sentence(key="did_value.no_reference", values=names), shown
        tolerances = [
            self.tol_lsb * _step_at(layout, value)
            if self.tol_abs is None
            else self.tol_abs
            for value in right
        ]
        met = all(
            abs(read - value) <= tolerance + 1e-9
            for read, value, tolerance in zip(values, right, tolerances, strict=True)
        )
        names |= {
            "read": ", ".join(f"{value:.7g}" for value in values),
            "right": ", ".join(f"{value:.7g}" for value in right),
            "tolerance": max(tolerances),
        }
        key = "did_value.reason" if met else "did_value.differs"
        return float(met), Sentence(key=key, values=names), shown

    def _reading(
        self, hearing: Hearing, item: DidItem
    ) -> tuple[Exchange, bytes] | None:
        """The last exchange that shows the value, with the value's bytes."""
        exchanges = hearing.timeline.exchanges
        write = UdsPattern(ecu=self.ecu, sid=0x2E, did=item.did, result="positive")
        read = UdsPattern(ecu=self.ecu, sid=0x22, did=item.did, result="positive")
        writes = matching(exchanges, write)
        seen = [(e, self._content(e, item.did)) for e in matching(exchanges, read)]
        if self.after_write:
            last = writes[-1].to_ns if writes else hearing.clock.stop_ns
            seen = [(e, content) for e, content in seen if e.from_ns >= last]
        if self.accept_write:
            seen += [(e, e.request[3:]) for e in writes]
        known = [(e, content) for e, content in seen if content is not None]
        return max(known, key=lambda pair: pair[0].to_ns, default=None)

    def _content(self, exchange: Exchange, did: int) -> bytes | None:
        """The bytes of one identifier in an answer that may hold several."""
        answer = exchange.answer
        if answer is None:
            return None
        sizes = {item.did: parse_did_format(item.format).size for item in self.dids}
        rest = answer.data[1:]
        asked = dids_of(exchange.request)
        for each in asked:
            if rest[:2] != each.to_bytes(2, "big"):
                return None
            rest = rest[2:]
            if each == did:
                return rest if each == asked[-1] else rest[: sizes[each]]
            if each not in sizes:
                return None
            rest = rest[sizes[each] :]
        return None


def _step_at(layout: DidFormat, value: float) -> float:
    """One least significant bit at this value."""
    if layout.type == "float32":
        return float(np.spacing(np.float32(abs(value))))
    return layout.step
