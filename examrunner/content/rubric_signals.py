"""Whether the signals, messages and texts of a rubric are those of its rig."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from examrunner.content.documents import Document
from examrunner.content.mistakes import Place, nearest
from examrunner.criteria.expressions import ExpressionError, parse, signals_in
from examrunner.model.errors import ContentError

SIGNAL_KEYS: Final = ("signal", "command", "feedback", "stimulus", "angle", "rate")
ROUTE: Final = "gateway_route"
ROUTE_KEYS: Final = ("source", "target")
EXPRESSION_KEYS: Final = ("expression", "other")
TEXT_KEYS: Final = ("equals", "becomes", "in", "path")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSignal:
    """What a database says about one signal.

    Attributes:
        channel: CAN channel of the rig.
        unit: Empty for a bare number.
        choices: Enumeration texts by raw value.
        step: Engineering value of one raw step.
        cycle_s: Cycle of its message; None for event-driven.
        timeout_s: After how long its message counts as lost; None if unknown.
        hold_s: How long a value stays valid; None: the rubric has to say.
        data_id: Id under the checksum of its message; None if it carries none.
        low: Smallest value that the database allows; None if it names no range.
        high: Largest value; likewise.
        can_id: Identifier of its message.
        extended: Whether that has 29 bits.
        length: Payload bytes of its message.
        fd: Whether that is a CAN FD frame.
        senders: Nodes that send its message.
    """

    channel: str = ""
    unit: str = ""
    choices: Mapping[int, str] = field(default_factory=dict)
    step: float = 1.0
    cycle_s: float | None = None
    timeout_s: float | None = None
    hold_s: float | None = None
    data_id: int | None = None
    low: float | None = None
    high: float | None = None
    can_id: int = 0
    extended: bool = False
    length: int = 8
    fd: bool = False
    senders: tuple[str, ...] = ()

    @property
    def protected(self) -> bool:
        """Whether its message carries a checksum and a counter."""
        return self.data_id is not None


def check_signals(
    criteria: Mapping[Place, Mapping[str, Any]],
    signals: Mapping[str, KnownSignal],
    rig: str,
    document: Document,
) -> None:
    """Refuse names that no database of the rig has.

    Args:
        criteria: Keys of every criterion by its place.
        signals: Signals of the rig by ``Message.Signal``.
        rig: Its name, for the message.
        document: The rubric.

    Raises:
        ContentError: About the first wrong name, text, unit or missing hold time.
    """
    messages = {name.partition(".")[0] for name in signals}
    for place, keys in criteria.items():
        for below, part in _mappings(keys, place):
            for problem in _problems(part, signals, messages, rig):
                raise document.fail(problem.problem, problem.remedy, below)


def held(
    signals: Mapping[str, KnownSignal], holds: Mapping[str, float]
) -> Mapping[str, KnownSignal]:
    """The signals with the hold times that a rubric gives them."""
    return {
        name: replace(known, hold_s=holds.get(name, known.hold_s))
        for name, known in signals.items()
    }


def _mappings(value: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    if isinstance(value, dict):
        yield place, value
        for key, item in value.items():
            yield from _mappings(item, (*place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _mappings(item, (*place, number))


def _problems(
    part: Mapping[str, Any],
    signals: Mapping[str, KnownSignal],
    messages: set[str],
    rig: str,
) -> Iterator[ContentError]:
    for name in _listed(part, "messages", "message"):
        if name not in messages:
            yield _problem(
                f"no database of {rig} has a message {name}.", name, messages
            )
    yield from _expression_problems(part, signals, rig)
    route = ROUTE_KEYS if part.get("kind") == ROUTE else ()
    for key in (*SIGNAL_KEYS, *route):
        named: object = part.get(key)
        if not isinstance(named, str) or named.startswith(("$", "fib.")):
            continue
        if named not in signals:
            problem = f"no database of {rig} has a signal {named}."
            yield _problem(problem, named, signals)
        elif key == "signal":
            yield from _signal_problems(part, named, signals[named])


def _expression_problems(
    part: Mapping[str, Any], signals: Mapping[str, KnownSignal], rig: str
) -> Iterator[ContentError]:
    for text in _listed(part, *EXPRESSION_KEYS):
        if not text or "$" in text:
            continue
        try:
            names = signals_in(parse(text))
        except ExpressionError as error:
            yield ContentError(
                f"the expression '{text}' cannot be worked out: {error}.",
                where="",
                remedy="Write signals as Message.Signal, joined by + - * / abs min "
                "and max.",
            )
            return
        for name in names:
            if name not in signals and not name.startswith("fib."):
                problem = f"no database of {rig} has a signal {name}."
                yield _problem(problem, name, signals)


def _signal_problems(
    part: Mapping[str, Any], name: str, known: KnownSignal
) -> Iterator[ContentError]:
    for text in _listed(part, *TEXT_KEYS):
        if text not in known.choices.values():
            problem = f"{name} has no value '{text}'."
            yield _problem(problem, text, known.choices.values())
    unit = part.get("unit")
    if isinstance(unit, str) and unit and unit != known.unit:
        yield _problem(
            f"{name} has the unit '{known.unit}', not '{unit}'.", unit, [known.unit]
        )
    has_own = "hold_s" in part or "max_age_s" in part
    if known.hold_s is None and not has_own:
        yield ContentError(
            f"nothing says how long a value of {name} stays valid.",
            where="",
            remedy="Name its seconds under 'holds' at the top of the rubric.",
        )


def _listed(part: Mapping[str, Any], *keys: str) -> Iterator[str]:
    """Texts at some keys, single or listed; secrets are left out."""
    for key in keys:
        value = part.get(key)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and not item.startswith("$"):
                yield item


def _problem(problem: str, name: str, valid: Any) -> ContentError:
    return ContentError(problem, where="", remedy=nearest(name, valid))
