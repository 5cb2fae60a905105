"""What an ECU holds equals what the candidate says it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from examrunner.criteria.exam_time import running
from examrunner.criteria.reference_values import value_of
from examrunner.criteria.references import (
    NothingMeasuredError,
    Reference,
)
from examrunner.criteria.scales import Scale
from examrunner.criteria.spans import Spans
from examrunner.criteria.submitted_models import NothingSubmittedError
from examrunner.criteria.uds_patterns import UdsPattern, dids_of
from examrunner.criteria.unheard import asked_in, unheard
from examrunner.criteria.verdicts import evidence_at, evidence_of, graded, moment
from examrunner.model.did_format import DidFormat, parse_did_format
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.timeline import Exchange

ERROR_DECIMALS: Final = 6
READS_DATA, WRITES_DATA = 0x22, 0x2E


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

    A data identifier earns its share if every number lies within the tolerance; with
    ``score`` each of its numbers earns a part by its distance from the right value.
    Then the largest distance of all is what is measured, so that a critical limit can
    look at it; without it, how many data identifiers are right.

    Attributes:
        ecu: ECU name.
        dids: The data identifiers; each earns its share.
        tol_lsb: Largest error in least significant bits.
        tol_abs: Largest error instead, in engineering units.
        score: Distance in engineering units to share, instead of a tolerance.
        accept_write: Whether an acknowledged write counts as a reading.
        after_write: Whether only readings after the last write count.
    """

    ecu: str
    dids: tuple[DidItem, ...]
    tol_lsb: float = 1.0
    tol_abs: float | None = None
    score: Scale | None = None
    accept_write: bool = False
    after_write: bool = False

    def rule(self) -> Sentence:
        """The question as a sentence."""
        key = "did_value.rule" + "_after" * self.after_write
        key += "_write" * self.accept_write
        listed = ", ".join(f"{item.did:04X}" for item in self.dids)
        if self.score is not None:
            scale = self.score.sentence(self._unit())
            wanted = {"ecu": self.ecu, "dids": listed, "scale": scale}
            return Sentence(key="did_value.rule_score", values=wanted)
        tolerance = self.tol_lsb if self.tol_abs is None else self.tol_abs
        unit = "LSB" if self.tol_abs is None else ""
        values = {"ecu": self.ecu, "dids": listed, "tol": tolerance, "unit": unit}
        return Sentence(key=key, values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        found = [self._one(hearing, item) for item in self.dids]
        fraction = sum(each.share for each in found) / len(found)
        window = running(hearing.clock)
        lost = self._unheard(hearing, found, window) if fraction < 1 else None
        if lost is not None:
            return lost
        parts = tuple(each.reason for each in found)
        evidence = [each.shown for each in found if each.shown is not None]
        return graded(
            fraction,
            Sentence(key="list", values={"parts": parts}),
            measured=self._measured(found),
            evidence=evidence or [evidence_of(f"uds.{self.ecu}", window)],
        )

    def _unheard(
        self, hearing: Hearing, found: Sequence["_Found"], window: Spans
    ) -> Judgement | None:
        """The judgement if a better reading may have been missed."""
        services = [READS_DATA]
        if self.accept_write or self.after_write:
            services.append(WRITES_DATA)
        for item, each in zip(self.dids, found, strict=True):
            asked = [self._asked(sid, item) for sid in services]
            lost = unheard(hearing, asked, window, each.since_ns)
            if each.share < 1 and lost is not None:
                return lost
        return None

    def _unit(self) -> str:
        return parse_did_format(self.dids[0].format).unit

    def _measured(self, found: Sequence["_Found"]) -> Measured | None:
        if self.score is None:
            return Measured(value=float(sum(each.share >= 1 for each in found)))
        worst = [each.worst for each in found if each.worst is not None]
        if len(worst) < len(found):
            return None
        return Measured(value=round(max(worst), ERROR_DECIMALS), unit=self._unit())

    def _one(self, hearing: Hearing, item: DidItem) -> "_Found":
        reading = self._reading(hearing, item)
        if reading is None:
            names = {"ecu": self.ecu, "did": f"{item.did:04X}"}
            return _Found(
                reason=Sentence(key="did_value.not_read", values=names),
                since_ns=self._written_ns(hearing, item) if self.after_write else 0,
            )
        found = self._compared(hearing, item, *reading)
        hopeless = found.reason.key == "did_value.no_reference"
        since_ns = hearing.clock.stop_ns if hopeless else reading[0].to_ns
        return replace(found, since_ns=since_ns)

    def _compared(
        self, hearing: Hearing, item: DidItem, exchange: Exchange, content: bytes
    ) -> "_Found":
        names: dict[str, object] = {
            "ecu": self.ecu,
            "did": f"{item.did:04X}",
            "hex": content.hex(" ").upper(),
            "moment": moment(exchange.to_ns),
        }
        shown = evidence_at(f"uds.{self.ecu}", exchange.to_ns)
        layout = parse_did_format(item.format)
        if len(content) < layout.size:
            reason = Sentence(key="did_value.short", values=names)
            return _Found(reason=reason, shown=shown)
        values = layout.numbers(content[: layout.size])
        right = []
        for read, reference in zip(values, item.equals, strict=False):
            try:
                right.append(value_of(hearing, reference, reference.field, read))
            except (NothingMeasuredError, NothingSubmittedError):
                reason = Sentence(key="did_value.no_reference", values=names)
                return _Found(reason=reason, shown=shown)
        tolerances = [
            self.tol_lsb * _step_at(layout, value)
            if self.tol_abs is None
            else self.tol_abs
            for value in right
        ]
        off = [abs(read - value) for read, value in zip(values, right, strict=True)]
        met = all(
            each <= tolerance + 1e-9
            for each, tolerance in zip(off, tolerances, strict=True)
        )
        names |= {
            "read": ", ".join(f"{value:.7g}" for value in values),
            "right": ", ".join(f"{value:.7g}" for value in right),
            "tolerance": max(tolerances),
        }
        if self.score is not None:
            return self._scored(self.score, off, names | {"unit": layout.unit}, shown)
        key = "did_value.reason" if met else "did_value.differs"
        reason = Sentence(key=key, values=names)
        return _Found(share=float(met), reason=reason, shown=shown)

    def _scored(
        self,
        score: Scale,
        off: Sequence[float],
        names: Mapping[str, object],
        shown: Evidence,
    ) -> "_Found":
        shares = [score.fraction(round(each, ERROR_DECIMALS)) for each in off]
        values = {**names, "scale": score.sentence(self._unit())}
        return _Found(
            share=sum(shares) / len(shares),
            reason=Sentence(key="did_value.scored", values=values),
            shown=shown,
            worst=max(off),
        )

    def _reading(
        self, hearing: Hearing, item: DidItem
    ) -> tuple[Exchange, bytes] | None:
        """The last exchange that shows the value, with the value's bytes."""
        reads = self._heard(hearing, READS_DATA, item)
        seen = [(e, self._content(e, item.did)) for e in reads]
        if self.after_write:
            last = self._written_ns(hearing, item) or hearing.clock.stop_ns
            seen = [(e, content) for e, content in seen if e.from_ns >= last]
        if self.accept_write:
            writes = self._heard(hearing, WRITES_DATA, item)
            seen += [(e, e.request[3:]) for e in writes]
        known = [(e, content) for e, content in seen if content is not None]
        return max(known, key=lambda pair: pair[0].to_ns, default=None)

    def _written_ns(self, hearing: Hearing, item: DidItem) -> int:
        """When it was last written; 0 if it never was."""
        writes = self._heard(hearing, WRITES_DATA, item)
        return writes[-1].to_ns if writes else 0

    def _heard(self, hearing: Hearing, sid: int, item: DidItem) -> list[Exchange]:
        return asked_in(hearing, self._asked(sid, item), running(hearing.clock))

    def _asked(self, sid: int, item: DidItem) -> UdsPattern:
        return UdsPattern(ecu=self.ecu, sid=sid, did=item.did, result="positive")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What became of one data identifier.

    Attributes:
        reason: That as words.
        share: Share of its points.
        shown: The reading.
        worst: Largest distance of its numbers.
        since_ns: When the reading was asked for; only what came later could have
            decided otherwise.
    """

    reason: Sentence
    share: float = 0.0
    shown: Evidence | None = None
    worst: float | None = None
    since_ns: int = 0


def _step_at(layout: DidFormat, value: float) -> float:
    """One least significant bit at this value."""
    if layout.type == "float32":
        return float(np.spacing(np.float32(abs(value))))
    return layout.step
