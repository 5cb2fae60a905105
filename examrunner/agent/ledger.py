"""Time that was given back, to the second: why, how long, by whom. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from examrunner.agent.pause_causes import PauseCause
from examrunner.model.digests import canonical_json, digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A span in which the clock stood still.

    Attributes:
        cause: Why.
        note: What the list of causes does not say.
        by: Who stopped the clock; empty if the rig's script did.
        from_ns: Recording time.
        to_ns: Recording time; None while it lasts.
        ended_by: Who let it go on; empty while it lasts, or if a stop ended it.
    """

    cause: PauseCause
    from_ns: int
    note: str = ""
    by: str = ""
    to_ns: int | None = None
    ended_by: str = ""

    def length_ns(self, now_ns: int) -> int:
        """How long it lasts, or has lasted so far."""
        return (now_ns if self.to_ns is None else self.to_ns) - self.from_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Time that is added to the limit, without a pause.

    Attributes:
        cause: Why.
        note: What the list of causes does not say.
        by: Who gave it.
        at_ns: Recording time.
        length_ns: How much.
    """

    cause: PauseCause
    by: str
    at_ns: int
    length_ns: int
    note: str = ""


def paused_ns(pauses: Iterable[Pause], now_ns: int) -> int:
    """How long the clock stood still."""
    return sum(pause.length_ns(now_ns) for pause in pauses)


def credited_ns(credits_: Iterable[Credit]) -> int:
    """How much was added to the limit."""
    return sum(credit.length_ns for credit in credits_)


def ledger_digest(pauses: Iterable[Pause], credits_: Iterable[Credit]) -> str:
    """What candidate and examiner sign: SHA-256 over the whole ledger."""
    lines = {
        "pauses": [asdict(pause) for pause in pauses],
        "credits": [asdict(credit) for credit in credits_],
    }
    return digest_of(canonical_json(lines))
